/**
 * Makes inputs in the work folder: noise from a fixed seed, plans that name it, and artifacts packed from them. What is complete is kept and used
 * again; what an interrupted run left behind is made anew.
 */
import { createCipheriv, createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Corpus, scaled } from './corpora.ts';

/** Part of every folder's name: another number makes all inputs anew. */
const GENERATION = 1;
const BLOCK = 2 ** 20;
const FILES_PER_FOLDER = 1_000;

/** An input on the disk. */
export interface MadeCorpus {
  readonly name: string;
  readonly folder: string;
  /** Payload files are below it; absent of an `inline` corpus. */
  readonly payload: string;
  /** Paths of the files relative to `payload`, each with a NUL behind it. */
  readonly list: string;
  readonly plan: string;
  /** Assets. */
  readonly count: number;
  /** Bytes of all payloads. */
  readonly bytes: number;
  /** Those of them that stand in the plan. */
  readonly inlineBytes: number;
}

/** Where inputs are and how large. */
export interface CorpusOptions {
  readonly work: string;
  readonly scale: number;
  /** The folder of the `tree` corpus. */
  readonly data: string;
}

/** Whether an input is there already. */
export function isMade(name: string, options: CorpusOptions): boolean {
  return existsSync(join(folderOf(name, options), 'made.json'));
}

/** Makes an input, unless it is there. */
export function makeCorpus(name: string, corpus: Corpus, options: CorpusOptions): MadeCorpus {
  const folder = folderOf(name, options);
  if (!isMade(name, options)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'payload'), { recursive: true });
    const figures = fill(folder, name, scaled(corpus, options.scale), options);
    writeFileSync(join(folder, 'made.part'), `${JSON.stringify(figures)}\n`);
    renameSync(join(folder, 'made.part'), join(folder, 'made.json'));
  }
  const { count, bytes } = JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8')) as {
    count: number;
    bytes: number;
  };
  return {
    name,
    folder,
    payload: join(folder, 'payload'),
    list: join(folder, 'list'),
    plan: join(folder, 'plan.json'),
    count,
    bytes,
    inlineBytes: corpus.kind === 'inline' ? bytes : 0,
  };
}

/** The folder of an input of one scale. */
function folderOf(name: string, { work, scale }: CorpusOptions): string {
  return join(work, 'corpora', `${name}-${scale}-${GENERATION}`);
}

/** Makes the files and the plan; returns what they come to. */
function fill(folder: string, name: string, corpus: Corpus, options: CorpusOptions): { count: number; bytes: number } {
  const noise = noiseOf(name);
  const plan = new PlanFile(join(folder, 'plan.json'));
  let bytes = 0;
  try {
    if (corpus.kind === 'inline') {
      for (let i = 0; i < corpus.count; i += 1) plan.add({ inline: noise(corpus.size).toString('base64') });
      bytes = corpus.count * corpus.size;
    } else {
      const files = corpus.kind === 'tree' ? copyTree(folder, corpus, options) : noiseFiles(folder, corpus, noise);
      for (const file of files) plan.add({ file: `payload/${file}` });
      const sizes = files.map((file) => statSync(join(folder, 'payload', file)).size);
      bytes = sizes.reduce((sum, size) => sum + size, 0);
      writeFileSync(join(folder, 'list'), [...new Set(files)].map((file) => `${file}\0`).join(''));
    }
  } finally {
    plan.end();
  }
  return { count: plan.count, bytes };
}

/** Noise that is the same for each run and cannot be compressed: the key stream of a cipher. */
function noiseOf(name: string): (size: number) => Buffer {
  const key = createHash('sha256').update(`assets-pa bench ${name}`).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(BLOCK);
  return (size) => cipher.update(zeros.subarray(0, size));
}

/** The paths of the assets' files, in order; a `repeated` one has the same path for all. */
function noiseFiles(folder: string, { kind, count, size }: Corpus, noise: (size: number) => Buffer): string[] {
  const paths = Array.from({ length: kind === 'repeated' ? 1 : count }, (_, i) => {
    const number = String(i).padStart(6, '0');
    return `${number.slice(0, 3)}/${number}.bin`;
  });
  for (const [i, path] of paths.entries()) {
    if (i % FILES_PER_FOLDER === 0) mkdirSync(dirname(join(folder, 'payload', path)));
    const file = openSync(join(folder, 'payload', path), 'w');
    try {
      for (let left = size; left > 0; left -= BLOCK) writeSync(file, noise(Math.min(left, BLOCK)));
    } finally {
      closeSync(file);
    }
  }
  return kind === 'repeated' ? Array.from({ length: count }, () => paths[0] as string) : paths;
}

/** Copies the first files of somebody's tree, by path. */
function copyTree(folder: string, { count }: Corpus, { data }: CorpusOptions): string[] {
  const files = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(data.length + 1))
    .sort()
    .slice(0, count);
  for (const file of files) cpSync(join(data, file), join(folder, 'payload', file));
  return files;
}

/** A plan that is written as it grows, so that a million assets need no memory. */
class PlanFile {
  count = 0;
  readonly #file: number;
  #text = '{"schema_version":1,"assets":[';

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /** Adds an asset with a payload. */
  add(payload: Readonly<Record<string, string>>): void {
    const members = { asset_id: this.count, asset_name: `asset ${this.count}`, bank_type: 'SCENE', ...payload };
    this.#text += `${this.count === 0 ? '' : ','}\n${JSON.stringify(members)}`;
    this.count += 1;
    if (this.#text.length > BLOCK) this.#flush();
  }

  end(): void {
    this.#text += '\n]}\n';
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeFileSync(this.#file, this.#text);
    this.#text = '';
  }
}
