/** Names of extracted files, made from any labels: relative, inside the folder, each its own. A label a line. */
import type { Subject } from './load.ts';
import { fromLatin1, mutateBytes, toLatin1, utf8 } from './mutate-bytes.ts';
import { need, type Target } from './target.ts';

const LENGTH_MAX = 4_096;

const LABELS = [
  'levels/map.bin',
  'levels',
  'levels/map.bin/x',
  'a\nA\na',
  '\u00e9\ne\u0301\n\u00c9',
  '../../etc/passwd\n/etc/passwd\nC:\\x\n..\n.\n',
  'con\nCON.txt\naux.\nnul \nLPT1.bin\nnul .x\nCONIN$\n_con',
  'a//b\na/\n/a\n/\n',
  'x'.repeat(300),
  `${'y/'.repeat(600)}z`,
  `${'\u{1f600}'.repeat(80)}.png`,
  'asset-1\nasset-2\nasset\nasset~1',
  'a~1\na\na',
  '.hidden\n..x\n...\n\u202e\u0085',
  'stra\u00dfe\nSTRASSE\n\u0130\ni\u0307\n\u212a\nk',
];
const TOKENS = [
  ...[
    '/',
    '\\',
    '.',
    '..',
    '../',
    '~',
    '~1',
    '\n',
    ' ',
    ':',
    '*',
    '?',
    '"',
    '<',
    '>',
    '|',
    '\0',
    '\x7f',
    'con',
    'NUL',
    'COM1',
    '\u00b2',
    'CONOUT$',
    '.txt',
  ],
  ...[
    '\u00e9',
    'e\u0301',
    '\u212b',
    '\u00c5',
    '\u{1f600}',
    '\u200b',
    '\ufeff',
    '\uff0f',
    '\u2024',
    '\ufb01',
    '\u01c5',
    '\u0345',
    'x'.repeat(199),
    '\u00e9'.repeat(100),
  ],
].map(utf8);

/** The target. */
export function namesTarget(): Target {
  return {
    name: 'names',
    lengthMax: LENGTH_MAX,
    seeds: () => LABELS.map((label) => Buffer.from(label)),
    mutate(random, input, other) {
      return fromLatin1(mutateBytes(random, toLatin1(input), { tokens: TOKENS, other: toLatin1(other) }));
    },
    run: judgeNames,
  };
}

const PATH_MAX = 1_024;
const NAME_MAX = 255;
/** What some operating system cannot have in a name, or a terminal should not be shown. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come through
const FORBIDDEN = /[<>:"\\|?*\u0000-\u001f\u007f-\u009f]/;
const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]|con(?:in|out)\$) *(?:\.|$)/i;

function judgeNames(subject: Subject, input: Uint8Array): void {
  const paths = new subject.SafePaths();
  const files = new Set<string>();
  const folders = new Set<string>();
  const labels = labelsOf(input);
  for (const [id, label] of labels.entries()) {
    const path = paths.take(label, id);
    const shown = () => `${JSON.stringify(label)} becomes ${JSON.stringify(path)}`;
    need(path.isWellFormed() && !FORBIDDEN.test(path) && !path.startsWith('/'), () => `an unsafe path: ${shown()}`);
    need(Buffer.byteLength(path) <= PATH_MAX + 32, () => `a long path: ${shown()}`);
    for (const name of path.split('/')) {
      need(
        name !== '' && !name.startsWith('.') && !/[. ]$/.test(name) && !RESERVED.test(name),
        () => `an unsafe name: ${shown()}`,
      );
      need(Buffer.byteLength(name) <= NAME_MAX, () => `a long name: ${shown()}`);
    }
    const folded = path.normalize('NFC').toLowerCase().normalize('NFC');
    const above = folded
      .split('/')
      .slice(0, -1)
      .map((_, i, names) => names.slice(0, i + 1).join('/'));
    need(
      !files.has(folded) && !folders.has(folded) && !above.some((each) => files.has(each)),
      () => `a path that is taken: ${shown()}`,
    );
    files.add(folded);
    for (const each of above) folders.add(each);
  }
}

/** Labels in UTF-8, where bytes that are none become lone surrogates: a label may hold them. */
function labelsOf(input: Uint8Array): string[] {
  return Buffer.from(input).toString().replaceAll('\ufffd', '\ud800').split('\n');
}
