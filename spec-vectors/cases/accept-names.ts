/** Accepted files about `asset_name`: its length in bytes, and that no character is changed. */
import { utf8 } from '../compose.ts';
import type { AcceptCase } from '../vector.ts';
import { lay } from './accept-lay.ts';

const lengths: readonly AcceptCase[] = [
  lay({
    name: 'name-1-byte',
    title: 'The shortest names, one byte each: a letter, a space, the last character of ASCII that a name may hold',
    clauses: ['T1'],
    flags: ['boundary', 'unicode'],
    assets: [
      { id: 1, asset_name: '"a"' },
      { id: 2, asset_name: '" "' },
      { id: 3, asset_name: '"~"' },
    ],
  }),
  lay({
    name: 'name-4096-bytes-ascii',
    title: 'The longest name in ASCII: 4,096 letters',
    clauses: ['T1'],
    flags: ['boundary'],
    assets: [{ id: 1, asset_name: `"${'n'.repeat(4096)}"`, bytes: utf8('long') }],
  }),
  lay({
    name: 'name-4096-bytes-of-2',
    title: 'The longest name in characters of two bytes: 2,048 of them',
    clauses: ['T1'],
    flags: ['boundary', 'unicode'],
    assets: [{ id: 1, asset_name: `"${'\u00e9'.repeat(2048)}"`, bytes: utf8('long') }],
  }),
  lay({
    name: 'name-4096-bytes-of-3',
    title: 'The longest name in characters of three bytes: 1,365 of them, and one letter',
    clauses: ['T1'],
    flags: ['boundary', 'unicode'],
    assets: [{ id: 1, asset_name: `"${'\u3042'.repeat(1365)}x"`, bytes: utf8('long') }],
  }),
  lay({
    name: 'name-4096-bytes-of-4',
    title: 'The longest name in characters of four bytes: 1,024 of them, 2,048 UTF-16 code units',
    clauses: ['T1'],
    flags: ['boundary', 'unicode'],
    assets: [{ id: 1, asset_name: `"${'\u{1f3ae}'.repeat(1024)}"`, bytes: utf8('long') }],
  }),
  lay({
    name: 'name-4096-bytes-escaped',
    title: 'The longest name of quotes: 4,096 bytes of name are 8,192 in the text',
    clauses: ['T1', 'H3'],
    flags: ['boundary', 'unicode'],
    assets: [{ id: 1, asset_name: `"${'\\"'.repeat(4096)}"`, bytes: utf8('long') }],
  }),
];

const characters: readonly AcceptCase[] = [
  lay({
    name: 'name-emoji',
    title: 'Emoji: a surrogate pair, joined ones, a skin tone, a flag, a keycap',
    clauses: ['T1', 'H3'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"\u{1f600}"' },
      { id: 2, asset_name: '"\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}"' },
      { id: 3, asset_name: '"\u{1f44b}\u{1f3fd}"' },
      { id: 4, asset_name: '"\u{1f1e7}\u{1f1f7} 1\ufe0f\u20e3"' },
    ],
  }),
  lay({
    name: 'name-right-to-left',
    title: 'Hebrew and Arabic, with digits and with marks of direction',
    clauses: ['T1', 'H3'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"\u05e9\u05dc\u05d5\u05dd 1"' },
      { id: 2, asset_name: '"\u0645\u0631\u062d\u0628\u0627 (x)"' },
      { id: 3, asset_name: '"\u200fa\u202eb\u202c\u2067c\u2069"' },
    ],
  }),
  lay({
    name: 'name-composed-and-decomposed',
    title: 'One letter composed (U+00E9) and decomposed (U+0065 U+0301): two names, neither is normalized',
    clauses: ['T1'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"caf\u00e9"' },
      { id: 2, asset_name: '"cafe\u0301"' },
    ],
  }),
  lay({
    name: 'name-not-normalized',
    title: 'Names that every normalization form would change: a singleton, Hangul, a ligature, marks out of order',
    clauses: ['T1'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"\u212b"' },
      { id: 2, asset_name: '"\u1112\u1161\u11ab"' },
      { id: 3, asset_name: '"\ufb01"' },
      { id: 4, asset_name: '"a\u0301\u0323"' },
      { id: 5, asset_name: '"a\u0323\u0301"' },
    ],
  }),
  lay({
    name: 'name-quotes-and-backslashes',
    title: 'Quotes and backslashes are escaped, slashes and apostrophes are not',
    clauses: ['T1', 'H3'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"\\""' },
      { id: 2, asset_name: '"\\\\"' },
      { id: 3, asset_name: '"/"' },
      { id: 4, asset_name: '"a \\"b\\" \\\\ \'c\' / d"' },
      { id: 5, asset_name: '"\\\\u0041\\\\n"' },
    ],
  }),
  lay({
    name: 'name-like-a-path',
    title: 'A name is a label: path segments, drive letters and wild cards mean nothing',
    clauses: ['T1'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"../../etc/passwd"' },
      { id: 2, asset_name: '"C:\\\\CON"' },
      { id: 3, asset_name: '"."' },
      { id: 4, asset_name: '"*?<>|%00"' },
    ],
  }),
  lay({
    name: 'name-spaces',
    title: 'Spaces are kept: around a name, U+00A0 (the first character after the controls), U+3000, none of width',
    clauses: ['T1'],
    flags: ['boundary', 'unicode'],
    assets: [
      { id: 1, asset_name: '"  a  "' },
      { id: 2, asset_name: '"\u00a0"' },
      { id: 3, asset_name: '"\u3000\u200b\u2060"' },
    ],
  }),
  lay({
    name: 'name-line-separators',
    title: 'U+2028 and U+2029 are no control characters and stand as they are',
    clauses: ['T1', 'H3'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"a\u2028b"' },
      { id: 2, asset_name: '"a\u2029b"' },
    ],
  }),
  lay({
    name: 'name-byte-order-mark',
    title: 'U+FEFF at the start of a name is a character of it',
    clauses: ['T1'],
    flags: ['unicode'],
    assets: [
      { id: 1, asset_name: '"\ufeffa"' },
      { id: 2, asset_name: '"\ufeff"' },
    ],
  }),
  lay({
    name: 'name-edges-of-utf8',
    title: 'The first and last code points of each length in UTF-8, around the surrogates, noncharacters, U+FFFD',
    clauses: ['T1', 'H3'],
    flags: ['boundary', 'unicode'],
    assets: [
      { id: 1, asset_name: '"\u0020\u007e"' },
      { id: 2, asset_name: '"\u00a0\u07ff"' },
      { id: 3, asset_name: '"\u0800\ud7ff\ue000\uffff"' },
      { id: 4, asset_name: '"\u{10000}\u{10ffff}"' },
      { id: 5, asset_name: '"\ufffd\ufffe\ufdd0\u{1fffe}"' },
    ],
  }),
  lay({
    name: 'names-equal',
    title: 'Two assets of one name: worth a warning to the writer, nothing to a reader',
    clauses: ['T1'],
    flags: ['duplicate'],
    assets: [
      { id: 1, asset_name: '"door"', bytes: utf8('open') },
      { id: 2, asset_name: '"door"', bytes: utf8('shut'), offset: '4' },
    ],
  }),
  lay({
    name: 'names-not-in-order',
    title: 'The table is in order of ids, whatever the names are; case makes two names',
    clauses: ['T2'],
    flags: ['order'],
    assets: [
      { id: 1, asset_name: '"z"' },
      { id: 2, asset_name: '"A"' },
      { id: 3, asset_name: '"a"' },
      { id: 20, asset_name: '"M"' },
    ],
  }),
];

export const cases: readonly AcceptCase[] = [...lengths, ...characters];
