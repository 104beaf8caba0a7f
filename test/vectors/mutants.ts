/** The mistakes that implementers of a reader make, each as a change of the Python reader's text. */

/** A reader with one rule broken. */
export interface Mutant {
  /** What it does wrong. */
  readonly name: string;
  /** The rule that is broken: a vector that catches the mutant shows one of these clauses. */
  readonly clauses: readonly string[];
  /** Text that stands in the reader exactly once. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
}

type Row = readonly [name: string, clauses: string, replace: string];

/** Mutants that change the same text. */
function change(find: string, rows: readonly Row[]): Mutant[] {
  return rows.map(([name, clauses, replace]) => ({ name, clauses: clauses.split(' '), find, replace }));
}

/** Python that refuses more levels within metadata, which is the fourth container itself. */
function stopAt(levels: number): string {
  const elements = 'value.values() if type(value) is dict else value';
  return [
    `depth = lambda value: 1 + max(map(depth, ${elements}), default=0) if type(value) in (dict, list) else 0`,
    `require(depth(header) <= 4 + ${levels}, 'HEADER', '')`,
  ].join('\n        ');
}

/** Python that looks for lone surrogates only in what it makes of objects and of values that are no containers. */
function surrogatesIn(ofObject: string, ofOther: string): string {
  return [
    `part = lambda value: ${ofObject} if type(value) is dict else [*map(part, value)] if type(value) is list else ${ofOther}`,
    "json.dumps(part(header), ensure_ascii=False).encode('utf-8')",
  ].join('\n        ');
}

const EACH_RULE = 'for name, is_right in rules.items():';

/** Python that fills in a member that an entry does not have. */
function fill(rules: 'ENTRY_MEMBERS' | 'PRELOAD_MEMBERS', member: string, value: string): string {
  return `if rules is ${rules}:\n        entry.setdefault('${member}', ${value})\n    ${EACH_RULE}`;
}

/** Python that wraps a member of preload entries, as a cast does. */
function wrap(member: string, bits: number): string {
  const cast = `(entry['${member}'] + 2**${bits - 1}) % 2**${bits} - 2**${bits - 1}`;
  const isInteger = `type(entry.get('${member}')) is int`;
  return `if rules is PRELOAD_MEMBERS and ${isInteger}:\n        entry['${member}'] = ${cast}\n    ${EACH_RULE}`;
}

const prelude: readonly Mutant[] = [
  ...change('prelude = file.read(PRELUDE_SIZE)', [
    ['fills a short prelude with zeros', 'E1 E2', "prelude = file.read(PRELUDE_SIZE).ljust(PRELUDE_SIZE, b'\\0')"],
  ]),
  ...change("require(len(prelude) == PRELUDE_SIZE, 'TRUNCATED',", [
    [
      'looks at the magic before the length',
      'E1 E2',
      "require(prelude[:4] == b'ASPA', 'MAGIC', '')\n    require(len(prelude) == PRELUDE_SIZE, 'TRUNCATED',",
    ],
  ]),
  ...change("require(magic == b'ASPA',", [
    ['ignores the magic', 'E1', 'require(True,'],
    ['ignores the last byte of the magic', 'E1', "require(magic[:3] == b'ASP',"],
    ['compares the magic without regard to case', 'E1', "require(magic.upper() == b'ASPA',"],
    ['compares the magic as a big-endian number', 'E1', "require(magic in (b'ASPA', b'APSA'),"],
  ]),
  ...change('require(schema_version == 1,', [
    ['ignores the version', 'E1 V2', 'require(True,'],
    ['accepts later versions', 'E1 V2', 'require(schema_version >= 1,'],
    ['accepts version 0', 'E1 V2', 'require(schema_version <= 1,'],
    ['reads only 16 bits of the version', 'E1 V2', 'require(schema_version & 0xFFFF == 1,'],
  ]),
  ...change("struct.Struct('<4sIIQIII')", [
    ['reads the prelude as big-endian', 'E1', "struct.Struct('>4sIIQIII')"],
    ['reads header_len as signed', 'E1 E7', "struct.Struct('<4sIiQIII')"],
  ]),
  ...change('payload_offset, *_ = PRELUDE.unpack(prelude)', [
    [
      'reads payload_offset as big-endian',
      'E1 E5',
      "payload_offset, *_ = PRELUDE.unpack(prelude)\n    (payload_offset,) = struct.unpack('>Q', prelude[12:20])",
    ],
    [
      'reads only the low 32 bits of payload_offset',
      'E1 E5',
      'payload_offset, *_ = PRELUDE.unpack(prelude)\n    payload_offset &= 0xFFFFFFFF',
    ],
  ]),
  ...change('header_end = PRELUDE_SIZE + header_len', [
    ['reads only the low 16 bits of header_len', 'E1 E7', 'header_end = PRELUDE_SIZE + (header_len & 0xFFFF)'],
    ['counts the prelude into header_len', 'E1 E5 E7', 'header_end = header_len'],
  ]),
  ...change("struct.Struct('<4sIIQIII')\nPRELUDE_SIZE = 32", [
    [
      'lays out the prelude as a C compiler would, payload_offset at 16',
      'E1 E2',
      "struct.Struct('@4sIIQIII')\nPRELUDE_SIZE = 36",
    ],
  ]),
  ...change('require(header_end <= file_size,', [
    ['wants a byte after the header', 'E5 E6 E7', 'require(header_end < file_size,'],
  ]),
  ...change('require(payload_offset >= header_end,', [
    ['takes a payload_offset anywhere before the end of the header', 'E5', 'require(True,'],
    ['takes a payload_offset one byte before the end of the header', 'E5', 'require(payload_offset >= header_end - 1,'],
    ['wants the payload region right after the header', 'E5 T5 T6', 'require(payload_offset == header_end,'],
  ]),
  ...change('require(payload_offset <= file_size,', [
    ['takes a payload_offset one byte after the end of the file', 'E5 E6', 'require(payload_offset <= file_size + 1,'],
    ['takes a payload_offset anywhere after the end of the file', 'E5 E6 E7', 'require(True,'],
    ['wants the payload region to have a byte', 'E6 H1', 'require(payload_offset < file_size,'],
  ]),
];

const text: readonly Mutant[] = [
  ...change("text = data.decode('utf-8')", [
    ['skips a byte-order mark', 'H1 H2', "text = data.decode('utf-8-sig')"],
    ['guesses the encoding, as Python does for bytes', 'H2 H3', 'text = data'],
    ['replaces what is not UTF-8', 'H2 H3', "text = data.decode('utf-8', 'replace')"],
    [
      'takes encoded surrogates',
      'H2 H3',
      "text = data.decode('utf-8', 'surrogatepass')\n        data = text.encode('utf-16', 'surrogatepass')\n        text = data.decode('utf-16', 'replace')",
    ],
    ['reads the header as Latin-1', 'H2 H3 T1', "text = data.decode('latin-1')"],
    ['reads the header as ASCII', 'H2 H3 T1', "text = data.decode('ascii')"],
    [
      'has no characters outside the basic plane',
      'H2 H3 T1',
      "text = ''.join(c if ord(c) < 0x10000 else '\\ufffd' for c in data.decode('utf-8'))",
    ],
    ['composes characters', 'H2 H3 T1', "text = __import__('unicodedata').normalize('NFC', data.decode('utf-8'))"],
    ['decomposes characters', 'H2 H3 T1', "text = __import__('unicodedata').normalize('NFD', data.decode('utf-8'))"],
    ['ends at a zero byte, as C strings do', 'H1 H2 E5 E7', "text = data.split(b'\\0')[0].decode('utf-8')"],
    [
      'ignores what stands after the value',
      'H1 H2',
      "text = data.decode('utf-8')\n        text = text[: json.JSONDecoder(parse_constant=no_number).raw_decode(text)[1]]",
    ],
    [
      'takes a comma after the last element',
      'H1 H2',
      "text = __import__('re').sub(r',(?=[\\]}])', '', data.decode('utf-8'))",
    ],
    ['takes a plus sign', 'H1 H4', "text = __import__('re').sub(r'(?<=:)\\+(?=[0-9])', '', data.decode('utf-8'))"],
    ['takes comments', 'H1 H2', "text = __import__('re').sub(r'/\\*.*?\\*/', '', data.decode('utf-8'))"],
    ['takes a form feed for white space', 'H1 H2', "text = data.decode('utf-8').replace('\\f', ' ')"],
    ['takes single quotes', 'H1 H3', `text = data.decode('utf-8').replace("'", '"')`],
    [
      'loses byte-order marks within strings',
      'H2 H3 T1',
      "text = data.decode('utf-8')\n        text = text[:1] + text[1:].replace('\\ufeff', '')",
    ],
    [
      'takes line separators for line ends',
      'H2 H3 T1',
      "text = data.decode('utf-8').replace('\\u2028', '').replace('\\u2029', '').replace('\\u0085', '')",
    ],
    ['undoes escapes twice', 'H3 M4 T1', "text = data.decode('utf-8').replace('\\\\\\\\', '\\\\')"],
    ['takes leading zeros', 'H1 H4', "text = __import__('re').sub(r'(?<=:)0+(?=[0-9])', '', data.decode('utf-8'))"],
  ]),
  ...change('text, object_pairs_hook=members,', [
    ['takes control characters in strings', 'H1 H3', 'text, strict=False, object_pairs_hook=members,'],
  ]),
  ...change("json.dumps(header, ensure_ascii=False).encode('utf-8')", [
    ['stops at 16 levels within metadata', 'H6', stopAt(16)],
    ['stops at 31 levels within metadata', 'H6', stopAt(31)],
    ['takes lone surrogates', 'H3', 'pass'],
    ['takes lone surrogates in strings', 'H3', surrogatesIn('{name: part(each) for name, each in value.items()}', '0')],
    ['takes lone surrogates in names', 'H3', surrogatesIn('[*map(part, value.values())]', 'value')],
    [
      'takes lone surrogates in metadata',
      'H3',
      surrogatesIn("[part(each) for name, each in value.items() if name != 'metadata']", 'value'),
    ],
  ]),
  ...change('require(len(set(names)) == len(names),', [
    ['takes repeated members, the last of them', 'H5', 'require(True,'],
    [
      'takes repeated members of the header',
      'H1 H5',
      "require('asset_table' in names or len(set(names)) == len(names),",
    ],
    ['takes repeated members of an entry', 'H5 T1', "require('codec' in names or len(set(names)) == len(names),"],
    ['takes repeated members of a preload entry', 'H5 L1', "require('slot' in names or len(set(names)) == len(names),"],
  ]),
  ...change(
    "require(len(set(names)) == len(names), 'HEADER', f'a member stands twice: {names}')\n    return dict(pairs)",
    [['takes repeated members, the first of them', 'H5', 'return dict(reversed(pairs))']],
  ),
  ...change('return dict(pairs)', [
    ['loses the member __proto__', 'H2 M4', "return {name: value for name, value in pairs if name != '__proto__'}"],
    ['loses members with an empty name', 'H2 H3 M4', 'return {name: value for name, value in pairs if name}'],
    ['loses members that are null', 'M4', 'return {name: value for name, value in pairs if value is not None}'],
    [
      'loses zero characters in strings',
      'H3 M4',
      "return {name: value.split('\\0')[0] if type(value) is str else value for name, value in pairs}",
    ],
  ]),
  ...change("require(literal != '-0' and len(literal) <= U64_DIGITS,", [
    ['takes -0', 'H4 T1', 'require(len(literal) <= U64_DIGITS,'],
  ]),
  ...change('parse_float=no_number', [
    ['takes fractions and exponents', 'H4 T1 L1', 'parse_float=lambda literal: int(float(literal))'],
    [
      'takes fractions of nothing',
      'H4 T1 L1',
      "parse_float=lambda literal: no_number(literal) if 'e' in literal.lower() else int(float(literal))",
    ],
    [
      'takes exponents',
      'H4 T1 L1',
      "parse_float=lambda literal: no_number(literal) if '.' in literal else int(float(literal))",
    ],
  ]),
  ...change('parse_constant=no_number', [['takes NaN and Infinity', 'H1 H4', 'parse_constant=lambda literal: 0']]),
  ...change('return int(literal)', [
    ['holds numbers in 32 bits', 'H4 M4 T1', 'return (int(literal) + 2**31) % 2**32 - 2**31'],
    [
      'holds numbers as 32-bit floats',
      'H4 M4 T1',
      "return int(struct.unpack('<f', struct.pack('<f', int(literal)))[0])",
    ],
    ['has no numbers below zero', 'H4 M4', 'return abs(int(literal))'],
  ]),
];

const shape: readonly Mutant[] = [
  ...change('type(value) is int and low <= value <= high', [
    ['takes true for 1', 'H4 T1 L1', 'isinstance(value, int) and low <= value <= high'],
    [
      'takes numbers in strings',
      'H4 T1',
      '(type(value) is int and low <= value <= high) or (type(value) is str and value.isdigit())',
    ],
    ['takes null for a number', 'H4 T1', '(type(value) is int and low <= value <= high) or value is None'],
  ]),
  ...change('return is_integer(value, -(2**31), 2**31 - 1)', [
    ['takes ids above an i32', 'T1', 'return is_integer(value, -(2**31), 2**64)'],
    ['has asset ids without a sign', 'T1', 'return is_integer(value, 0, 2**32 - 1)'],
    ['takes ids below an i32', 'T1', 'return is_integer(value, -(2**64), 2**31 - 1)'],
    ['refuses the asset id 0', 'T1', 'return is_integer(value, 1, 2**31 - 1)'],
    ['refuses the highest asset id', 'T1', 'return is_integer(value, 0, 2**31 - 2)'],
    ['has asset ids of 16 bits', 'T1', 'return is_integer(value, 0, 2**16 - 1)'],
  ]),
  ...change('return is_integer(value, 0, 2**64 - 1)', [
    ['takes negative sizes and offsets', 'H4 T1 E3', 'return is_integer(value, -(2**63), 2**64 - 1)'],
  ]),
  ...change("'offset': is_u64", [['takes negative offsets', 'H4 T1 E3', "'offset': lambda value: type(value) is int"]]),
  ...change("\n    'size': is_u64", [
    ['takes negative sizes', 'H4 T1 E3', "\n    'size': lambda value: type(value) is int"],
    ['refuses a size of 0', 'T1 T5 E6', "\n    'size': lambda value: is_integer(value, 1, 2**64 - 1)"],
  ]),
  ...change("'decoded_size': is_u64", [
    ['takes negative decoded sizes', 'H4 T1', "'decoded_size': lambda value: type(value) is int"],
    ['refuses sizes above 32 bits', 'T1 H4 E7', "'decoded_size': lambda value: is_integer(value, 0, 2**32 - 1)"],
    ['refuses a decoded size of 0', 'T1', "'decoded_size': lambda value: is_integer(value, 1, 2**64 - 1)"],
  ]),
  ...change('value in BANK_TYPES,', [
    ['takes the bank type TILES', 'T1', "value in (*BANK_TYPES, 'TILES'),"],
    ['takes the bank type SOUND', 'T1', "value in (*BANK_TYPES, 'SOUND'),"],
    ['takes any bank type', 'T1', 'type(value) is str,'],
    ['compares bank types without regard to case', 'T1', 'type(value) is str and value.upper() in BANK_TYPES,'],
    ['strips white space from bank types', 'T1', 'type(value) is str and value.strip() in BANK_TYPES,'],
    ['compares bank types as C strings', 'T1', "type(value) is str and value.split('\\0')[0] in BANK_TYPES,"],
    ['knows bank types by how they begin', 'T1', 'type(value) is str and value.startswith(BANK_TYPES),'],
    ['takes an empty bank type', 'T1', "value == '' or value in BANK_TYPES,"],
    ['takes no bank type for one', 'T1', 'value is None or value in BANK_TYPES,'],
    ['takes a number for a bank type', 'T1', 'type(value) is int or value in BANK_TYPES,'],
  ]),
  ...change("('GLYPH', 'SOUNDS', 'SCENE')", [
    ['does not know GLYPH', 'T1 B1', "('SOUNDS', 'SCENE')"],
    ['does not know SOUNDS', 'T1 B4', "('GLYPH', 'SCENE')"],
    ['does not know SCENE', 'T1 B4', "('GLYPH', 'SOUNDS')"],
  ]),
  ...change('value in CODECS,', [
    ['takes the codec RAW', 'T1', "value in (*CODECS, 'RAW'),"],
    ['takes any codec', 'T1', 'type(value) is str,'],
    ['takes the codec in lower case', 'T1', 'type(value) is str and value.upper() in CODECS,'],
    ['strips white space from the codec', 'T1', 'type(value) is str and value.strip() in CODECS,'],
    ['compares the codec as a C string', 'T1', "type(value) is str and value.split('\\0')[0] in CODECS,"],
    ['takes an empty codec', 'T1', "value == '' or value in CODECS,"],
    ['takes null for the codec', 'T1', 'value is None or value in CODECS,'],
  ]),
  ...change("'asset_name': lambda value: type(value) is str", [
    ['takes names that are no strings', 'T1', "'asset_name': lambda value: True"],
    [
      'refuses names of more than 255 bytes',
      'T1',
      "'asset_name': lambda value: type(value) is str and len(value.encode()) <= 255",
    ],
    [
      'refuses names of more than 4,095 bytes',
      'T1',
      "'asset_name': lambda value: type(value) is str and len(value.encode()) <= 4095",
    ],
    [
      'counts 1,024 characters of a name, not bytes',
      'T1',
      "'asset_name': lambda value: type(value) is str and len(value) <= 1024",
    ],
    ['refuses names with spaces', 'T1', "'asset_name': lambda value: type(value) is str and ' ' not in value"],
    [
      'refuses names with separators of paths',
      'T1',
      "'asset_name': lambda value: type(value) is str and '/' not in value and '\\\\' not in value",
    ],
  ]),
  ...change("'metadata': lambda value: type(value) is dict", [
    ['takes metadata that is null', 'T1 M4 M1', "'metadata': lambda value: value is None or type(value) is dict"],
    ['takes metadata that is a string', 'T1 M4 M1', "'metadata': lambda value: type(value) in (dict, str)"],
    ['wants metadata to have a member', 'T1 M1', "'metadata': lambda value: type(value) is dict and value"],
    [
      'wants metadata to be flat',
      'M1 M4 H6',
      "'metadata': lambda value: type(value) is dict and not any(type(v) in (dict, list) for v in value.values())",
    ],
    [
      'has glyphs of 8 x 8 only',
      'B1 T1',
      "'metadata': lambda value: type(value) is dict and value.get('tile_size', 8) == 8",
    ],
    [
      'has square glyph sheets only',
      'B1 T1',
      "'metadata': lambda value: type(value) is dict and value.get('width') == value.get('height')",
    ],
    [
      'has glyph sheets of 256 pixels only',
      'B1 B3 T1',
      "'metadata': lambda value: type(value) is dict and (value.get('palette_count') != 64 or value.get('width') == 256)",
    ],
  ]),
  ...change(EACH_RULE, [
    ['holds the ids of preload entries in 32 bits', 'T1 L1 L2', wrap('asset_id', 32)],
    ['holds the slots of preload entries in 8 bits', 'L1 L3', wrap('slot', 8)],
    ['holds the slots of preload entries in 32 bits', 'L1 L3', wrap('slot', 32)],
    ['does without asset_id', 'T1', fill('ENTRY_MEMBERS', 'asset_id', '0')],
    ['does without asset_name', 'T1', fill('ENTRY_MEMBERS', 'asset_name', "''")],
    ['does without bank_type', 'T1', fill('ENTRY_MEMBERS', 'bank_type', "'SOUNDS'")],
    ['does without codec', 'T1', fill('ENTRY_MEMBERS', 'codec', "'NONE'")],
    ['does without offset', 'T1', fill('ENTRY_MEMBERS', 'offset', '0')],
    ['does without size', 'T1', fill('ENTRY_MEMBERS', 'size', '0')],
    ['does without decoded_size', 'T1', fill('ENTRY_MEMBERS', 'decoded_size', '0')],
    ['does without metadata', 'T1', fill('ENTRY_MEMBERS', 'metadata', '{}')],
    ['does without the asset of a preload entry', 'L1', fill('PRELOAD_MEMBERS', 'asset_id', '1')],
    ['does without the slot of a preload entry', 'L1', fill('PRELOAD_MEMBERS', 'slot', '0')],
  ]),
  ...change("header.get('asset_table')", [
    ['does without the asset table', 'H1', "header.get('asset_table', [])"],
    [
      'takes null for an empty asset table',
      'H1',
      "header.get('asset_table', 0) or ([] if 'asset_table' in header else 0)",
    ],
    [
      'takes an object of entries for the asset table',
      'H1',
      "header.get('asset_table')\n    table = [*table.values()] if type(table) is dict else table",
    ],
  ]),
  ...change("header.get('preload', [])", [
    ['takes null for an empty preload list', 'H1', "header.get('preload') or []"],
    [
      'takes an object of entries for the preload list',
      'H1',
      "header.get('preload', [])\n    preload = [*preload.values()] if type(preload) is dict else preload",
    ],
  ]),
  ...change('for entry in table:\n        check_members', [
    [
      'passes over entries that are null',
      'H1 T1 L1',
      'table[:] = [entry for entry in table if entry is not None]\n    for entry in table:\n        check_members',
    ],
  ]),
  ...change("'HEADER', 'asset_table is no array')", [
    [
      'wants the table to have an entry',
      'H1 E6 E7',
      "'HEADER', 'asset_table is no array')\n    require(table, 'HEADER', '')",
    ],
    [
      'has at most 255 entries',
      'T1 T2 T3 E7',
      "'HEADER', 'asset_table is no array')\n    require(len(table) <= 255, 'HEADER', '')",
    ],
  ]),
  ...change("'HEADER', 'preload is no array')", [
    [
      'wants the preload list to have an entry',
      'H1 L1',
      "'HEADER', 'preload is no array')\n    require(preload, 'HEADER', '')",
    ],
    [
      'has at most 16 preload entries',
      'L3',
      "'HEADER', 'preload is no array')\n    require(len(preload) <= 16, 'PRELOAD', '')",
    ],
  ]),
  ...change("'slot': lambda value: type(value) is int", [
    ['takes a slot that is no number', 'L1 L3', "'slot': lambda value: value is None or type(value) in (int, str)"],
    ['takes true for slot 1', 'L1', "'slot': lambda value: isinstance(value, int)"],
  ]),
];

const table: readonly Mutant[] = [
  ...change("require(entry['asset_id'] not in ids,", [['takes an asset id twice', 'T1', 'require(True,']]),
  ...change(
    `require(entry['asset_id'] not in ids, 'TABLE', f'asset {entry["asset_id"]} stands twice')\n        ids.add(entry['asset_id'])`,
    [
      [
        'takes an asset id twice in different banks',
        'T1',
        "key = (entry['asset_id'], entry['bank_type'])\n        require(key not in ids, 'TABLE', '')\n        ids.add(key)",
      ],
    ],
  ),
  ...change("ids.add(entry['asset_id'])", [
    [
      'wants names to be unique',
      'T1',
      "ids.add(entry['asset_id'])\n        require(entry['asset_name'] not in ids, 'TABLE', '')\n        ids.add(entry['asset_name'])",
    ],
    [
      'wants names in order',
      'T1 T2',
      "ids.add(entry['asset_id'])\n        require(entry['asset_name'] >= max(e['asset_name'] for e in table[: len(ids)]), 'TABLE', '')",
    ],
    [
      'wants ids to be dense',
      'T1 T2',
      "ids.add(entry['asset_id'])\n        require(entry['asset_id'] == table[0]['asset_id'] + len(ids) - 1, 'TABLE', '')",
    ],
  ]),
  ...change("slice_end = entry['offset'] + entry['size']", [
    [
      'wants size and decoded size to be equal',
      'T1 B1',
      "require(entry['size'] == entry['decoded_size'], 'TABLE', '')\n        slice_end = entry['offset'] + entry['size']",
    ],
    [
      'wants slices to follow without padding',
      'T5 T6 E6',
      "require(entry['offset'] == sum(e['size'] for e in table[: len(ids) - 1]), 'TABLE', '')\n        slice_end = entry['offset'] + entry['size']",
    ],
    ['looks only at where slices begin', 'E3 E6', "slice_end = entry['offset']"],
    ['looks only at how long slices are', 'E3 E6', "slice_end = entry['size']"],
    ['adds offset and size in 32 bits', 'E3 E7 T1', "slice_end = entry['offset'] + entry['size'] & 0xFFFFFFFF"],
    ['reads only the low 32 bits of offsets', 'E3 E7 T1', "slice_end = (entry['offset'] & 0xFFFFFFFF) + entry['size']"],
    ['reads only the low 32 bits of sizes', 'E3 E7 T1', "slice_end = entry['offset'] + (entry['size'] & 0xFFFFFFFF)"],
  ]),
  ...change('require(slice_end <= region_size,', [
    ['ignores where slices end', 'E3 E6 T1', 'require(True,'],
    ['takes slices that end one byte after the region', 'E3 E6', 'require(slice_end <= region_size + 1,'],
    ['refuses slices that end with the region', 'E3 E6', 'require(slice_end < region_size,'],
    ['ignores the offsets of empty slices', 'E3 E6 T5', "require(entry['size'] == 0 or slice_end <= region_size,"],
    [
      'refuses empty slices at the end of the region',
      'E3 E6 T5',
      "require(entry['offset'] < max(region_size, 1) and slice_end <= region_size,",
    ],
    [
      'holds only the last slice against the region',
      'E3 E6',
      'require(entry is not table[-1] or slice_end <= region_size,',
    ],
    [
      'holds only the first slice against the region',
      'E3 E6',
      'require(entry is not table[0] or slice_end <= region_size,',
    ],
  ]),
  ...change('check_table(table, file_size - payload_offset)', [
    ['holds slices against the file, not the region', 'E3', 'check_table(table, file_size)'],
    [
      'holds slices against what follows the header, padding included',
      'E3 E5',
      'check_table(table, file_size - header_end)',
    ],
  ]),
];

const preload: readonly Mutant[] = [
  ...change("require(asset_id in bank_types, 'PRELOAD', f'there is no asset {asset_id}')", [
    ['passes over preload entries of unknown assets', 'L2', 'if asset_id not in bank_types:\n            continue'],
  ]),
  ...change('require(asset_id in bank_types,', [
    [
      'takes the asset of a preload entry for an index',
      'L2 L1',
      'require(asset_id < len(table) and asset_id in bank_types,',
    ],
  ]),
  ...change('        check_preload(preload, table)\n', [['does not look at preload at all', 'L2 L3 L4', '']]),
  ...change('require(0 <= slot < SLOTS_PER_BANK,', [
    ['takes slot 16', 'L3', 'require(0 <= slot <= SLOTS_PER_BANK,'],
    ['refuses slot 15', 'L3', 'require(0 <= slot < SLOTS_PER_BANK - 1,'],
    ['refuses slot 0', 'L3', 'require(0 < slot < SLOTS_PER_BANK,'],
    ['takes any slot', 'L3', 'require(True,'],
    ['takes slots below 0', 'L3', 'require(slot < SLOTS_PER_BANK,'],
    ['holds slots in 8 bits', 'L3', 'require(0 <= slot & 0xFF < SLOTS_PER_BANK,'],
  ]),
  ...change('require(place not in taken,', [['takes a slot twice', 'L4', 'require(True,']]),
  ...change('place = (bank_types[asset_id], slot)', [
    ['has one set of slots for all banks', 'L3 L4', 'place = slot'],
    ['has one set of slots for each asset', 'L4', 'place = (asset_id, slot)'],
    ['has one set of slots for scenes and sounds', 'L3 L4', "place = (bank_types[asset_id] == 'GLYPH', slot)"],
    [
      'refuses to preload an empty payload',
      'L1 L2 L4 T5',
      "place = (bank_types[asset_id], slot)\n        require(all(e['size'] > 0 for e in table if e['asset_id'] == asset_id), 'PRELOAD', '')",
    ],
    [
      'wants slots in the order of ids',
      'L4 L5 L6',
      "place = (bank_types[asset_id], slot)\n        require(all(slot > other for bank, other in taken if bank == place[0]), 'PRELOAD', '')",
    ],
    [
      'wants slots without gaps',
      'L3 L4 L6',
      "place = (bank_types[asset_id], slot)\n        require(slot <= len(taken), 'PRELOAD', '')",
    ],
  ]),
  ...change('taken.add(place)', [['notices a taken slot only in the entry before', 'L4', 'taken = {place}']]),
];

const slices: readonly Mutant[] = [
  ...change("payload_offset + entry['offset'], entry['size'])", [
    ['takes offsets as relative to the file', 'E3', "entry['offset'], entry['size'])"],
    ['reads the decoded size of a slice', 'T1 B1', "payload_offset + entry['offset'], entry['decoded_size'])"],
  ]),
  ...change('[hash_slice(file, payload_offset, entry)', [
    ['takes offsets as relative to the end of the header', 'E3 E5 T5', '[hash_slice(file, header_end, entry)'],
    [
      'lays slices one after the other, whatever their offsets',
      'E3 T5 T6',
      "[hash_slice(file, payload_offset - entry['offset'] + sum(e['size'] for e in table[: table.index(entry)]), entry)",
    ],
  ]),
];

export const mutants: readonly Mutant[] = [...prelude, ...text, ...shape, ...table, ...preload, ...slices];
