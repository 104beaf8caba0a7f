/** What the fuzzer has found, as small as it can be: each input stays here, also when what it showed is right. */
import { utf8 } from './mutate-bytes.ts';

/** An input on which an oracle said no. */
export interface KeptFinding {
  readonly target: string;
  readonly what: string;
  readonly input: Uint8Array;
}

/** An artifact with this header, and a region of zeros. */
function artifact(header: string, regionSize = 0): Uint8Array {
  const headerLen = Buffer.byteLength(header);
  const bytes = Buffer.alloc(32 + headerLen + regionSize);
  bytes.write('ASPA');
  bytes.writeUInt32LE(1, 4);
  bytes.writeUInt32LE(headerLen, 8);
  bytes.writeUInt32LE(32 + headerLen, 12);
  bytes.write(header, 32);
  return bytes;
}

const NESTED = `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`;
const text = (value: string) => Buffer.from(utf8(value), 'latin1');

/** The findings. */
export const findings: readonly KeptFinding[] = [
  {
    target: 'artifact',
    what: 'white space before the header belonged to no segment',
    input: artifact(' {"asset_table":[],"preload":[]}'),
  },
  {
    target: 'artifact',
    what: 'a header of white space had no segment',
    input: artifact(' '.repeat(31)),
  },
  {
    target: 'artifact',
    what: 'a height that is no text had no number of pixels',
    input: artifact(
      '{"asset_table":[{"asset_id":1,"asset_name":"a","bank_type":"GLYPH","codec":"NONE","decoded_size":2112,"metadata":{"height":"\\ud800"},"offset":0,"size":2080}],"preload":[]}',
      2_080,
    ),
  },
  {
    target: 'plan',
    what: 'a fault below a member name with a line break could not be placed',
    input: text(
      `{"schema_version":1,"assets":[{"asset_id":1,"asset_name":"a","bank_type":"SCENE","inline":"","metadata":{"\\n":${NESTED}}}]}`,
    ),
  },
  {
    target: 'answer',
    what: 'a class that is no integer ended the run, beside accept',
    input: text('{"verdict":"accept","class":0.5}'),
  },
  {
    target: 'manifest',
    what: 'classes that are no list ended the run',
    input: text(
      '{"manifest_version":1,"vectors":[{"id":"a","file":"a","clauses":[],"runtime":{"verdict":"reject","classes":4},"strict":{"verdict":"reject"}}]}',
    ),
  },
  {
    target: 'names',
    what: 'a label below another one was looked for without end',
    input: text('x\nx/y'),
  },
  {
    target: 'names',
    what: 'a long name was cut behind a space',
    input: text(`${'x'.repeat(199)} y`),
  },
];
