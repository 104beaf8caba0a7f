/** The cases with peers, as data: which input, what ours does, who does the same, what is to be reached. */
import type { CorpusName } from './corpora.ts';
import { ours, PACK_PIPED, PEER_TOOLS, type PeerName, pack, packStreams, type Tool } from './tools.ts';

/** Who does the same job, and the least ratio that is wanted. */
interface Rival {
  readonly peer: PeerName;
  readonly ratio?: number;
}

/** A case. */
export interface Case {
  readonly name: string;
  readonly what: string;
  readonly corpus: CorpusName;
  readonly ours: Tool;
  readonly rivals: readonly Rival[];
  /** `with`: both sides leave their output on the disk; `without`: neither does; `none`: nothing is written. */
  readonly fsync: 'with' | 'without' | 'none';
  /** What is read is an artifact, or two equal ones. */
  readonly reads?: 'packed' | 'copy';
  /** The most seconds of ours. */
  readonly seconds?: number;
  /** Whether the memory of ours has a limit. */
  readonly limitsMemory: boolean;
}

/** A case that writes. It stands twice in {@link CASES}: with fsync, and without under a name that ends so. */
interface Writing {
  readonly name: string;
  readonly what: string;
  readonly corpus: CorpusName;
  readonly ours: Tool;
  readonly rivals: readonly Rival[];
  readonly fsync?: readonly ('with' | 'without')[];
  readonly seconds?: number;
}

const ARCHIVES: readonly Rival[] = [{ peer: 'tar-stream', ratio: 3 }, { peer: 'yazl', ratio: 3 }, { peer: 'zipfile' }];
const BOTH_DIGESTS = 'sha256,xxh64';

const WRITING: readonly Writing[] = [
  {
    name: 'large-xxh64',
    what: 'one large payload, XXH64',
    corpus: 'large',
    ours: pack('xxh64'),
    rivals: [{ peer: 'cat', ratio: 1 }, { peer: 'cp' }, ...ARCHIVES],
  },
  {
    name: 'large-sha256',
    what: 'one large payload, XXH64 and SHA-256',
    corpus: 'large',
    ours: pack(BOTH_DIGESTS),
    rivals: [{ peer: 'sha256sum', ratio: 0.95 }, { peer: 'tee-sha256sum' }],
  },
  {
    name: 'large-aligned',
    what: 'one large payload, XXH64, alignment 65,536',
    corpus: 'two-gib',
    ours: pack('xxh64', '--align 65536'),
    rivals: [{ peer: 'cat' }],
  },
  {
    name: 'large-piped',
    what: 'one large payload, XXH64, through a pipe',
    corpus: 'two-gib',
    ours: PACK_PIPED,
    rivals: [{ peer: 'cat-piped' }],
    fsync: ['without'],
  },
  {
    name: 'asar-large-xxh64',
    what: 'one payload within the limit of asar, XXH64',
    corpus: 'two-gib',
    ours: pack('xxh64'),
    rivals: [{ peer: '@electron/asar', ratio: 6 }],
  },
  {
    name: 'asar-large-sha256',
    what: 'one payload within the limit of asar, XXH64 and SHA-256',
    corpus: 'two-gib',
    ours: pack(BOTH_DIGESTS),
    rivals: [{ peer: '@electron/asar', ratio: 6 }],
  },
  {
    name: 'medium-xxh64',
    what: '64 payloads of 64 MiB, XXH64',
    corpus: 'medium',
    ours: pack('xxh64'),
    rivals: [{ peer: 'cat' }, { peer: 'tar' }, ...ARCHIVES],
  },
  {
    name: 'small-xxh64',
    what: '16,384 payloads of 64 KiB, XXH64',
    corpus: 'small',
    ours: pack('xxh64'),
    rivals: [{ peer: 'cat' }, { peer: 'tar' }, ...ARCHIVES],
  },
  {
    name: 'small-aligned',
    what: '16,384 payloads of 64 KiB, XXH64, alignment 4,096',
    corpus: 'small',
    ours: pack('xxh64', '--align 4096'),
    rivals: [{ peer: 'tar' }],
  },
  {
    name: 'tiny-xxh64',
    what: '100,000 payloads of 4 KiB, XXH64',
    corpus: 'tiny',
    ours: pack('xxh64'),
    rivals: [{ peer: 'tar', ratio: 1 }, { peer: '@electron/asar', ratio: 4 }, ...ARCHIVES],
  },
  {
    name: 'tiny-sha256',
    what: '100,000 payloads of 4 KiB, XXH64 and SHA-256',
    corpus: 'tiny',
    ours: pack(BOTH_DIGESTS),
    rivals: [{ peer: '@electron/asar', ratio: 4 }],
  },
  {
    name: 'inline-xxh64',
    what: '1,000,000 inline payloads of 64 bytes, XXH64',
    corpus: 'inline',
    ours: pack('xxh64'),
    // A run of yazl had not ended after 17 minutes.
    rivals: ARCHIVES.filter(({ peer }) => peer !== 'yazl'),
  },
  {
    name: 'inline-tenth-xxh64',
    what: '100,000 inline payloads of 64 bytes, XXH64',
    corpus: 'inline-tenth',
    ours: pack('xxh64'),
    rivals: ARCHIVES,
  },
  {
    name: 'real-xxh64',
    what: "a real game's data tree, XXH64",
    corpus: 'real',
    ours: pack('xxh64'),
    rivals: [{ peer: 'tar' }, { peer: '@electron/asar' }, ...ARCHIVES],
  },
  {
    name: 'streams-sized',
    what: '16,384 payloads of 64 KiB as streams with a size, XXH64, library',
    corpus: 'small',
    ours: packStreams('sized'),
    rivals: [{ peer: 'tar-stream-streams', ratio: 3 }, ...ARCHIVES.filter(({ peer }) => peer !== 'tar-stream')],
  },
  {
    name: 'streams-unsized',
    what: '16,384 payloads of 64 KiB as streams without a size, XXH64, library',
    corpus: 'small',
    ours: packStreams('unsized'),
    rivals: [{ peer: 'yazl' }],
  },
  {
    name: 'three',
    what: 'three small payloads, both digests, whole process',
    corpus: 'three',
    ours: pack(BOTH_DIGESTS),
    rivals: [{ peer: 'node' }],
    fsync: ['with'],
    seconds: 0.16,
  },
];

const READING: readonly Case[] = [
  {
    name: 'verify',
    what: '`verify` of one large artifact',
    corpus: 'large',
    ours: ours((artifact) => `verify --quiet ${artifact}`),
    rivals: [{ peer: 'xxhsum', ratio: 0.9 }],
    fsync: 'none',
    reads: 'packed',
    limitsMemory: false,
  },
  {
    name: 'verify-companions',
    what: '`verify --companions` of one large artifact: XXH64 and SHA-256 of the file and of its payload',
    corpus: 'large',
    ours: ours((artifact) => `verify --quiet ${artifact} --companions`),
    rivals: [{ peer: 'sha256sum-artifact' }],
    fsync: 'none',
    reads: 'packed',
    limitsMemory: false,
  },
  {
    name: 'diff',
    what: '`diff` of two equal large artifacts',
    corpus: 'two-gib',
    ours: ours((artifact, copy) => `diff --quiet ${artifact} ${copy}`),
    rivals: [{ peer: 'cmp' }],
    fsync: 'none',
    reads: 'copy',
    limitsMemory: false,
  },
  {
    name: 'version',
    what: '`--version`, whole process',
    corpus: 'three',
    ours: ours(() => '--version'),
    rivals: [{ peer: 'node' }],
    fsync: 'none',
    seconds: 0.09,
    limitsMemory: false,
  },
];

/** A case that writes, in its two forms. A peer that only prints a digest has nothing to sync. */
function forms({ fsync = ['with', 'without'], ...rest }: Writing): Case[] {
  return fsync.map((each) => ({
    ...rest,
    name: each === 'with' ? rest.name : `${rest.name}-nosync`,
    rivals: rest.rivals.filter(({ peer }) => each === 'without' || PEER_TOOLS[peer].makes !== 'digest'),
    fsync: each,
    limitsMemory: true,
  }));
}

/** Every case with peers. */
export const CASES: readonly Case[] = [...WRITING.flatMap(forms), ...READING];

/** A case without peers: what ours costs at growing sizes. */
export interface ScalingCase {
  readonly name: string;
  readonly what: string;
  readonly unit: 'byte' | 'entry';
}

/** Both scaling cases. */
export const SCALING_CASES: readonly ScalingCase[] = [
  { name: 'scaling-bytes', what: 'cost a byte, 256 MiB to 16 GiB', unit: 'byte' },
  { name: 'scaling-entries', what: 'cost an entry, 1,000 to 1,000,000', unit: 'entry' },
];

/** Entries of the headers in the case `micro`. */
export const MICRO_ENTRIES = [1_000, 100_000, 1_000_000] as const;
/** The name of the case that measures the codecs. */
export const MICRO = 'micro';
