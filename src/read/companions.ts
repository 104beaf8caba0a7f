/** The companions of an artifact, held against it (C1-C3, C6). */
import { canonicalChunks, type Writing } from '../codec/canonical.js';
import { writeAssetTable, writePreload } from '../codec/header-v1.js';
import { textAt } from '../codec/utf8.js';
import { AssetsPaError, bytesPhrase, fault, ioStep, Phrase, systemCode } from '../errors.js';
import { type AssetEntry, type Header, OUTPUT_NAMES } from '../format.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm, type Digests } from '../host/digests.js';
import { type FileSystem, OPEN_INPUT, type OpenFile } from '../host/fs.js';
import { joinPath } from '../host/paths.js';
import { type OpenArtifact, readAt } from './artifact.js';
import { type MetadataFacts, readMetadata } from './metadata-companion.js';
import type { Scanned } from './scan.js';

/** More than the metadata of any table that a header can hold; less than what one buffer can. */
const METADATA_MAX = 2_147_483_647;

/** The companions of one artifact, whose report receives what is wrong with them. */
export class Companions {
  readonly #folder: string;
  readonly #artifact: OpenArtifact;
  readonly #fs: FileSystem;
  #metadata: MetadataFacts | undefined;

  private constructor(folder: string, artifact: OpenArtifact, fs: FileSystem) {
    this.#folder = folder;
    this.#artifact = artifact;
    this.#fs = fs;
  }

  /** Reads the companions in a folder and judges what needs no payload byte. */
  static async open(folder: string, artifact: OpenArtifact, fs: FileSystem): Promise<Companions> {
    const companions = new Companions(folder, artifact, fs);
    // A header with faults has no canonical text to be mirrored.
    const header = artifact.isLaidOut ? (artifact.header as Header) : undefined;
    await companions.#mirror(OUTPUT_NAMES.assetTable, 'C1', header && ((to) => writeAssetTable(to, header.assetTable)));
    await companions.#mirror(OUTPUT_NAMES.preload, 'C2', header && ((to) => writePreload(to, header.preload)));
    await companions.#reading(OUTPUT_NAMES.metadata, async (file, size, path) => {
      if (size > METADATA_MAX) {
        const expected = bytesPhrase(METADATA_MAX, 'at most ');
        throw fault('COMPANION_INVALID', { what: 'no companion is so large', where: { path }, expected, actual: size });
      }
      companions.#metadata = readMetadata(await readAt(file, 0, size), path, artifact.report);
    });
    return companions;
  }

  /** The digests of the whole file that are stated. */
  get algorithms(): readonly DigestAlgorithm[] {
    return statedIn(this.#metadata?.artifact.digests);
  }

  /** The digests of a payload that are stated. */
  contentOf(index: number): readonly DigestAlgorithm[] {
    return statedIn(this.#stated(index));
  }

  /** Judges what was computed from the bytes. */
  judge({ digests, contents }: Scanned): void {
    if (this.#metadata === undefined || this.#isStale(this.#metadata, digests)) return;
    this.#judgeAssets(this.#metadata);
    for (const [index, found] of contents) {
      const stated = this.#stated(index);
      const algorithm = this.contentOf(index).find((each) => found[each] !== stated?.[each]);
      if (algorithm === undefined) continue;
      const { assetId, offset } = this.#entry(index);
      this.#artifact.report.report('DIGEST_MISMATCH', {
        what: 'the payload is not the one that the metadata companion describes',
        where: { pointer: `/asset_table/${index}`, offset: Number(this.#artifact.prelude?.payloadOffset) + offset },
        asset_id: assetId,
        expected: stated?.[algorithm],
        actual: found[algorithm],
        hint: 'pack again; the companion or the payload was changed afterwards',
      });
    }
  }

  #entry(index: number): AssetEntry {
    return this.#artifact.header?.assetTable[index] as AssetEntry;
  }

  #stated(index: number): Digests | undefined {
    return this.#metadata?.contents.get(this.#entry(index).assetId);
  }

  /** C3: whether the companion describes another artifact. */
  #isStale({ path, artifact, layout }: MetadataFacts, digests: Digests): boolean {
    const { fileSize, prelude, isLaidOut, report } = this.#artifact;
    const payloadOffset = Number(prelude?.payloadOffset);
    const layoutClaims = [
      ['/layout/header_len', layout.headerLen, prelude?.headerLen],
      ['/layout/payload_offset', layout.payloadOffset, payloadOffset],
      ['/layout/payload_size', layout.payloadSize, fileSize - payloadOffset],
    ] as const;
    const claims: readonly (readonly [pointer: string, stated: unknown, found: unknown])[] = [
      ['/artifact/size', artifact.size, fileSize],
      ...(isLaidOut ? layoutClaims : []),
      ...this.algorithms.map((each) => [`/artifact/digests/${each}`, artifact.digests[each], digests[each]] as const),
    ];
    const wrong = claims.find(([, stated, found]) => stated !== found);
    if (wrong === undefined) return false;
    const [pointer, stated, found] = wrong;
    report.report('COMPANION_STALE', {
      what: 'the metadata companion describes another artifact',
      where: { path, pointer },
      expected: found,
      actual: stated,
      hint: 'the artifact was changed after it was packed, or a pack was cut off while it published: pack again; --plan shows which payloads differ',
    });
    return true;
  }

  /** C3: one entry of the companion for each entry of the table. */
  #judgeAssets({ path, assets }: MetadataFacts): void {
    if (!this.#artifact.isLaidOut) return;
    const { assetTable: table } = this.#artifact.header as Header;
    for (let i = 0; i < Math.max(table.length, assets.length); i += 1) {
      const [entry, asset] = [table[i], assets[i]];
      if (entry?.assetId === asset?.assetId && entry?.assetName === asset?.assetName) continue;
      this.#artifact.report.report('COMPANION_MISMATCH', {
        what: "the metadata companion's assets are not those of the header",
        clause: 'C3',
        where: { path, pointer: `/assets/${i}` },
        expected:
          entry === undefined ? new Phrase('no more assets') : { asset_id: entry.assetId, asset_name: entry.assetName },
        actual: asset === undefined ? new Phrase('none') : { asset_id: asset.assetId, asset_name: asset.assetName },
      });
      return;
    }
  }

  /** C1, C2: a mirror is the byte-exact canonical text of its part of the header. */
  #mirror(name: string, clause: string, write: Writing | undefined): Promise<void> {
    return this.#reading(name, async (file, size, path) => {
      const found = write && (await firstDifference(file, size, canonicalChunks(write)));
      if (found === undefined) return;
      const { offset, ...values } = found;
      this.#artifact.report.report('COMPANION_MISMATCH', {
        what: 'the companion is not the text of this part of the header',
        clause,
        where: { path, offset },
        ...values,
        hint: 'pack again: companions are never edited',
      });
    });
  }

  /** Reads one companion; what keeps it from being read is reported. */
  async #reading(name: string, use: (file: OpenFile, size: number, path: string) => Promise<void>): Promise<void> {
    const path = joinPath(this.#folder, name);
    try {
      await ioStep('INPUT_READ', 'the companion cannot be read', path, () => this.#withFile(path, use));
    } catch (error) {
      if (!(error instanceof AssetsPaError)) throw error;
      for (const each of error.diagnostics) this.#artifact.report.add(each);
    }
  }

  async #withFile(path: string, use: (file: OpenFile, size: number, path: string) => Promise<void>): Promise<void> {
    const file = await this.#fs.open(path, OPEN_INPUT).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
      const hint = 'pack into this directory, or name another with --companions';
      throw fault('COMPANION_INVALID', { what: 'the companion is missing', where: { path }, hint }, error);
    });
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw fault('COMPANION_INVALID', { what: 'this is no regular file', where: { path } });
      await use(file, stat.size, path);
    } finally {
      await file.close();
    }
  }
}

function statedIn(digests: Digests = {}): readonly DigestAlgorithm[] {
  return DIGEST_ALGORITHMS.filter((algorithm) => digests[algorithm] !== undefined);
}

/** The first byte of a file that is not what it has to be, with what stands and should stand there. */
async function firstDifference(
  file: OpenFile,
  size: number,
  chunks: Iterable<Uint8Array>,
): Promise<{ offset: number; expected: unknown; actual: unknown } | undefined> {
  let at = 0;
  for (const chunk of chunks) {
    const found = await readAt(file, at, Math.min(chunk.length, size - at));
    const i = chunk.findIndex((byte, k) => byte !== found[k]);
    if (i >= 0) return { offset: at + i, expected: textAt(chunk, i) ?? THE_END, actual: textAt(found, i) ?? THE_END };
    at += chunk.length;
  }
  if (at === size) return undefined;
  const rest = await readAt(file, at, Math.min(REST_SHOWN, size - at));
  return { offset: at, expected: THE_END, actual: textAt(rest, 0) };
}

const THE_END = new Phrase('the end');
/** Bytes read of what should not be there. */
const REST_SHOWN = 24;
