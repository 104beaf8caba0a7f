#!/usr/bin/env python3
"""Checks an assets.pa against its plan, independently of the packer.

usage: check_artifact.py ARTIFACT PLAN [--root DIR] [--align N]

Reads the artifact from the contract (docs/format.md) alone: prelude, canonical header, table, layout, padding, preload, bank rules.
Then compares every slice, byte for byte, with the file (relative to the plan's folder) or the inline bytes of the plan, and every other
member of the header with what the plan says. Payloads are streamed: memory grows with the number of entries only.

The plan is a JSON plan. --root confines payload paths (default: the plan's folder). --align demands a layout of that alignment; without it, of
the alignment that the plan states, else of any.

Prints one line and exits 0. On the first failure prints it to standard error and exits 1; 2 for wrong usage.
Needs Python 3.8 and its standard library.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import struct
import sys
import unicodedata

PRELUDE = struct.Struct('<4sIIQIII')
HEADER_LEN_MIN, HEADER_LEN_MAX = 31, 512_000_000
INTEGER_MAX = 2**53 - 1
ALIGNMENTS = [1 << power for power in range(17)]
BANK_TYPES = ('GLYPH', 'SOUNDS', 'SCENE')
ENTRY_MEMBERS = {'asset_id', 'asset_name', 'bank_type', 'codec', 'decoded_size', 'metadata', 'offset', 'size'}
PRELOAD_MEMBERS = {'asset_id', 'slot'}
DEPTH_MAX = 32
SLOTS = 16
CHUNK = 1 << 20


class Failure(Exception):
    """What is wrong."""


def require(condition, what, *values):
    if not condition:
        raise Failure(what.format(*values))


# JSON

INTEGER = re.compile(r'-?(0|[1-9][0-9]*)\Z')


def read_object(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise Failure('a member stands twice: ' + next(repr(name) for name in names if names.count(name) > 1))
    return members


def read_header_integer(text):
    require(text != '-0', 'the header holds -0')
    return read_integer(text)


def read_integer(text):
    require(INTEGER.match(text) and len(text) < 20, 'not an integer in range: {}', text[:40])
    value = int(text)
    require(abs(value) <= INTEGER_MAX, 'an integer beyond +-(2^53 - 1): {}', text)
    return value


def refuse_number(text):
    raise Failure('a number that is no integer: ' + text[:40])


def parse(data, what, parse_int):
    try:
        return json.loads(
            data.decode('utf-8'),
            object_pairs_hook=read_object,
            parse_int=parse_int,
            parse_float=refuse_number,
            parse_constant=refuse_number,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Failure('{}: {}: {}'.format(what, type(error).__name__, error))


def utf16(text):
    try:
        return text.encode('utf-16-be')
    except UnicodeEncodeError:
        raise Failure('a lone surrogate in {!r}'.format(text[:40]))


def canonical(value):
    """H2-H4: the one legal text of a value."""
    if value is None:
        return 'null'
    if value is True:
        return 'true'
    if value is False:
        return 'false'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        utf16(value)
        # Python's escapes without ASCII folding are RFC 8785's: \" \\ \b \t \n \f \r, \u00xx in lower case, the rest literal.
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    names = sorted(value, key=utf16)
    return '{' + ','.join(canonical(name) + ':' + canonical(value[name]) for name in names) + '}'


def canonical_pieces(header):
    """The header's canonical bytes, an entry a piece."""
    yield b'{"asset_table":['
    for i, entry in enumerate(header['asset_table']):
        yield ((',' if i else '') + canonical(entry)).encode()
    yield b'],"preload":['
    for i, entry in enumerate(header['preload']):
        yield ((',' if i else '') + canonical(entry)).encode()
    yield b']}'


def check_canonical(header, data):
    """H7: encoding what was read gives the same bytes."""
    at = 0
    for piece in canonical_pieces(header):
        end = at + len(piece)
        if data[at:end] != piece:
            found = data[at:end]
            first = next((i for i, (a, b) in enumerate(zip(found, piece)) if a != b), min(len(found), len(piece)))
            raise Failure('the header is not canonical at its byte {}'.format(at + first))
        at = end
    require(at == len(data), 'the header is not canonical: {} bytes after its canonical text', len(data) - at)


def check_depth(metadata, where):
    """H6: metadata is level 0, level 32 is legal."""
    level, containers = 0, [metadata]
    while containers:
        require(level <= DEPTH_MAX, '{}: nesting passes level {}', where, DEPTH_MAX)
        inner = []
        for each in containers:
            values = each.values() if isinstance(each, dict) else each
            inner.extend(value for value in values if isinstance(value, (dict, list)))
        level, containers = level + 1, inner


# The artifact


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def read_exactly(file, length, what):
    data = file.read(length)
    require(len(data) == length, '{}: the file ends {} bytes early', what, length - len(data))
    return data


def read_prelude(file, file_size):
    require(file_size >= PRELUDE.size, 'E2: {} bytes are no prelude', file_size)
    fields = PRELUDE.unpack(read_exactly(file, PRELUDE.size, 'E2'))
    magic, version, header_len, payload_offset, flags, reserved, checksum = fields
    require(magic == b'ASPA', 'E1: magic is {}', magic.hex())
    require(version == 1, 'V2: schema_version is {}', version)
    require((flags, reserved) == (0, 0), 'E4: flags {}, reserved {}', flags, reserved)
    require(checksum == 0, 'E1: header_checksum is {}', checksum)
    require(HEADER_LEN_MIN <= header_len <= HEADER_LEN_MAX, 'E7: header_len is {}', header_len)
    require(PRELUDE.size + header_len <= payload_offset, 'E5: payload_offset {} lies in the header', payload_offset)
    require(payload_offset <= file_size, 'E5: payload_offset {} lies past the end, {}', payload_offset, file_size)
    return header_len, payload_offset


def read_header(data):
    header = parse(data, 'the header', read_header_integer)
    require(isinstance(header, dict) and set(header) == {'asset_table', 'preload'}, 'H1: the members of the header')
    require(all(isinstance(each, list) for each in header.values()), 'H1: asset_table and preload are arrays')
    for i, entry in enumerate(header['asset_table']):
        check_entry(entry, 'asset_table/{}'.format(i))
    for i, entry in enumerate(header['preload']):
        require(isinstance(entry, dict) and set(entry) == PRELOAD_MEMBERS, 'L1: preload/{}: members', i)
        require(all(map(is_integer, entry.values())), 'L1: preload/{}: a value is no integer', i)
    check_canonical(header, data)
    return header


def check_entry(entry, where):
    require(isinstance(entry, dict) and set(entry) == ENTRY_MEMBERS, 'T1: {}: members', where)
    for name in ('asset_id', 'offset', 'size', 'decoded_size'):
        require(is_integer(entry[name]) and entry[name] >= 0, 'T1: {}/{}: {!r}', where, name, entry[name])
    require(entry['asset_id'] < 2**31, 'T1: {}: asset_id {}', where, entry['asset_id'])
    require(entry['offset'] + entry['size'] <= INTEGER_MAX, 'E7: {}: offset + size', where)
    name = entry['asset_name']
    require(isinstance(name, str) and utf16(name) != b'', 'T1: {}: asset_name', where)
    require(len(name.encode()) <= 4096, 'T1: {}: asset_name is too long', where)
    require(all(unicodedata.category(each) != 'Cc' for each in name), 'T1: {}: a control character', where)
    require(entry['bank_type'] in BANK_TYPES, 'T1: {}: bank_type {!r}', where, entry['bank_type'])
    require(entry['codec'] == 'NONE', 'T1: {}: codec {!r}', where, entry['codec'])
    require(isinstance(entry['metadata'], dict), 'T1: {}: metadata is no object', where)
    require('pipeline' not in entry['metadata'], 'M3: {}: pipeline in metadata', where)
    check_depth(entry['metadata'], where)
    if entry['bank_type'] == 'GLYPH':
        check_glyph(entry, where)


def check_glyph(entry, where):
    """B1"""
    metadata = entry['metadata']
    for name in ('width', 'height', 'tile_size', 'palette_count'):
        require(is_integer(metadata.get(name)), 'B1: {}: metadata/{}: {!r}', where, name, metadata.get(name))
    width, height, tile_size = metadata['width'], metadata['height'], metadata['tile_size']
    require(tile_size in (8, 16, 32), 'B1: {}: tile_size {}', where, tile_size)
    require(metadata['palette_count'] == 64, 'B1: {}: palette_count {}', where, metadata['palette_count'])
    authored = metadata.get('palette_authored', 0)
    require(is_integer(authored) and 0 <= authored <= 64, 'B1: {}: palette_authored {!r}', where, authored)
    for side in (width, height):
        require(side > 0 and side % tile_size == 0, 'B1: {}: {} is no positive multiple of the tile size', where, side)
    require(entry['size'] == (width * height + 1) // 2 + 2048, 'B1: {}: size {}', where, entry['size'])
    require(entry['decoded_size'] == width * height + 2048, 'B1: {}: decoded_size {}', where, entry['decoded_size'])


def check_order(entries, rule):
    for before, after in zip(entries, entries[1:]):
        require(before['asset_id'] < after['asset_id'], '{}: asset_id {} before {}', rule, before['asset_id'], after['asset_id'])


def check_preload(preload, banks):
    """L2-L5; `banks` gives the bank type of each asset."""
    check_order(preload, 'L4, L5')
    taken = set()
    for entry in preload:
        asset_id, slot = entry['asset_id'], entry['slot']
        require(asset_id in banks, 'L2: preload of {}, which is not in the table', asset_id)
        require(0 <= slot < SLOTS, 'L3: slot {}', slot)
        claim = (banks[asset_id], slot)
        require(claim not in taken, 'L4: slot {} of {} is taken twice', slot, claim[0])
        taken.add(claim)


def layout_fault(n, header_len, payload_offset, table):
    """T5: what of the layout does not fit alignment n; None when everything does."""

    def up(value):
        return -(-value // n) * n

    expected = up(PRELUDE.size + header_len)
    if payload_offset != expected:
        return 'payload_offset is {}, not {}'.format(payload_offset, expected)
    end = 0
    for entry in table:
        if entry['offset'] != up(end):
            return 'asset {}: offset is {}, not {}'.format(entry['asset_id'], entry['offset'], up(end))
        end = up(end) + entry['size']
    return None


def check_layout(wanted, header_len, payload_offset, table):
    """T5, T6: returns the smallest alignment that explains the layout."""
    faults = {}
    for n in [wanted] if wanted else ALIGNMENTS:
        fault = layout_fault(n, header_len, payload_offset, table)
        if fault is None:
            return n
        faults[n] = fault
    n, fault = next(iter(faults.items()))
    raise Failure('T5: no alignment explains the layout; alignment {}: {}'.format(n, fault))


def check_zeros(file, length, where):
    while length > 0:
        data = read_exactly(file, min(length, CHUNK), where)
        require(data.count(0) == len(data), 'T5: {}: padding is not zero', where)
        length -= len(data)


# The plan


def camel(name):
    return re.sub('_(.)', lambda match: match.group(1).upper(), name)


class Members:
    """The members of a plan object, under either spelling; what nobody asked for is refused."""

    def __init__(self, value, where):
        require(isinstance(value, dict), 'plan: {} is no object', where)
        self.where = where
        self.left = dict(value)

    def take(self, name, default=None):
        found = [spelling for spelling in {name, camel(name)} if spelling in self.left]
        require(len(found) < 2, 'plan: {}: {} stands twice', self.where, name)
        return self.left.pop(found[0]) if found else default

    def end(self):
        require(not self.left, 'plan: {}: unknown members {}', self.where, sorted(self.left))


def read_plan(path):
    """Returns the alignment that the plan states (or None) and its assets by id."""
    with open(path, 'rb') as file:
        root = Members(parse(file.read(), 'the plan', read_integer), 'the root')
    root.take('$schema')
    version = root.take('schema_version')
    require(version == 1, 'plan: schema_version is {!r}', version)
    layout = Members(root.take('layout', {}), 'layout')
    alignment = layout.take('alignment')
    layout.end()
    values = root.take('assets')
    require(isinstance(values, list), 'plan: assets is no array')
    assets = {}
    for i, value in enumerate(values):
        asset = PlannedAsset(Members(value, 'assets/{}'.format(i)))
        require(asset.asset_id not in assets, 'plan: asset_id {} stands twice', asset.asset_id)
        assets[asset.asset_id] = asset
    root.end()
    return alignment, assets


class PlannedAsset:
    """What the plan says of an asset, as the header must say it."""

    __slots__ = ('asset_id', 'asset_name', 'bank_type', 'size', 'decoded_size', 'metadata', 'file', 'inline', 'digest', 'preload')

    def __init__(self, members):
        where = members.where
        self.asset_id = members.take('asset_id')
        require(is_integer(self.asset_id), 'plan: {}: asset_id', where)
        self.asset_name = members.take('asset_name')
        self.bank_type = members.take('bank_type')
        require(members.take('codec', 'NONE') == 'NONE', 'plan: {}: codec', where)
        self.size = read_size(members.take('size'))
        self.decoded_size = read_size(members.take('decoded_size'))
        self.metadata = merged(members.take('metadata', {}), members.take('codec_configuration'), where)
        members.take('pipeline')
        self.file = members.take('file')
        inline = members.take('inline')
        require((self.file is None) != (inline is None), 'plan: {}: not exactly one payload', where)
        self.inline = None if inline is None else read_base64(inline, where)
        self.digest = members.take('digest')
        self.preload = members.take('preload')
        members.end()


def merged(metadata, configuration, where):
    """M1, M3"""
    require(isinstance(metadata, dict), 'plan: {}: metadata', where)
    if configuration is None:
        return metadata
    require(isinstance(configuration, dict), 'plan: {}: codec_configuration', where)
    require('codec' not in metadata, 'M3: plan: {}: metadata/codec and a codec configuration', where)
    return {**metadata, 'codec': configuration}


def read_size(value):
    return read_integer(value) if isinstance(value, str) else value


def read_base64(text, where):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise Failure('plan: {}: inline: {}'.format(where, error))
    require(base64.b64encode(data).decode() == text, 'plan: {}: inline is not strict base64', where)
    return data


def expected_preload(assets):
    """L5, L6"""
    preload, named = [], set()
    for asset in assets.values():
        if asset.preload is not None and 'slot' in asset.preload:
            named.add((asset.bank_type, asset.preload['slot']))
    for asset_id in sorted(assets):
        asset = assets[asset_id]
        if asset.preload is None:
            continue
        slot = asset.preload.get('slot')
        if slot is None:
            free = [slot for slot in range(SLOTS) if (asset.bank_type, slot) not in named]
            require(free, 'plan: no slot left for asset {}', asset_id)
            slot = free[0]
            named.add((asset.bank_type, slot))
        preload.append({'asset_id': asset_id, 'slot': slot})
    return preload


def check_against_plan(header, assets):
    """Everything that the plan says of the header but the payload sizes."""
    found = [entry['asset_id'] for entry in header['asset_table']]
    require(found == sorted(assets), 'the ids of the table are not those of the plan')
    for entry in header['asset_table']:
        asset = assets[entry['asset_id']]
        where = 'asset {}'.format(asset.asset_id)
        for name in ('asset_name', 'bank_type'):
            require(entry[name] == getattr(asset, name), '{}: {} is {!r}', where, name, entry[name])
        require(canonical(entry['metadata']) == canonical(asset.metadata), "{}: metadata is not the plan's", where)
        # A glyph bank's decoded size was checked by its own rule.
        default = entry['decoded_size'] if entry['bank_type'] == 'GLYPH' else entry['size']
        decoded = default if asset.decoded_size is None else asset.decoded_size
        require(entry['decoded_size'] == decoded, '{}: decoded_size is {}, not {}', where, entry['decoded_size'], decoded)
        require(asset.size in (None, entry['size']), '{}: size is {}, planned {}', where, entry['size'], asset.size)
    require(header['preload'] == expected_preload(assets), "the preload list is not the plan's")


# Payloads


class Sources:
    """Opens the plan's files."""

    def __init__(self, folder, root):
        self.folder = folder
        self.root = os.path.realpath(root)
        self.folders = {}

    def open(self, name):
        path = os.path.join(self.folder, *name.split('/'))
        parent, base = os.path.split(path)
        if parent not in self.folders:
            self.folders[parent] = os.path.realpath(parent)
        real = os.path.join(self.folders[parent], base)
        if os.path.islink(real):
            real = os.path.realpath(real)
        require(os.path.commonpath([self.root, real]) == self.root, '{} lies outside the root', name)
        file = open(real, 'rb', buffering=0)
        require(stat.S_ISREG(os.fstat(file.fileno()).st_mode), '{} is no regular file', name)
        return file


def check_payload(artifact, entry, asset, sources):
    """The slice, from where the artifact stands, is the source, whole."""
    where = 'asset {}'.format(asset.asset_id)
    digest = hashlib.sha256() if (asset.digest or '').startswith('sha256:') else None
    if asset.file is None:
        require(len(asset.inline) == entry['size'], '{}: size {}, inline {}', where, entry['size'], len(asset.inline))
        require(read_exactly(artifact, entry['size'], where) == asset.inline, '{}: the bytes differ', where)
        if digest:
            digest.update(asset.inline)
    else:
        with sources.open(asset.file) as source:
            size = os.fstat(source.fileno()).st_size
            require(size == entry['size'], '{}: size {}, its file {}', where, entry['size'], size)
            compare(artifact, source, entry['size'], digest, where)
    if digest:
        require('sha256:' + digest.hexdigest() == asset.digest, "{}: the digest is not the plan's", where)


def compare(artifact, source, size, digest, where):
    done = 0
    while done < size:
        theirs = source.read(min(CHUNK, size - done))
        require(theirs, '{}: its file ends early', where)
        ours = read_exactly(artifact, len(theirs), where)
        if ours != theirs:
            first = next(i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b)
            raise Failure('{}: the bytes differ, first at byte {} of the payload'.format(where, done + first))
        if digest:
            digest.update(theirs)
        done += len(theirs)
    require(source.read(1) == b'', '{}: its file is longer than it was', where)


def check(options):
    plan_alignment, assets = read_plan(options.plan)
    folder = os.path.dirname(os.path.abspath(options.plan))
    sources = Sources(folder, options.root or folder)
    with open(options.artifact, 'rb', buffering=CHUNK) as file:
        file_size = os.fstat(file.fileno()).st_size
        header_len, payload_offset = read_prelude(file, file_size)
        header = read_header(read_exactly(file, header_len, 'E7: the header'))
        table = header['asset_table']
        check_order(table, 'T1, T2')
        check_preload(header['preload'], {entry['asset_id']: entry['bank_type'] for entry in table})
        n = check_layout(options.align or plan_alignment, header_len, payload_offset, table)
        end = payload_offset + (table[-1]['offset'] + table[-1]['size'] if table else 0)
        require(file_size == end, 'E6: the file has {} bytes, its table ends at {}', file_size, end)
        check_against_plan(header, assets)
        position = PRELUDE.size + header_len
        check_zeros(file, payload_offset - position, 'before the payload region')
        position = payload_offset
        for entry in table:
            start = payload_offset + entry['offset']
            check_zeros(file, start - position, 'before asset {}'.format(entry['asset_id']))
            check_payload(file, entry, assets[entry['asset_id']], sources)
            position = start + entry['size']
        require(file.read(1) == b'', 'E6: bytes after the last payload')
    beyond = sum(entry['offset'] >= 2**32 for entry in table)
    payload = sum(entry['size'] for entry in table)
    line = 'ok: {:,} assets, {:,} payload bytes, {:,} bytes in all, alignment {}, {:,} preloaded, {:,} offsets beyond 2^32'
    return line.format(len(table), payload, file_size, n, len(header['preload']), beyond)


def main():
    parser = argparse.ArgumentParser(description='Checks an assets.pa against its plan.')
    parser.add_argument('artifact', metavar='ARTIFACT')
    parser.add_argument('plan', metavar='PLAN')
    parser.add_argument('--root', metavar='DIR', help="what confines payload paths (default: the plan's folder)")
    parser.add_argument('--align', metavar='N', type=int, choices=ALIGNMENTS, help='the alignment that was asked for')
    try:
        print(check(parser.parse_args()))
    except (Failure, OSError) as failure:
        print('check_artifact: {}'.format(failure), file=sys.stderr)
        sys.exit(1)


if __name__ == '__main__':
    main()
