/** What a glyph bank's declaration asks for, checked as far as it goes without opening an image. */
import { COLOURS_PER_PALETTE, PALETTE_COUNT, TILE_SIZES } from '../../codec/bank-rules.js';
import { Phrase, pointerToken, show } from '../../errors.js';
import type { EncodeRequest, GlyphPalette, GlyphTile } from '../bank-encoder.js';
import { sheetCapacity } from './payload.js';
import { parseColour } from './rgb565.js';

/** Tiles that an image gives. */
export type TileSource =
  | { readonly kind: 'image'; readonly index: number; readonly input: string; readonly pointer: string }
  | {
      readonly kind: 'cell';
      readonly index: number;
      readonly input: string;
      readonly pointer: string;
      readonly column: number;
      readonly row: number;
    }
  /** All cells; `index` is that of the first. */
  | { readonly kind: 'sheet'; readonly index: number; readonly input: string; readonly pointer: string };

/** A palette as it was declared: its colours `0xrrggbb`, or the image that has them. */
export interface PaletteSource {
  readonly index: number;
  readonly pointer: string;
  readonly colours: readonly number[] | undefined;
  readonly input: string | undefined;
}

/** A declaration without a fault. */
export interface GlyphDeclaration {
  readonly tileSize: number;
  /** In the order of the declaration. */
  readonly tiles: readonly TileSource[];
  readonly palettes: readonly PaletteSource[];
}

/** The roles of a glyph bank's inputs. */
const ROLES = ['tiles', 'palettes'];

/** Checks `build` and `inputs`. @returns undefined when something is wrong, which was then reported */
export function readDeclaration(request: EncodeRequest): GlyphDeclaration | undefined {
  return new DeclarationReader(request).read();
}

class DeclarationReader {
  readonly #request: EncodeRequest;
  /** Paths by role. */
  readonly #listed: ReadonlyMap<string, ReadonlySet<string>>;
  #isRight = true;

  constructor(request: EncodeRequest) {
    this.#request = request;
    this.#listed = new Map([...request.inputs].map(([role, paths]) => [role, new Set(paths)]));
  }

  read(): GlyphDeclaration | undefined {
    const { build, inputs } = this.#request;
    for (const role of inputs.keys()) {
      if (!ROLES.includes(role))
        this.#wrong(`/inputs${pointerToken(role)}`, 'a glyph bank has no such role', 'tiles, palettes', role);
    }
    if (build === undefined) {
      this.#wrong('', 'a glyph bank needs a build', 'build with tile_size and palettes');
      return undefined;
    }
    const { tileSize } = build;
    if (!TILE_SIZES.includes(tileSize)) {
      this.#wrong('/build/tile_size', 'not a tile size', '8, 16 or 32', tileSize);
      return undefined;
    }
    const tiles = this.#tiles(build.tiles, sheetCapacity(tileSize));
    const palettes = this.#palettes(build.palettes);
    this.#checkUse('tiles', tiles);
    this.#checkUse('palettes', palettes);
    return this.#isRight ? { tileSize, tiles, palettes } : undefined;
  }

  #tiles(lines: readonly GlyphTile[], capacity: number): TileSource[] {
    if (lines.length > capacity) {
      this.#tooMany('/build/tiles', 'tiles', capacity, lines.length);
      return [];
    }
    if (lines.length > 0) return lines.flatMap((each, i) => this.#tile(each, i, capacity) ?? []);
    const inputs = this.#request.inputs.get('tiles') ?? [];
    if (inputs.length === 0)
      this.#wrong('/inputs', 'a glyph bank needs a tile', 'at least one image in the role tiles');
    if (inputs.length > capacity) this.#tooMany('/inputs/tiles', 'tiles', capacity, inputs.length);
    return inputs.map((input, index) => ({ kind: 'image', index, input, pointer: `/inputs/tiles/${index}` }));
  }

  #tile(line: GlyphTile, i: number, capacity: number): TileSource | undefined {
    const pointer = `/build/tiles/${i}`;
    const { index, firstIndex, input, column, row } = line;
    if ((index === undefined) === (firstIndex === undefined)) {
      return this.#wrong(pointer, 'a line of tiles has one kind of index', 'either index or first_index');
    }
    if ((column === undefined) !== (row === undefined) || (firstIndex !== undefined && column !== undefined)) {
      return this.#wrong(pointer, 'column and row do not stand as they should', 'both beside index, or neither');
    }
    const first = (index ?? firstIndex) as number;
    const member = index === undefined ? 'first_index' : 'index';
    if (!this.#isIndex(first, `${pointer}/${member}`, 'tiles', capacity)) return undefined;
    if (!this.#isInput('tiles', input, `${pointer}/input`)) return undefined;
    const base = { index: first, input, pointer };
    if (firstIndex !== undefined) return { kind: 'sheet', ...base };
    return column === undefined || row === undefined
      ? { kind: 'image', ...base }
      : { kind: 'cell', ...base, column, row };
  }

  #palettes(lines: readonly GlyphPalette[]): PaletteSource[] {
    if (lines.length === 0) this.#wrong('/build', 'a glyph bank needs a palette', `1 to ${PALETTE_COUNT} palettes`);
    if (lines.length <= PALETTE_COUNT) return lines.flatMap((each, i) => this.#palette(each, i) ?? []);
    this.#tooMany('/build/palettes', 'palettes', PALETTE_COUNT, lines.length);
    return [];
  }

  #palette({ index, colors, input }: GlyphPalette, i: number): PaletteSource | undefined {
    const pointer = `/build/palettes/${i}`;
    if (!this.#isIndex(index, `${pointer}/index`, 'palettes', PALETTE_COUNT)) return undefined;
    if ((input === undefined) === (colors.length === 0)) {
      return this.#wrong(pointer, 'a palette has one source of colours', 'either colors or input');
    }
    if (input !== undefined) {
      const isListed = this.#isInput('palettes', input, `${pointer}/input`);
      return isListed ? { index, pointer, colours: undefined, input } : undefined;
    }
    if (colors.length !== COLOURS_PER_PALETTE) {
      return this.#wrong(`${pointer}/colors`, 'a palette has a fixed number of colours', '16', colors.length);
    }
    const colours = colors.flatMap((text, each) => {
      const colour = parseColour(text);
      return colour ?? this.#wrong(`${pointer}/colors/${each}`, 'not a colour', '#rrggbb', text) ?? [];
    });
    return { index, pointer, colours, input: undefined };
  }

  #isIndex(index: number, pointer: string, what: 'tiles' | 'palettes', capacity: number): boolean {
    if (!Number.isSafeInteger(index) || index < 0)
      this.#wrong(pointer, 'not an index', 'a whole number from 0 on', index);
    else if (index >= capacity) this.#tooMany(pointer, what, capacity, undefined, index);
    else return true;
    return false;
  }

  #isInput(role: 'tiles' | 'palettes', input: string, pointer: string): boolean {
    if (this.#listed.get(role)?.has(input) === true) return true;
    this.#wrong(pointer, `the path is not listed in the role ${role}`, `a path of /inputs/${role}`, input);
    return false;
  }

  /** Warns of inputs that are listed for nothing. */
  #checkUse(role: 'tiles' | 'palettes', sources: readonly { readonly input: string | undefined }[]): void {
    const used = new Set(sources.map(({ input }) => input));
    for (const [i, input] of (this.#request.inputs.get(role) ?? []).entries()) {
      if (!this.#isRight || used.has(input)) continue;
      this.#request.report('GLYPH_INPUT_UNUSED', {
        what: `nothing uses the input ${show(input)}`,
        where: { pointer: `/inputs/${role}/${i}` },
        hint: `name it in build.${role}, or take it out of inputs`,
      });
    }
  }

  #tooMany(pointer: string, what: 'tiles' | 'palettes', capacity: number, count?: number, index?: number): void {
    this.#isRight = false;
    this.#request.report('GLYPH_CAPACITY', capacityFault(pointer, what, capacity, { count, index }));
  }

  #wrong(pointer: string, what: string, expected: string, actual?: unknown): undefined {
    this.#isRight = false;
    this.#request.report('GLYPH_BUILD', {
      what,
      where: { pointer },
      expected: new Phrase(expected),
      ...(actual !== undefined && { actual }),
    });
  }
}

/** More tiles or palettes than there is room for, told by their count or by an index. */
export function capacityFault(
  pointer: string,
  what: 'tiles' | 'palettes',
  capacity: number,
  { count, index }: { readonly count?: number | undefined; readonly index?: number | undefined },
) {
  return {
    what: `there is no room for so many ${what}`,
    where: { pointer },
    expected: new Phrase(index === undefined ? `at most ${capacity}` : `an index of at most ${capacity - 1}`),
    actual: index ?? count,
  };
}
