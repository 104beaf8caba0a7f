/** The canonical form alone (H2-H6), in the manner of the RFC 8785 test data. */
import { utf8 } from '../compose.ts';
import { type AcceptedText, accepted } from './canonical-json-accept.ts';
import { type RejectedText, rejected } from './canonical-json-reject.ts';

/** Version of the index's own format. */
const INDEX_VERSION = 1;

/** Files below `canonical-json/`, by path. */
export function canonicalJsonFiles(): Map<string, string | Uint8Array> {
  const all = new Map<string, string | Uint8Array>();
  const put = (path: string, content: string | Uint8Array): string => {
    if (all.has(path)) throw new Error(`two cases are called ${path}`);
    all.set(path, content);
    return path;
  };
  const cases = [
    ...accepted.map((each) => acceptedFiles(each, put)),
    ...rejected.map((each) => rejectedFiles(each, put)),
  ];
  const index = { index_version: INDEX_VERSION, license: 'CC0-1.0', cases };
  put('index.json', `${JSON.stringify(index, null, 2)}\n`);
  return all;
}

type Put = (path: string, content: string | Uint8Array) => string;

function acceptedFiles({ name, title, clauses, input, output }: AcceptedText, put: Put): object {
  const files = {
    input: put(`input/${name}.json`, input),
    output: put(`output/${name}.json`, output),
    outhex: put(`outhex/${name}.txt`, hexText(utf8(output))),
  };
  return { name, title, clauses, verdict: 'accept', files };
}

function rejectedFiles({ name, title, clauses, code, input }: RejectedText, put: Put): object {
  const files = { input: put(`input/reject-${name}.json`, input) };
  return { name: `reject-${name}`, title, clauses, verdict: 'reject', code, files };
}

const BYTES_A_LINE = 32;

/** Bytes in lower-case hex, a space between two, 32 a line. */
function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const [i, byte] of bytes.entries()) {
    const isLast = i === bytes.length - 1 || i % BYTES_A_LINE === BYTES_A_LINE - 1;
    text += byte.toString(16).padStart(2, '0') + (isLast ? '\n' : ' ');
  }
  return text;
}
