/** The options of the programs that read the history. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { type BenchRecord, chooseMachine, HISTORY, recordsOf } from './history.ts';

/** A machine's records, and where to put what is made of them. */
export interface Recorded {
  readonly machine: string;
  readonly records: readonly BenchRecord[];
  readonly out: string;
}

/** Reads the command line `[--history DIR] [--machine NAME] [--out DIR]`, and the history that it names. Ends the process when there is none. */
export function readRecorded(): Recorded {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

function read(): Recorded {
  const { values } = parseArgs({
    options: {
      history: { type: 'string', default: HISTORY },
      machine: { type: 'string' },
      out: { type: 'string', default: join(import.meta.dirname, '../../docs/images') },
    },
  });
  const folder = resolve(values.history);
  const machine = chooseMachine(folder, values.machine);
  return { machine, records: recordsOf(folder, machine).filter(isCurrent), out: resolve(values.out) };
}

/** Whether a case still has the peer that it was measured beside. */
function isCurrent(record: BenchRecord): boolean {
  const rivals = CASES.find(({ name }) => name === record.case)?.rivals;
  return record.kind !== 'pair' || rivals === undefined || rivals.some(({ peer }) => peer === record.peer);
}
