/** Checks a vector set against this implementation: its files, its verdicts, its plans. */
import { AssetsPaError } from '../errors.js';
import type { Header } from '../format.js';
import { type DigestFactory, digestFactory } from '../host/digests.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { convertPlan } from '../plan/plan-text.js';
import type { Artifact } from '../read/artifact.js';
import { type Profile, runtimeVerdict } from '../read/runtime-profile.js';
import { readArtifact } from '../read/scan.js';
import { assetObject, preloadObject } from '../report/objects.js';
import { packAssets } from '../write/pack.js';
import { toMemory } from '../write/sink.js';
import type { ConformRow } from './conform.js';
import { type Judgement, judge, type ReaderAnswer } from './judge.js';
import type { Vector, VectorSet } from './manifest.js';

/**
 * Judges every vector of a set: its file is the one that the manifest describes, the strict and the runtime verdict are the expected ones, an
 * accepted file holds what it should, and its plan gives its bytes in both forms.
 *
 * @throws AssetsPaError `INPUT_READ`: the vector set is not complete
 */
export async function selfCheck(set: VectorSet, fs: FileSystem = nodeFileSystem): Promise<ConformRow[]> {
  const digests = await digestFactory(['sha256', 'xxh64']);
  const rows: ConformRow[] = [];
  for (const vector of set.vectors) rows.push({ vector, ...(await new VectorCheck(set, vector, digests, fs).run()) });
  return rows;
}

class VectorCheck {
  readonly #set: VectorSet;
  readonly #vector: Vector;
  readonly #digests: DigestFactory;
  readonly #fs: FileSystem;

  constructor(set: VectorSet, vector: Vector, digests: DigestFactory, fs: FileSystem) {
    this.#set = set;
    this.#vector = vector;
    this.#digests = digests;
    this.#fs = fs;
  }

  /** The first step that fails, else the strict verdict. */
  async run(): Promise<Judgement> {
    const bytes = await this.#set.read(this.#vector.file);
    const artifact = await readArtifact(this.#set.path(this.#vector.file), this.#fs);
    const strict = await this.#verdict('strict', strictAnswer(artifact), artifact, bytes);
    const steps = [
      () => this.#file(bytes),
      () => this.#place(artifact),
      () => this.#verdict('runtime', runtimeAnswer(artifact), artifact, bytes),
      () => this.#plan(bytes),
    ];
    if (strict.verdict === 'fail') return strict;
    for (const step of steps) {
      const judgement = await step();
      if (judgement?.verdict === 'fail') return judgement;
    }
    return strict;
  }

  #fail(expected: string, got: string): Judgement {
    return { verdict: 'fail', expected, got };
  }

  #file(bytes: Uint8Array): Judgement | undefined {
    const { size, sha256, xxh64 } = this.#vector;
    const digester = this.#digests.create();
    digester.update(bytes);
    const found = digester.digest();
    const isRight = bytes.length === size && found.sha256 === `sha256:${sha256}` && found.xxh64 === `xxh64:${xxh64}`;
    return isRight
      ? undefined
      : this.#fail('the file that the manifest describes', `${bytes.length} bytes, ${found.sha256}`);
  }

  /** Where the strict profile finds the fault. */
  #place({ report }: Artifact): Judgement | undefined {
    const { where } = this.#vector.strict;
    const found = firstError(report.list)?.where;
    for (const member of ['pointer', 'offset'] as const) {
      if (where?.[member] === undefined || where[member] === found?.[member]) continue;
      return this.#fail(`${member} ${where[member]}`, `${member} ${found?.[member]}`);
    }
    return undefined;
  }

  async #verdict(profile: Profile, answer: ReaderAnswer, artifact: Artifact, bytes: Uint8Array): Promise<Judgement> {
    const isAccepted = answer.verdict === 'accept' && this.#vector[profile].verdict === 'accept';
    const content = isAccepted ? await this.#set.content(this.#vector) : undefined;
    const judgement = judge(
      this.#vector,
      profile,
      isAccepted ? { ...answer, ...this.#content(artifact, bytes) } : answer,
      content,
    );
    return judgement.verdict === 'fail' ? { ...judgement, expected: `${profile}: ${judgement.expected}` } : judgement;
  }

  /** What an accepted artifact holds. */
  #content({ header, prelude }: Artifact, bytes: Uint8Array): Partial<ReaderAnswer> {
    const { assetTable, preload } = header as Header;
    const start = Number(prelude?.payloadOffset);
    const slices = assetTable.map(({ assetId, offset, size }) => {
      const digester = this.#digests.create();
      digester.update(bytes.subarray(start + offset, start + offset + size));
      return { asset_id: assetId, size, xxh64: digester.digest().xxh64?.slice('xxh64:'.length) };
    });
    return { asset_table: assetTable.map(assetObject), preload: preload.map(preloadObject), slices };
  }

  /** The plan of an accepted vector gives its bytes, as JSON and as protobuf. */
  async #plan(bytes: Uint8Array): Promise<Judgement | undefined> {
    if (this.#vector.plan === undefined) return undefined;
    const json = await this.#set.read(this.#vector.plan);
    const forms = { JSON: () => json, binary: () => convertPlan(json).bytes };
    for (const [form, document] of Object.entries(forms)) {
      const sink = toMemory();
      try {
        await packAssets(document(), sink, { digests: [] });
      } catch (error) {
        if (!(error instanceof AssetsPaError)) throw error;
        return this.#fail('the bytes that its plan gives', `${form} plan refused: ${error.message}`);
      }
      if (Buffer.compare(sink.bytes, bytes) !== 0) {
        return this.#fail('the bytes that its plan gives', `other bytes from the ${form} plan`);
      }
    }
    return undefined;
  }
}

function firstError(list: Artifact['report']['list']): Artifact['report']['list'][number] | undefined {
  return list.find(({ severity }) => severity === 'error');
}

function strictAnswer({ report }: Artifact): ReaderAnswer {
  const code = firstError(report.list)?.code;
  return code === undefined ? { verdict: 'accept' } : { verdict: 'reject', code };
}

function runtimeAnswer({ report }: Artifact): ReaderAnswer {
  const verdict = runtimeVerdict(report.classes);
  return verdict.verdict === 'unspecified' ? { verdict: 'reject' } : verdict;
}
