"""Makes a workspace of a real game's tiles, and holds previews of the built bank against the pixels that they came from.

    real_tiles.py make DATA PROJECT     writes the project, and `expected.json` beside it
    real_tiles.py compare PROJECT PNGS  PNGS holds 0.png to 63.png: the sheet in each palette

Python's standard library only; it shares no code with the packer.
"""
import json
import os
import struct
import sys
import zlib

SIDE = 32
COUNT = 64
UNUSED = 0xF800F8


def decode(path):
    """An 8-bit PNG without interlacing: width, height, rows of pixels as tuples of samples, palette."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    at, idat, palette, head = 8, b"", [], None
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert zlib.crc32(kind + body) == crc, (path, kind)
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        elif kind == b"PLTE":
            palette = [tuple(body[i : i + 3]) for i in range(0, length, 3)]
        elif kind == b"IDAT":
            idat += body
        at += 12 + length
    width, height, depth, colour, _, _, interlace = head
    assert interlace == 0 and (depth == 8 or (depth, colour) == (4, 3)), (path, head)
    channels = {2: 3, 3: 1, 6: 4}[colour]
    raw = zlib.decompress(idat)
    stride = width * channels * depth // 8
    step = max(1, channels * depth // 8)
    above, rows = bytearray(stride), []
    for y in range(height):
        kind = raw[y * (stride + 1)]
        line = bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for i in range(stride):
            a = line[i - step] if i >= step else 0
            b, c = above[i], above[i - step] if i >= step else 0
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[i] = (line[i] + (0, a, b, (a + b) // 2, nearest)[kind]) & 255
        above = line
        if depth == 4:
            rows.append([(byte >> shift & 15,) for byte in line for shift in (4, 0)])
        else:
            rows.append([tuple(line[i : i + channels]) for i in range(0, stride, channels)])
    return width, height, rows, palette


def encode(path, width, rows, colour, palette=()):
    """An 8-bit PNG; rows are lists of tuples of samples."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    raw = b"".join(b"\0" + bytes(sample for pixel in row for sample in pixel) for row in rows)
    plte = chunk(b"PLTE", bytes(sample for rgb in palette for sample in rgb)) if palette else b""
    with open(path, "wb") as file:
        file.write(
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 8, colour, 0, 0, 0))
            + plte
            + chunk(b"IDAT", zlib.compress(raw, 9))
            + chunk(b"IEND", b"")
        )


def cells(path):
    """The cells of an atlas that a palette could hold: pixels, and opaque colours in the order of their first place."""
    width, height, rows, _ = decode(path)
    for top in range(0, height - SIDE + 1, SIDE):
        for left in range(0, width - SIDE + 1, SIDE):
            pixels = [pixel for row in rows[top : top + SIDE] for pixel in row[left : left + SIDE]]
            if any(0 < alpha < 255 for *_, alpha in pixels):
                continue
            colours = list(dict.fromkeys(tuple(rgb) for *rgb, alpha in pixels if alpha == 255))
            if 4 <= len(colours) <= 15:
                yield pixels, colours


def text(rgb):
    return "#%02x%02x%02x" % tuple(rgb)


def make(data, project):
    root = os.path.join(project, "assets", "crawl")
    os.makedirs(root)
    os.makedirs(os.path.join(project, "assets", ".prometeu"))
    cut, whole, seen = [], [], set()
    for name in ("feat.png", "player.png", "floor.png", "wall.png"):
        for pixels, colours in cells(os.path.join(data, name)):
            is_cut = any(pixel[3] == 0 for pixel in pixels)
            target = cut if is_cut else whole
            if len(target) < COUNT // 2 and is_cut == (name in ("feat.png", "player.png")) and tuple(pixels) not in seen:
                seen.add(tuple(pixels))
                target.append((pixels, colours))
    tiles = cut + whole
    assert len(tiles) == COUNT, (len(cut), len(whole))
    backdrop = tuple(UNUSED >> shift & 255 for shift in (16, 8, 0))
    palettes = [([backdrop] + colours + [(0, 0, 0)] * 15)[:16] for _, colours in tiles]

    declared, inputs, expected = [], [], []
    for i, (pixels, colours) in enumerate(cut):
        name = "tile-%02d.png" % i
        encode(os.path.join(root, name), SIDE, [pixels[y * SIDE : (y + 1) * SIDE] for y in range(SIDE)], 6)
        declared.append({"index": i, "input": name})
        inputs.append(name)
        first = next(p for p, palette in enumerate(palettes) if set(colours) <= set(palette))
        indices = [palettes[first].index(tuple(rgb)) if alpha else 0 for *rgb, alpha in pixels]
        expected.append({"palette": first, "indices": indices, "pixels": [text(p[:3]) if p[3] else None for p in pixels]})
    rows = [[(0,)] * (8 * SIDE) for _ in range(len(whole) // 8 * SIDE)]
    for i, (pixels, colours) in enumerate(whole):
        palette = len(cut) + i
        indices = [palettes[palette].index(tuple(pixel[:3])) for pixel in pixels]
        for at, index in enumerate(indices):
            rows[i // 8 * SIDE + at // SIDE][i % 8 * SIDE + at % SIDE] = (index,)
        expected.append({"palette": palette, "indices": indices, "pixels": [text(p[:3]) for p in pixels]})
    encode(os.path.join(root, "sheet.png"), 8 * SIDE, rows, 3, palettes[-1])
    declared.append({"first_index": len(cut), "input": "sheet.png"})
    inputs.append("sheet.png")

    identity = "0d9c8b7a-6f5e-4d3c-8b2a-19087f6e5d4c"
    anchor = {
        "schema_version": 2,
        "asset_uuid": identity,
        "name": "crawl",
        "type": "glyph_bank",
        "inputs": {"tiles": inputs},
        "output": {"format": "GLYPH/indexed_v1", "codec": "NONE"},
        "preload": {"enabled": True},
        "build": {
            "tile_size": SIDE,
            "tiles": declared,
            "palettes": [{"index": p, "colors": [text(rgb) for rgb in palette]} for p, palette in enumerate(palettes)],
        },
    }
    line = {"asset_id": 1, "asset_uuid": identity, "root": "crawl", "included_in_build": True}
    registry = {"schema_version": 2, "next_asset_id": 2, "assets": [line]}
    for path, document in (
        (os.path.join(root, "asset.json"), anchor),
        (os.path.join(project, "assets", ".prometeu", "index.json"), registry),
        (os.path.join(project, "expected.json"), expected),
    ):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
    print("%d tiles in true colour, %d in an indexed sheet, %d palettes" % (len(cut), len(whole), len(palettes)))


def through_565(colour):
    """What a colour becomes in 16 bits and back."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    red, green, blue = red >> 3, green >> 2, blue >> 3
    return (red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2)


def compare(project, folder):
    with open(os.path.join(project, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    compared = exact = transparent = 0
    for tile, want in enumerate(expected):
        width, height, rows, palette = decode(os.path.join(folder, "%d.png" % want["palette"]))
        assert (width, height) == (256, 256)
        for at, (index, colour) in enumerate(zip(want["indices"], want["pixels"])):
            x, y = tile % 8 * SIDE + at % SIDE, tile // 8 * SIDE + at // SIDE
            assert rows[y][x] == (index,), (tile, at, rows[y][x], index)
            compared += 1
            if colour is None:
                transparent += 1
                continue
            assert palette[index] == through_565(colour), (tile, at, palette[index], colour)
            exact += text(palette[index]) == colour
    print(
        "%d pixels compared, none differs: %d transparent, %d of a colour that RGB565 holds, %d of one that it rounds"
        % (compared, transparent, exact, compared - transparent - exact)
    )


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
