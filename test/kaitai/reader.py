"""A reader of the runtime profile on top of the Python parser that Kaitai Struct makes. The parser reads the envelope, `json`
the header; what neither looks at is checked here.

    python3 reader.py FOLDER PATH...

FOLDER holds the parser. Prints one answer per file, as `assets-pa conform` asks.
"""
import json
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import kaitaistruct  # noqa: E402
from assets_pa import AssetsPa  # noqa: E402

BANK_TYPES = ("GLYPH", "SOUNDS", "SCENE")


class Rejection(Exception):
    """The class of the runtime profile."""


def need(condition, otherwise):
    if not condition:
        raise Rejection(otherwise)


def read(path):
    try:
        envelope = read_envelope(path)
        table, preload = read_header(envelope.header_bytes)
        region = envelope.payload_region
        check_table(table, len(region))
        check_preload(preload, table)
    except Rejection as rejection:
        return {"verdict": "reject", "class": str(rejection)}
    slices = [
        {"asset_id": entry["asset_id"], "size": entry["size"], "xxh64": "%016x" % xxh64(slice_of(entry, region))}
        for entry in table
    ]
    return {"verdict": "accept", "asset_table": table, "preload": preload, "slices": slices}


def read_envelope(path):
    try:
        return AssetsPa.from_file(path)
    except EOFError:
        # The parser knows how long the file is before it reads past the prelude.
        raise Rejection("TRUNCATED") from None
    except kaitaistruct.ValidationNotEqualError as error:
        raise Rejection("MAGIC" if error.src_path == "/types/prelude/seq/0" else "VERSION") from None
    except (kaitaistruct.ValidationLessThanError, kaitaistruct.ValidationGreaterThanError):
        raise Rejection("BOUNDS") from None
    except UnicodeDecodeError:
        raise Rejection("HEADER") from None


def read_header(header_bytes):
    header = parse(header_bytes.decode("utf-8"))
    need(type(header) is dict, "HEADER")
    table, preload = header.get("asset_table"), header.get("preload", [])
    need(type(table) is list and type(preload) is list, "HEADER")
    for entry in table:
        check_entry(entry)
    for entry in preload:
        need(type(entry) is dict, "HEADER")
        need(is_i32(entry.get("asset_id")) and type(entry.get("slot")) is int, "HEADER")
    return table, preload


def parse(text):
    try:
        value = json.loads(
            text, object_pairs_hook=members, parse_int=integer, parse_float=no_number, parse_constant=no_number
        )
        # A lone surrogate has no UTF-8.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError):
        raise Rejection("HEADER") from None


def members(pairs):
    found = dict(pairs)
    need(len(found) == len(pairs), "HEADER")
    return found


def integer(text):
    need(text != "-0", "HEADER")
    return int(text)


def no_number(_):
    raise Rejection("HEADER")


def check_entry(entry):
    need(type(entry) is dict, "HEADER")
    need(is_i32(entry.get("asset_id")) and type(entry.get("asset_name")) is str, "HEADER")
    need(entry.get("bank_type") in BANK_TYPES and entry.get("codec") == "NONE", "HEADER")
    need(type(entry.get("metadata")) is dict, "HEADER")
    for name in ("offset", "size", "decoded_size"):
        need(type(entry.get(name)) is int and entry[name] >= 0, "HEADER")


def is_i32(value):
    return type(value) is int and -(2**31) <= value < 2**31


def check_table(table, region_size):
    need(len({entry["asset_id"] for entry in table}) == len(table), "TABLE")
    for entry in table:
        need(entry["offset"] + entry["size"] <= region_size, "TABLE")


def check_preload(preload, table):
    banks = {entry["asset_id"]: entry["bank_type"] for entry in table}
    taken = set()
    for entry in preload:
        need(entry["asset_id"] in banks and 0 <= entry["slot"] <= 15, "PRELOAD")
        claim = (banks[entry["asset_id"]], entry["slot"])
        need(claim not in taken, "PRELOAD")
        taken.add(claim)


def slice_of(entry, region):
    return region[entry["offset"] : entry["offset"] + entry["size"]]


P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)
U64 = 2**64 - 1


def xxh64(data):
    """XXH64 with seed 0."""
    size, at = len(data), 0
    value = P5
    if size >= 32:
        lanes = [(P1 + P2) & U64, P2, 0, -P1 & U64]
        while at + 32 <= size:
            lanes = [mix(lane, word(data, at + 8 * i, 8)) for i, lane in enumerate(lanes)]
            at += 32
        value = sum(rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & U64
        for lane in lanes:
            value = ((value ^ mix(0, lane)) * P1 + P4) & U64
    value = (value + size) & U64
    while at + 8 <= size:
        value = (rotate(value ^ mix(0, word(data, at, 8)), 27) * P1 + P4) & U64
        at += 8
    if at + 4 <= size:
        value = (rotate(value ^ (word(data, at, 4) * P1 & U64), 23) * P2 + P3) & U64
        at += 4
    for byte in data[at:]:
        value = rotate(value ^ (byte * P5 & U64), 11) * P1 & U64
    value = (value ^ (value >> 33)) * P2 & U64
    value = (value ^ (value >> 29)) * P3 & U64
    return value ^ (value >> 32)


def mix(lane, block):
    return rotate((lane + block * P2) & U64, 31) * P1 & U64


def rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & U64


def word(data, at, width):
    return int.from_bytes(data[at : at + width], "little")


for each in sys.argv[2:]:
    print(json.dumps(read(each)))
