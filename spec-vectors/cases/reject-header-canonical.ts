/** Headers that say the right thing in another spelling than the canonical one (H7). */
import { entry } from '../compose.ts';
import type { Flag, RejectCase } from '../vector.ts';
import { bare, EMPTY, marked, objectText, oneEntry, reject, withMetadata, withPayload } from './reject-header-parts.ts';

/** What, title, and the header with a mark at the first byte that differs from the canonical form. */
type Row = readonly [what: string, title: string, header: string];

const ENTRY = entry();

function spelled(
  clause: string,
  flags: readonly Flag[],
  rows: readonly Row[],
  file: (header: Uint8Array) => Uint8Array = withPayload,
): RejectCase[] {
  return rows.map(([what, title, text]) => {
    const { header, offset } = marked(text);
    const clauses = ['H7', clause];
    return reject({
      code: 'HEADER_NOT_CANONICAL',
      what,
      title,
      clauses,
      flags,
      bytes: file(header),
      where: { offset },
      runtime: 'unspecified',
    });
  });
}

const whiteSpace: readonly Row[] = [
  ['leading-space', 'A space before the header', `§ ${EMPTY}`],
  ['trailing-newline', 'A newline after the header', `${EMPTY}§\n`],
  ['trailing-crlf', 'CR and LF after the header', `${EMPTY}§\r\n`],
  ['trailing-space', 'A space fills the header up to 32 bytes', `${EMPTY}§ `],
  ['space-after-colon', 'A space after a colon', EMPTY.replace(':', ':§ ')],
  ['space-before-colon', 'A space before a colon', EMPTY.replace(':', '§ :')],
  ['space-after-comma', 'A space after a comma', EMPTY.replace(',', ',§ ')],
  ['space-in-an-empty-array', 'A space in an empty array', EMPTY.replace('[', '[§ ')],
  ['tab-after-colon', 'A tab after a colon', EMPTY.replace(':', ':§\t')],
  ['crlf-after-comma', 'CR and LF after a comma', EMPTY.replace(',', ',§\r\n')],
  ['indented', 'The header on lines of its own, indented', '{§\n  "asset_table": [],\n  "preload": []\n}'],
];

const rootOrder: readonly Row[] = [['root-order', 'preload before asset_table', '{"§preload":[],"asset_table":[]}']];

const inEntry: readonly Row[] = [
  [
    'entry-order-last-two',
    'size before offset',
    oneEntry(ENTRY.replace('"offset":0,"size":4', '"§size":4,"offset":0')),
  ],
  [
    'entry-order-as-described',
    'The members of an entry in the order in which the format lists them',
    oneEntry(
      objectText([
        ['asset_id', '1'],
        ['asset_name', '"a"'],
        ['bank_type', '"SOUNDS"'],
        ['codec', '"NONE"'],
        ['§offset', '0'],
        ['size', '4'],
        ['decoded_size', '4'],
        ['metadata', '{}'],
      ]),
    ),
  ],
  ['preload-entry-order', 'slot before asset_id', oneEntry(ENTRY, '{"§slot":0,"asset_id":1}')],
];

const nameOrder: readonly Row[] = (
  [
    ['metadata-order', 'Members of metadata in the order of a plan', '{"§b":1,"a":2}'],
    ['metadata-order-nested', 'Members out of order two levels below metadata', '{"a":[{"§c":1,"b":2}]}'],
    ['metadata-codec-last', 'The codec configuration behind the other members', '{"§loop":1,"codec":{}}'],
    [
      'metadata-code-point-order',
      'U+E000 before U+10000: the order of code points and of bytes, not of UTF-16',
      '{"§\ue000":1,"\u{10000}":2}',
    ],
    [
      'metadata-code-point-order-ffff',
      'U+FF5E before U+1F600, behind a common beginning',
      '{"a§\uff5e":1,"a\u{1f600}":2}',
    ],
    ['metadata-numeric-order', '2 before 10: names are text', '{"§2":0,"10":0}'],
    ['metadata-caseless-order', 'a before B: capitals come first', '{"§a":0,"B":0}'],
    ['metadata-length-order', 'b before aa: length does not count', '{"§b":0,"aa":0}'],
    ['metadata-locale-order', 'e acute before z, as a locale has it', '{"§\u00e9":0,"z":0}'],
    ['metadata-longer-first', 'ab before a: what begins a name comes before it', '{"a§b":0,"a":0}'],
    ['metadata-empty-name-last', 'The empty name behind another', '{"§a":0,"":0}'],
    [
      'metadata-escaped-order',
      'A name that begins with a newline, sorted as its escape is written',
      '{"§A":0,"\\n":0}',
    ],
  ] as const
).map(([what, title, metadata]) => [what, title, withMetadata(metadata)]);

const escapes: readonly Row[] = [
  ['escaped-solidus', 'A solidus is escaped', oneEntry(entry({ asset_name: '"a§\\/b"' }))],
  ['escaped-letter', 'A letter is escaped', oneEntry(entry({ asset_name: '"§\\u0041"' }))],
  [
    'escaped-letter-in-bank-type',
    'A letter of a bank type is escaped',
    oneEntry(entry({ bank_type: '"§\\u0053OUNDS"' })),
  ],
  ['escaped-e-acute', 'e acute is escaped', oneEntry(entry({ asset_name: '"caf§\\u00e9"' }))],
  ['escaped-pair', 'U+1F600 as two escapes', oneEntry(entry({ asset_name: '"§\\ud83d\\ude00"' }))],
  ['escaped-u-2028', 'U+2028 is escaped, as script wants it', oneEntry(entry({ asset_name: '"a§\\u2028b"' }))],
  [
    'escaped-less-than',
    'A less-than sign is escaped, as HTML wants it',
    oneEntry(entry({ asset_name: '"a§\\u003cb"' })),
  ],
  ['escaped-delete', 'U+007F is escaped', withMetadata('{"a":"§\\u007f"}')],
  ['escaped-u-0080', 'U+0080 is escaped', withMetadata('{"a":"§\\u0080"}')],
  ['capital-hex', 'A control character in capital hex digits', withMetadata('{"a":"\\u001§F"}')],
  ['newline-by-number', 'A newline as \\u000a instead of \\n', withMetadata('{"a":"\\§u000a"}')],
  ['backspace-by-number', 'A backspace as \\u0008 instead of \\b', withMetadata('{"a":"\\§u0008"}')],
  ['quote-by-number', 'A quotation mark as \\u0022', withMetadata('{"a":"\\§u0022"}')],
  ['backslash-by-number', 'A backslash as \\u005c', withMetadata('{"a":"\\§u005c"}')],
  [
    'escaped-entry-member',
    'A letter in the name of a member of an entry is escaped',
    oneEntry(ENTRY.replace('"size"', '"§\\u0073ize"')),
  ],
  [
    'escaped-metadata-member',
    'A letter in the name of a member of metadata is escaped',
    withMetadata('{"§\\u0061":1}'),
  ],
];

export const cases: readonly RejectCase[] = [
  ...spelled('H2', [], whiteSpace, bare),
  ...spelled('H2', ['order'], rootOrder, bare),
  ...spelled('H2', ['order'], inEntry),
  ...spelled('H3', ['order', 'unicode'], nameOrder),
  ...spelled('H3', ['unicode'], escapes),
];
