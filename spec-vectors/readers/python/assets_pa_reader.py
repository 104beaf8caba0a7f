#!/usr/bin/env python3
"""Reads `assets.pa`, version 1, as a game runtime must. Python 3.9 or newer, nothing else.

    python3 assets_pa_reader.py FILE      prints what FILE holds, or why it is rejected, as one JSON document

    from assets_pa_reader import read, Rejected
    table, preload, slices = read('build/assets.pa')

The file is a prelude of 32 bytes, a header in JSON, zero or more bytes of padding, and the payload region:

    at  width  prelude field     what a reader does with it
    0   4      magic             must be `ASPA`
    4   4      schema_version    must be 1
    8   4      header_len        bytes of JSON behind the prelude
    12  8      payload_offset    where the payload region begins in the file; offsets of entries count from here
    20  4      flags             nothing
    24  4      reserved          nothing
    28  4      header_checksum   nothing

Every integer is unsigned, least significant byte first. Letters with numbers (E1, T1) are clauses of docs/format.md.

Dedicated to the public domain: CC0-1.0.
"""
import json
import os
import struct
import sys
from typing import NamedTuple

PRELUDE = struct.Struct('<4sIIQIII')
PRELUDE_SIZE = 32
BANK_TYPES = ('GLYPH', 'SOUNDS', 'SCENE')
CODECS = ('NONE',)
SLOTS_PER_BANK = 16
U64_DIGITS = 20


class Rejected(Exception):
    """The file is not a right `assets.pa`; `kind` says which class of fault was met first."""

    def __init__(self, kind, message):
        super().__init__(f'{kind}: {message}')
        self.kind = kind


def require(condition, kind, message):
    if not condition:
        raise Rejected(kind, message)


class Artifact(NamedTuple):
    """What a file holds: the entries of both lists as the header has them, and a digest of each slice."""

    table: list
    preload: list
    slices: list


def read(path):
    """Reads the file at `path`. Raises Rejected. Memory grows with the header, not with the payloads."""
    with open(path, 'rb') as file:
        file_size = os.fstat(file.fileno()).st_size
        header_end, payload_offset = read_prelude(file, file_size)
        header = parse_header(file.read(header_end - PRELUDE_SIZE))
        table, preload = check_shape(header)
        check_table(table, file_size - payload_offset)
        check_preload(preload, table)
        return Artifact(table, preload, [hash_slice(file, payload_offset, entry) for entry in table])


# E1, E5: the prelude. Classes TRUNCATED, MAGIC, VERSION and BOUNDS, in this order.


def read_prelude(file, file_size):
    prelude = file.read(PRELUDE_SIZE)
    require(len(prelude) == PRELUDE_SIZE, 'TRUNCATED', f'{len(prelude)} bytes are no prelude')
    magic, schema_version, header_len, payload_offset, *_ = PRELUDE.unpack(prelude)
    require(magic == b'ASPA', 'MAGIC', f'the file begins with {magic!r}')
    require(schema_version == 1, 'VERSION', f'version {schema_version} is not supported')
    header_end = PRELUDE_SIZE + header_len
    require(header_end <= file_size, 'BOUNDS', 'the header ends after the file')
    require(payload_offset >= header_end, 'BOUNDS', 'the payload region begins before the end of the header')
    require(payload_offset <= file_size, 'BOUNDS', 'the payload region begins after the end of the file')
    return header_end, payload_offset


# H1 to H5: the text of the header. Class HEADER.


def parse_header(data):
    try:
        text = data.decode('utf-8')
        header = json.loads(
            text, object_pairs_hook=members, parse_int=integer, parse_float=no_number, parse_constant=no_number
        )
        # json takes "\ud800" for a character; UTF-8 has none such (H3).
        json.dumps(header, ensure_ascii=False).encode('utf-8')
    except (ValueError, RecursionError) as error:
        raise Rejected('HEADER', str(error)) from error
    return header


def members(pairs):
    """One object. A name must not stand twice (H5); within `metadata` a reader may leave that open."""
    names = [name for name, _ in pairs]
    require(len(set(names)) == len(names), 'HEADER', f'a member stands twice: {names}')
    return dict(pairs)


def integer(literal):
    """One number without fraction and exponent (H4), of no more digits than a u64 has."""
    require(literal != '-0' and len(literal) <= U64_DIGITS, 'HEADER', f'{literal[:40]} is out of range')
    return int(literal)


def no_number(literal):
    """1.0, 1e3, NaN (H4); a fraction or an exponent within `metadata` may be left open."""
    raise Rejected('HEADER', f'{literal[:40]} is no integer')


# T1, L1: the members of the header and what stands in them. Class HEADER.


def is_integer(value, low, high):
    # Neither isinstance, for which True is an int, nor range, which holds 1.0.
    return type(value) is int and low <= value <= high


def is_i32(value):
    return is_integer(value, -(2**31), 2**31 - 1)


def is_u64(value):
    return is_integer(value, 0, 2**64 - 1)


ENTRY_MEMBERS = {
    'asset_id': is_i32,
    'asset_name': lambda value: type(value) is str,
    'bank_type': lambda value: value in BANK_TYPES,
    'codec': lambda value: value in CODECS,
    'offset': is_u64,
    'size': is_u64,
    'decoded_size': is_u64,
    'metadata': lambda value: type(value) is dict,
}

PRELOAD_MEMBERS = {
    'asset_id': is_i32,
    'slot': lambda value: type(value) is int,
}


def check_shape(header):
    """The table and the preload list. Members with other names are passed over; an absent `preload` is an empty one."""
    require(type(header) is dict, 'HEADER', 'the header is no object')
    table = header.get('asset_table')
    preload = header.get('preload', [])
    require(type(table) is list, 'HEADER', 'asset_table is no array')
    require(type(preload) is list, 'HEADER', 'preload is no array')
    for entry in table:
        check_members(entry, ENTRY_MEMBERS)
    for entry in preload:
        check_members(entry, PRELOAD_MEMBERS)
    return table, preload


def check_members(entry, rules):
    require(type(entry) is dict, 'HEADER', 'an entry is no object')
    for name, is_right in rules.items():
        require(name in entry, 'HEADER', f'an entry has no {name}')
        require(is_right(entry[name]), 'HEADER', f'{entry[name]!r:.40} is no {name}')


# T1, E3: entries beside each other, and slices in the payload region. Class TABLE.


def check_table(table, region_size):
    ids = set()
    for entry in table:
        require(entry['asset_id'] not in ids, 'TABLE', f'asset {entry["asset_id"]} stands twice')
        ids.add(entry['asset_id'])
        slice_end = entry['offset'] + entry['size']  # no overflow here; where u64 can, that is TABLE too
        require(slice_end <= region_size, 'TABLE', f'asset {entry["asset_id"]} ends after the file')


# L2 to L4: slots. Class PRELOAD.


def check_preload(preload, table):
    bank_types = {entry['asset_id']: entry['bank_type'] for entry in table}
    taken = set()
    for entry in preload:
        asset_id, slot = entry['asset_id'], entry['slot']
        require(asset_id in bank_types, 'PRELOAD', f'there is no asset {asset_id}')
        require(0 <= slot < SLOTS_PER_BANK, 'PRELOAD', f'there is no slot {slot}')
        place = (bank_types[asset_id], slot)
        require(place not in taken, 'PRELOAD', f'slot {slot} is taken')
        taken.add(place)


# Slices. A runtime would load them; here they are hashed, to be compared.


def hash_slice(file, payload_offset, entry):
    digest = xxh64(file, payload_offset + entry['offset'], entry['size'])
    return {'asset_id': entry['asset_id'], 'size': entry['size'], 'xxh64': f'{digest:016x}'}


MASK = 2**64 - 1
PRIME_1 = 0x9E3779B185EBCA87
PRIME_2 = 0xC2B2AE3D27D4EB4F
PRIME_3 = 0x165667B19E3779F9
PRIME_4 = 0x85EBCA77C2B2AE63
PRIME_5 = 0x27D4EB2F165667C5
CHUNK = 1 << 16  # a multiple of 32


def xxh64(file, start, size):
    """XXH64 with seed 0 of `size` bytes from `start`."""
    file.seek(start)
    stripes, tail_size = divmod(size, 32)
    lanes = [(PRIME_1 + PRIME_2) & MASK, PRIME_2, 0, -PRIME_1 & MASK]
    left = stripes * 32
    while left > 0:
        chunk = read_exactly(file, min(left, CHUNK))
        left -= len(chunk)
        for words in struct.iter_unpack('<4Q', chunk):
            lanes = [mix(lane, word) for lane, word in zip(lanes, words)]
    if stripes == 0:
        return xxh64_tail(PRIME_5, read_exactly(file, tail_size), size)
    value = sum(rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & MASK
    for lane in lanes:
        value = ((value ^ mix(0, lane)) * PRIME_1 + PRIME_4) & MASK
    return xxh64_tail(value, read_exactly(file, tail_size), size)


def xxh64_tail(value, tail, size):
    value = (value + size) & MASK
    at = 0
    while at + 8 <= len(tail):
        (word,) = struct.unpack_from('<Q', tail, at)
        value = (rotate(value ^ mix(0, word), 27) * PRIME_1 + PRIME_4) & MASK
        at += 8
    if at + 4 <= len(tail):
        (word,) = struct.unpack_from('<I', tail, at)
        value = (rotate(value ^ word * PRIME_1 & MASK, 23) * PRIME_2 + PRIME_3) & MASK
        at += 4
    for byte in tail[at:]:
        value = rotate(value ^ byte * PRIME_5 & MASK, 11) * PRIME_1 & MASK
    value = (value ^ value >> 33) * PRIME_2 & MASK
    value = (value ^ value >> 29) * PRIME_3 & MASK
    return value ^ value >> 32


def mix(lane, word):
    return rotate((lane + word * PRIME_2) & MASK, 31) * PRIME_1 & MASK


def rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK


def read_exactly(file, size):
    data = file.read(size)
    if len(data) != size:
        raise EOFError('the file shrinks while it is read')
    return data


def verdict(path):
    """What the protocol of the test vectors wants to know of a file (spec-vectors/README.md)."""
    try:
        table, preload, slices = read(path)
    except Rejected as error:
        return {'verdict': 'reject', 'class': error.kind}
    return {'verdict': 'accept', 'asset_table': table, 'preload': preload, 'slices': slices}


if __name__ == '__main__':
    print(json.dumps(verdict(sys.argv[-1])))
