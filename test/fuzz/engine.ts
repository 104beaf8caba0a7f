/** The loop: mutate, run, keep what reaches something new. */
import type { Coverage } from './coverage.ts';
import type { Subject } from './load.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/** An input on which an oracle said no. */
export interface Found {
  readonly input: Uint8Array;
  readonly message: string;
}

/** When a run ends, and what it starts from. */
export interface RunOptions {
  readonly seed: number;
  readonly executions: number;
  readonly milliseconds: number;
  /** Inputs to begin with. */
  readonly inputs: readonly Uint8Array[];
}

/** What a run did. */
export interface RunRecord {
  readonly executions: number;
  readonly seconds: number;
  /** Time of the processor, which a machine with others on it gives only in part. */
  readonly cpuSeconds: number;
  /** Counters that were reached. */
  readonly blocks: number;
  /** Inputs that reached something new. */
  readonly corpus: readonly Uint8Array[];
  /** One for each message, the shortest input. */
  readonly findings: readonly Found[];
}

/** Every so many executions the oracles that take their time are asked. */
const THOROUGH_EVERY = 1_024;
/** Changes made to one input at most. */
const CHANGES_MAX = 6;
/** Different findings after which a run ends. */
const FINDINGS_MAX = 100;
/** Inputs that were added lately. */
const LATEST = 64;
/** Executions between two looks at the clock. */
const CLOCK_EVERY = 256;

/** Fuzzes one target. */
export class Engine {
  readonly #target: Target;
  readonly #subject: Subject;
  readonly #coverage: Coverage;
  readonly #onInput: (input: Uint8Array) => void;
  readonly #corpus: Uint8Array[] = [];
  readonly #findings = new Map<string, Found>();
  #executions = 0;

  /** @param onInput Called before each execution. */
  constructor(target: Target, subject: Subject, coverage: Coverage, onInput: (input: Uint8Array) => void) {
    this.#target = target;
    this.#subject = subject;
    this.#coverage = coverage;
    this.#onInput = onInput;
  }

  async run({ seed, executions, milliseconds, inputs }: RunOptions): Promise<RunRecord> {
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    const random = new Random(seed);
    // The readers throw to say that a text is no JSON: traces would take a third of the time.
    Error.stackTraceLimit = 0;
    for (const input of inputs) await this.#execute(input, true);
    while (this.#executions < executions && this.#findings.size < FINDINGS_MAX) {
      if (this.#executions % CLOCK_EVERY === 0 && performance.now() - started > milliseconds) break;
      await this.#execute(this.#mutant(random), this.#executions % THOROUGH_EVERY === 0);
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      executions: this.#executions,
      seconds: (performance.now() - started) / 1_000,
      cpuSeconds: (user + system) / 1_000_000,
      blocks: this.#coverage.reached,
      corpus: this.#corpus,
      findings: [...this.#findings.values()],
    };
  }

  #mutant(random: Random): Uint8Array {
    const { lengthMax } = this.#target;
    let input = this.#pick(random);
    do {
      const mutant = this.#target.mutate(random, input, this.#pick(random));
      if (mutant.length <= lengthMax) input = mutant;
    } while (!random.oneIn(3) && random.int(CHANGES_MAX) > 0);
    return input;
  }

  /** What was added lately comes up more often, and what is short, which costs less. */
  #pick(random: Random): Uint8Array {
    const { length } = this.#corpus;
    const latest = random.oneIn(3) ? Math.min(length, LATEST) : length;
    const [one, other] = [this.#corpus[length - 1 - random.int(latest)], this.#corpus[length - 1 - random.int(latest)]];
    if (one === undefined || other === undefined) return new Uint8Array();
    return one.length < other.length ? one : other;
  }

  async #execute(input: Uint8Array, isThorough: boolean): Promise<void> {
    this.#executions += 1;
    this.#onInput(input);
    this.#coverage.clear();
    try {
      const running = this.#target.run(this.#subject, input, isThorough);
      if (running !== undefined) await running;
    } catch (error) {
      this.#note(input, describe(error));
    }
    if (!this.#coverage.hasNew() && this.#corpus.length > 0) return;
    this.#corpus.push(input);
    if (!isThorough) await this.#execute(input, true);
  }

  #note(input: Uint8Array, message: string): void {
    // Numbers, names and places differ from input to input.
    const kind = message.replaceAll(/\d+/g, '#').slice(0, 80);
    const before = this.#findings.get(kind);
    if (before === undefined || input.length < before.input.length) this.#findings.set(kind, { input, message });
  }
}

/** An error as one line; what is no finding comes with the place where it was thrown. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  if (error.name === 'Finding') return error.message;
  const place = /^\s+at (.*)$/m.exec(error.stack ?? '')?.[1]?.replaceAll(/file:\/\/\S*\//g, '') ?? '';
  return `${error.name}: ${error.message} (${place})`;
}
