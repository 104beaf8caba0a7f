meta:
  id: assets_pa
  title: assets.pa, the asset container of the PROMETEU fantasy console
  application: PROMETEU
  file-extension: pa
  license: CC0-1.0
  ks-version: '0.10'
  encoding: UTF-8
  endian: le
doc: |
  Version 1 of the envelope: a prelude of 32 bytes, a header of JSON, zero padding, and the payload region. Where payloads lie
  within the region is written in the header (`asset_table[].offset` and `.size`), which Kaitai Struct cannot look into.

  The parser rejects what makes the envelope unreadable: too few bytes, another magic, another version, parts that do not fit
  the file. It shows, but does not judge, what a runtime may pass over: `flags`, `reserved`, `header_checksum`, the padding.
doc-ref: docs/format.md, "E. Envelope"
seq:
  - id: prelude
    type: prelude
    size: 32
    doc: Fixed in size (E2).
  - id: header
    type: str
    size: prelude.header_len
    doc: |
      One JSON object, `{"asset_table":[...],"preload":[...]}` (H1), in its canonical form: no white space, members sorted, UTF-8
      without a byte-order mark (H2, H3). An entry of the table has asset_id, asset_name, bank_type, codec, decoded_size,
      metadata, offset and size (T1); one of the preload list has asset_id and slot (L1).
  - id: padding
    size: prelude.payload_offset - 32 - prelude.header_len
    doc: Zeros up to a multiple of the alignment; none in a packed file (E5, T5).
  - id: payload_region
    size-eos: true
    doc: |
      The payloads in the order of the table (T4), with zeros between them where the file is aligned (T5). Offsets in the header
      count from here (E3). It ends where the last payload ends (E6).
instances:
  header_bytes:
    pos: 32
    size: prelude.header_len
    doc: The header before it is decoded, for languages whose decoder replaces what is no UTF-8 or drops a byte-order mark.
-webide-representation: 'assets.pa {prelude}'
types:
  prelude:
    doc: All integers are unsigned, least significant byte first (E1).
    -webide-representation: 'version {schema_version:dec}, header of {header_len:dec} bytes, payloads from {payload_offset:dec}'
    seq:
      - id: magic
        contents: ASPA
        doc: 41 53 50 41 (E1).
      - id: schema_version
        type: u4
        valid: 1
        doc: Version of the envelope (V1, V2).
      - id: header_len
        type: u4
        valid:
          max: _root._io.size - 32
        doc: Bytes of the header; a writer emits 31 to 512,000,000 (E7).
      - id: payload_offset
        type: u8
        valid:
          min: header_len.as<u8> + 32
          max: _root._io.size
        doc: Byte of the file at which the payload region begins (E5).
      - id: flags
        type: u4
        doc: 0 (E4).
      - id: reserved
        type: u4
        doc: 0 (E4).
      - id: header_checksum
        type: u4
        doc: 0. The runtime's text allows a checksum; it is never computed (E1).
