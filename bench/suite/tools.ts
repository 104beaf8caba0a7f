/** The commands that are measured: ours and everybody else's, as text for a shell. */
import { join } from 'node:path';
import type { MadeCorpus } from './make-corpus.ts';

const ROOT = join(import.meta.dirname, '../..');
const PEERS = join(ROOT, 'bench/peers');

/** The command line as it is shipped. */
export const CLI = join(ROOT, 'dist/cli/main.js');

/** What a command has to do. */
export interface Job {
  readonly corpus: MadeCorpus;
  /** An empty folder for the output. */
  readonly out: string;
  /** Whether the output has to be on the disk at the end. */
  readonly fsync: boolean;
  /** Starts Node, with its options. */
  readonly node: string;
}

/** A command, and the file that has to hold all bytes of the input when it has ended. */
export interface Tool {
  readonly command: (job: Job) => string;
  /** `file`: an output that holds all bytes; `digest`: nothing but a digest on standard output; `nothing`: no bytes at all. */
  readonly makes: 'file' | 'digest' | 'nothing';
}

/** A word of a shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Where a job's command puts its output. */
export function outputOf(job: Job): string {
  return join(job.out, 'assets.pa');
}

/** `assets-pa pack`: into a folder, which syncs, or to standard output into a file, which does not. */
export function pack(digest: string, ...options: readonly string[]): Tool {
  return {
    makes: 'file',
    command(job) {
      const words = [job.node, quoted(CLI), 'pack', quoted(job.corpus.plan), '--digest', digest, '--quiet', ...options];
      if (!job.fsync) return [...words, '--stdout', '>', quoted(outputOf(job))].join(' ');
      return [...words, '--progress never', '-o', quoted(job.out)].join(' ');
    },
  };
}

/** A pack that nobody keeps: what the work costs without the disk. */
export const PACK_TO_NOTHING: Tool = {
  makes: 'nothing',
  command: ({ node, corpus }) =>
    `${node} ${quoted(CLI)} pack ${quoted(corpus.plan)} --digest xxh64 --stdout --quiet > /dev/null`,
};

/** A pack through a pipe. */
export const PACK_PIPED: Tool = {
  makes: 'file',
  command: (job) =>
    `${job.node} ${quoted(CLI)} pack ${quoted(job.corpus.plan)} --digest xxh64 --stdout --quiet | cat > ${quoted(outputOf(job))}`,
};

/** The library with a stream for each payload, whose size is stated or not. */
export function packStreams(sizes: 'sized' | 'unsized'): Tool {
  return {
    makes: 'file',
    command(job) {
      const sink = job.fsync ? 'folder' : 'file';
      const program = quoted(join(ROOT, 'bench/pack-streams.mjs'));
      const target = quoted(job.fsync ? job.out : outputOf(job));
      return `${job.node} ${program} ${sizes} ${quoted(job.corpus.payload)} ${sink} ${target}`;
    },
  };
}

/** A command of ours that makes no file. */
export function ours(arguments_: (artifact: string, copy: string) => string): Tool {
  return {
    makes: 'nothing',
    command: ({ node, corpus }) =>
      `${node} ${quoted(CLI)} ${arguments_(quoted(packedOf(corpus)), quoted(copyOf(corpus)))}`,
  };
}

/** The artifact of a corpus that a case reads. */
export function packedOf({ folder }: MadeCorpus): string {
  return join(folder, 'packed/assets.pa');
}

/** A copy of it. */
export function copyOf({ folder }: MadeCorpus): string {
  return join(folder, 'packed/copy.pa');
}

/** A command into a file, and a sync of that file where the job wants one. */
function into(command: (job: Job, output: string) => string): Tool {
  return {
    makes: 'file',
    command(job) {
      const output = quoted(outputOf(job));
      return `${command(job, output)}${job.fsync ? ` && sync ${output}` : ''}`;
    },
  };
}

function digesting(command: (job: Job) => string): Tool {
  return { makes: 'digest', command };
}

/** The one file of a corpus that has one. */
function onlyFile({ payload }: MadeCorpus): string {
  return quoted(join(payload, '000/000000.bin'));
}

/** A program of `bench/peers` over a folder of files, or over a plan with inline payloads. */
function program(interpreter: string, name: string, ...more: readonly string[]): Tool {
  return into(({ corpus }, output) => {
    const input = corpus.inlineBytes > 0 ? corpus.plan : corpus.payload;
    return [interpreter, quoted(join(PEERS, name)), quoted(input), output, ...more].join(' ');
  });
}

const node = quoted(process.execPath);

const peers = {
  cat: into(({ corpus }, output) =>
    corpus.count === 1
      ? `cat ${onlyFile(corpus)} > ${output}`
      : `(cd ${quoted(corpus.payload)} && xargs -0 -a ${quoted(corpus.list)} cat) > ${output}`,
  ),
  'cat-piped': into(({ corpus }, output) => `cat ${onlyFile(corpus)} | cat > ${output}`),
  cp: into(({ corpus }, output) => `cp --reflink=never --sparse=never ${onlyFile(corpus)} ${output}`),
  tar: into(({ corpus }, output) => `tar -cf ${output} -C ${quoted(corpus.payload)} .`),
  'tee-sha256sum': into(({ corpus }, output) => `tee ${output} < ${onlyFile(corpus)} | sha256sum`),
  sha256sum: digesting(({ corpus }) => `sha256sum ${onlyFile(corpus)}`),
  'sha256sum-artifact': digesting(({ corpus }) => `sha256sum ${quoted(packedOf(corpus))}`),
  xxhsum: digesting(({ corpus }) => `xxhsum -H1 ${quoted(packedOf(corpus))}`),
  cmp: {
    makes: 'nothing',
    command: ({ corpus }) => `cmp ${quoted(packedOf(corpus))} ${quoted(copyOf(corpus))}`,
  },
  '@electron/asar': program(node, 'asar.mjs'),
  'tar-stream': program(node, 'tar-stream.mjs'),
  'tar-stream-streams': program(node, 'tar-stream.mjs', 'streams'),
  yazl: program(node, 'yazl.mjs'),
  zipfile: program('python3', 'zip_store.py'),
  node: { makes: 'nothing', command: () => `${node} -e 0` },
} as const satisfies Record<string, Tool>;

/** Everybody else. */
export const PEER_TOOLS: Readonly<Record<PeerName, Tool>> = peers;

/** The name of a peer. */
export type PeerName = keyof typeof peers;

/** Peers that `npm ci` in `bench/peers` installs. */
export const NPM_PEERS: readonly PeerName[] = ['@electron/asar', 'tar-stream', 'tar-stream-streams', 'yazl'];
