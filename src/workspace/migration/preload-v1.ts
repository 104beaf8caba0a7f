/** What a registry of version 1 preloads: a list of names, where version 2 has it in each `asset.json`. */
import type { DocumentReport } from '../document-report.js';

/** `preload` of an `asset.json` of version 2. */
export interface PreloadState {
  readonly enabled: boolean;
  readonly slot?: number;
}

/** A line of the list. */
export interface PreloadLine {
  /** Name of an asset. */
  readonly name: string;
  readonly slot: number | undefined;
  /** Of the name, into the registry. */
  readonly pointer: string;
}

/** An asset that a line may mean; an asset whose `asset.json` cannot be read has no declaration. */
interface NamedAsset {
  readonly entry: { readonly assetId: number };
  readonly anchor: string;
  readonly declaration:
    | {
        readonly name: string;
        readonly preload: { readonly enabled: boolean; readonly slot: number | undefined };
        /** Undefined when the document says itself what is preloaded. */
        readonly migrated: unknown;
      }
    | undefined;
}

/** The list. */
export class PreloadV1 {
  readonly #lines: ReadonlyMap<string, PreloadLine>;

  /** @param lines Each name once. */
  constructor(lines: readonly PreloadLine[]) {
    this.#lines = new Map(lines.map((each) => [each.name, each]));
  }

  /** What the list says of a name. */
  of(name: string): PreloadState {
    const line = this.#lines.get(name);
    if (line === undefined) return { enabled: false };
    return { enabled: true, ...(line.slot !== undefined && { slot: line.slot }) };
  }

  /**
   * Looks whether each name means one asset, and none that says otherwise itself.
   *
   * @param assets All of the registry.
   * @param report That of the registry; receives `PRELOAD_INVALID`.
   */
  check(assets: readonly NamedAsset[], report: DocumentReport): void {
    const holders = new Map<string, NamedAsset[]>();
    for (const asset of assets) {
      const name = asset.declaration?.name;
      if (name === undefined) continue;
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [asset]);
      else known.push(asset);
    }
    const isWhole = assets.every(({ declaration }) => declaration !== undefined);
    for (const line of this.#lines.values()) checkLine(line, holders.get(line.name) ?? [], isWhole, report);
  }
}

function checkLine(
  { name, slot, pointer }: PreloadLine,
  holders: readonly NamedAsset[],
  isWhole: boolean,
  report: DocumentReport,
): void {
  const [only] = holders;
  if (only === undefined) {
    report.at('PRELOAD_INVALID', pointer, {
      what: 'what is preloaded is the name of no registered asset',
      actual: name,
      hint: isWhole
        ? 'correct the name, or remove the line'
        : 'an asset.json that is missing or broken may have this name: restore it first; else correct the name, or remove the line',
    });
    return;
  }
  if (holders.length > 1) {
    report.at('PRELOAD_INVALID', pointer, {
      what: 'what is preloaded is the name of more than one asset',
      actual: name,
      details: { asset_ids: holders.map(({ entry }) => entry.assetId) },
      hint: 'give each of the assets a name of its own',
    });
    return;
  }
  const { migrated, preload } = only.declaration as NonNullable<NamedAsset['declaration']>;
  if (migrated !== undefined || (preload.enabled && preload.slot === slot)) return;
  report.at('PRELOAD_INVALID', pointer, {
    what: 'what is preloaded has an asset.json of version 2 that says otherwise',
    actual: name,
    details: { asset_ids: [only.entry.assetId] },
    hint: `remove the line, or correct "preload" in ${only.anchor}`,
  });
}
