/** The whole contract, held against one file: structure, padding, companions, digests. */
import type { Diagnostic } from '../errors.js';
import { type DigestAlgorithm, type Digests, digestFactory } from '../host/digests.js';
import { type FileSystem, nodeFileSystem } from '../host/fs.js';
import { Interruption } from '../host/interruption.js';
import { type OpenArtifact, withArtifact } from './artifact.js';
import { Companions } from './companions.js';
import { inRuntimeProfile, type Profile, type RuntimeVerdict, runtimeVerdict } from './runtime-profile.js';
import { scanAll } from './scan.js';

/** How far a reading pass has come. */
export interface ReadProgress {
  /** Bytes read. */
  readonly bytes: number;
  /** Bytes in all. */
  readonly totalBytes: number;
}

/** Options of {@link verifyArtifact}. */
export interface VerifyOptions {
  /** `strict`: everything in the contract. `runtime`: what a game runtime has to reject. Defaults to `strict`. */
  readonly profile?: Profile | undefined;
  /** The folder of the companions to be held against the artifact (C1-C3). Defaults to none. */
  readonly companions?: string | undefined;
  /** Interrupts the work. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every piece of the file; must be quick. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
  /** The file system. Defaults to the machine's own. */
  readonly fs?: FileSystem | undefined;
}

/** What {@link verifyArtifact} found. */
export interface Verification {
  /** The file, as the caller named it. */
  readonly path: string;
  readonly profile: Profile;
  /** Whether there is no error. */
  readonly ok: boolean;
  /** What a runtime has to say of the file; with the profile `runtime`. */
  readonly runtime?: RuntimeVerdict;
  readonly checked: {
    /** Entries of the asset table that could be read. */
    readonly entries: number;
    /** Bytes of payloads that were read. */
    readonly payloadBytes: number;
  };
  /** Of the whole file: XXH64, and what the companion states. */
  readonly digests: Digests;
  /** At most 1,000, in document order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly diagnosticsOmitted: number;
}

/**
 * Verifies an artifact: reads every byte once, in bounded memory, and reports everything that the gates of the contract let
 * through. Faults of the file are in the result, not thrown.
 *
 * @throws AssetsPaError `INPUT_READ`, `INTERRUPTED`
 */
export function verifyArtifact(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const { fs = nodeFileSystem } = options;
  return withArtifact(path, fs, async (artifact) => {
    const judged = await judgeBytes(artifact, options);
    return verificationOf(artifact, judged, options.profile);
  });
}

/** What reading all bytes of a file gave. */
export interface JudgedBytes {
  readonly payloadBytes: number;
  readonly digests: Digests;
}

const ALWAYS: readonly DigestAlgorithm[] = ['xxh64'];

/** Reads every byte of an open artifact; its report receives what is wrong with padding and companions. */
export async function judgeBytes(artifact: OpenArtifact, options: VerifyOptions): Promise<JudgedBytes> {
  const { fs = nodeFileSystem, companions: folder, signal, onProgress = () => {} } = options;
  const companions = folder === undefined ? undefined : await Companions.open(folder, artifact, fs);
  let bytes = 0;
  const scanned = await scanAll(artifact, {
    digests: await digestFactory([]),
    algorithms: [...ALWAYS, ...(companions?.algorithms ?? [])],
    // Slices that overlap are not hashed: the work is bounded by the file's size.
    contentOf: (index) => (artifact.isLaidOut ? (companions?.contentOf(index) ?? []) : []),
    interruption: new Interruption(signal),
    onBytes: (length) => {
      bytes += length;
      onProgress({ bytes, totalBytes: artifact.fileSize });
    },
  });
  companions?.judge(scanned);
  return scanned;
}

/** Puts together what was found. */
export function verificationOf(
  { path, header, report }: OpenArtifact,
  { payloadBytes, digests }: JudgedBytes,
  profile: Profile = 'strict',
): Verification {
  const isRuntime = profile === 'runtime';
  const { classes } = report;
  const runtime = isRuntime ? runtimeVerdict(classes) : undefined;
  return {
    path,
    profile,
    ok: runtime === undefined ? report.errors === 0 : runtime.verdict !== 'reject' && !classes.has('-'),
    ...(runtime && { runtime }),
    checked: { entries: header?.assetTable.filter((entry) => entry !== undefined).length ?? 0, payloadBytes },
    digests,
    diagnostics: isRuntime ? inRuntimeProfile(report.list) : report.list,
    diagnosticsOmitted: report.omitted,
  };
}
