/** Runs the glyph encoder on inputs in memory. */
import { type Diagnostic, Diagnostics } from '../../src/errors.js';
import type { JsonObject } from '../../src/format.js';
import type { EncodedBank, GlyphBuild } from '../../src/workspace/bank-encoder.js';
import { GLYPH_ENCODER } from '../../src/workspace/glyph/encoder.js';

/** A glyph bank's declaration and its files. */
export interface GlyphProject {
  readonly build?: Partial<GlyphBuild> | undefined;
  /** Files by path, in the role `tiles`. */
  readonly tiles?: { readonly [path: string]: Uint8Array };
  /** Files by path, in the role `palettes`. */
  readonly palettes?: { readonly [path: string]: Uint8Array };
  readonly inputs?: { readonly [role: string]: readonly string[] };
  readonly metadata?: JsonObject;
  readonly decodedSize?: number;
}

/** What came of it. */
export interface GlyphOutcome {
  readonly bank: EncodedBank | undefined;
  /** The bank's payload; empty without one. */
  readonly payload: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

/** 16 greys that RGB565 holds. */
export const GREYS = Array.from({ length: 16 }, (_, i) => {
  const [five, six] = [i * 2, i * 4];
  return ((five << 3) | (five >> 2)) * 0x10001 + (((six << 2) | (six >> 4)) << 8);
});

/** The same as a declaration has it. */
export const GREY_TEXTS = GREYS.map((colour) => `#${colour.toString(16).padStart(6, '0')}`);

/** Encodes; without `build.palettes` there is one of greys, without `tileSize` tiles have 8 pixels. */
export async function encodeGlyph(project: GlyphProject): Promise<GlyphOutcome> {
  const { tiles = {}, palettes = {}, metadata = {}, decodedSize } = project;
  const report = new Diagnostics();
  const build = { tileSize: 8, tiles: [], palettes: [{ index: 0, colors: GREY_TEXTS }], ...project.build };
  const roles = { tiles: Object.keys(tiles), palettes: Object.keys(palettes), ...project.inputs };
  const bank = await GLYPH_ENCODER.encode({
    build: 'build' in project && project.build === undefined ? undefined : build,
    inputs: new Map(Object.entries(roles).filter(([, paths]) => paths.length > 0)),
    metadata,
    decodedSize,
    read: async (path) => {
      const bytes = tiles[path] ?? palettes[path];
      if (bytes === undefined) throw new Error(`${path} is not there`);
      return bytes;
    },
    report: (code, parts) => report.report(code, parts),
  });
  return {
    bank,
    payload: bank?.payload instanceof Uint8Array ? bank.payload : new Uint8Array(),
    diagnostics: report.list,
  };
}
