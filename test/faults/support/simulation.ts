/** Packs under the crash simulator: scenes, what must hold after every crash, and variants that are wrong on purpose. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { currentProcess } from '../../../src/host/process.js';
import { type PlanInput, packAssets, toDirectory } from '../../../src/index.js';
import { type CrashBounds, type CrashState, crashStates } from './crashes.js';
import { EARLIER, Recording, type Step, type Target } from './recorded-fs.js';
import {
  Chance,
  type Figures,
  isExactly,
  lookAt,
  NAMES,
  type Outputs,
  outputsOf,
  putOutputs,
  type Scratch,
  shown,
  Tally,
} from './scene.js';

/** What is there before the pack. */
export const SCENES = ['fresh', 'again', 'debris', 'linked', 'spooled'] as const;
export type SceneName = (typeof SCENES)[number];

const LOCK = '.assets.pa.lock';

/** A pack that was recorded. */
export interface RecordedPack {
  readonly top: string;
  readonly out: string;
  readonly steps: readonly Step[];
  /** What each path meant before, and what the files held. */
  readonly earlier: ReadonlyMap<string, Target>;
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly links: ReadonlyMap<string, string>;
  readonly old: Outputs;
  readonly fresh: Outputs;
  /** Where each output is: behind its link, where there is one. */
  readonly places: ReadonlyMap<string, string>;
  readonly hasSucceeded: boolean;
}

const OLD_TEXT = JSON.stringify({
  schema_version: 1,
  assets: [{ asset_id: 1, asset_name: 'old', bank_type: 'SOUNDS', inline: 'AQID', preload: {} }],
});

/** A payload of several blocks, and two small ones. */
function newPlan(isSpooled: boolean): PlanInput {
  const bytes = new Chance(7).bytes(21_000);
  async function* stream() {
    yield bytes;
  }
  const source = isSpooled ? { stream: stream() } : { inline: bytes };
  return {
    schemaVersion: 1,
    assets: [
      { assetId: 2, assetName: 'first', bankType: 'SOUNDS', inline: new Chance(8).bytes(100), preload: {} },
      { assetId: 3, assetName: 'second', bankType: 'SCENE', ...source },
    ],
  };
}

const NEW_TEXT = JSON.stringify({
  schema_version: 1,
  assets: [
    {
      asset_id: 2,
      asset_name: 'first',
      bank_type: 'SOUNDS',
      inline: Buffer.from(new Chance(8).bytes(100)).toString('base64'),
      preload: {},
    },
    {
      asset_id: 3,
      asset_name: 'second',
      bank_type: 'SCENE',
      inline: Buffer.from(new Chance(7).bytes(21_000)).toString('base64'),
    },
  ],
});

/** Records one pack. @param failAt The call that fails; 0: none. */
export async function recordPack(
  scene: SceneName,
  scratch: Scratch,
  failAt = 0,
): Promise<RecordedPack & { calls: string[] }> {
  const top = scratch.folder();
  const out = scene === 'fresh' ? join(top, 'new/out') : join(top, 'out');
  const encode = (text: string) => new TextEncoder().encode(text);
  const [old, fresh] = [await outputsOf(encode(OLD_TEXT), '.'), await outputsOf(encode(NEW_TEXT), '.')];
  if (scene !== 'fresh') putOutputs(out, old);
  if (scene === 'linked') {
    mkdirSync(join(top, 'elsewhere'));
    for (const name of ['assets.pa', 'preload.json']) {
      renameSync(join(out, name), join(top, 'elsewhere', name));
      symlinkSync(join('../elsewhere', name), join(out, name));
    }
  }
  if (scene === 'debris') {
    const dead = { ...currentProcess(), pid: 4_194_305, token: '00112233aabbccdd' };
    writeFileSync(join(out, LOCK), `${JSON.stringify(dead)}\n`);
    writeFileSync(join(out, '.assets.pa.00112233aabbccdd.assets.pa'), 'debris');
    writeFileSync(join(out, '.assets.pa.lock.00112233aabbccdd.new'), 'debris');
  }
  const { earlier, contents, links } = inventory(top);
  const calls: string[] = [];
  const recording = new Recording((operation, path, to) => {
    calls.push(`${operation} ${basename(path)}${to === undefined ? '' : ` ${basename(to)}`}`);
    if (calls.length === failAt) throw Object.assign(new Error(`EIO: injected, ${operation}`), { code: 'EIO' });
  }, 8_000);
  const places = new Map(
    NAMES.map((name) => {
      const path = join(out, name);
      return [name, links.has(path) ? realpathSync(path) : path];
    }),
  );
  let hasSucceeded = true;
  try {
    await packAssets(newPlan(scene === 'spooled'), toDirectory(out, { fs: recording.fileSystem() }));
  } catch (error) {
    if (failAt === 0) throw error;
    hasSucceeded = false;
  }
  return { top, out, steps: recording.steps, earlier, contents, links, old, fresh, places, hasSucceeded, calls };
}

function inventory(top: string): Pick<RecordedPack, 'earlier' | 'contents' | 'links'> {
  const earlier = new Map<string, Target>();
  const contents = new Map<string, Buffer>();
  const links = new Map<string, string>();
  for (const folders = [top]; folders.length > 0; ) {
    const folder = folders.pop() as string;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) links.set(path, realpathSync(path));
      else if (entry.isDirectory()) {
        earlier.set(path, 'folder');
        folders.push(path);
      } else {
        earlier.set(path, `${EARLIER}${path}`);
        contents.set(`${EARLIER}${path}`, readFileSync(path));
      }
    }
  }
  return { earlier, contents, links };
}

/** For a campaign. */
export const FULL_BOUNDS: CrashBounds = { enumerateUpTo: 200_000, samples: 20_000, mixtures: 4 };

/** Options of {@link simulate}. */
export interface SimulationOptions {
  readonly bounds: CrashBounds;
  readonly seed: number;
  /** How many states are made real, to see what the next pack makes of them. */
  readonly nextPacks: number;
  readonly scratch: Scratch;
}

/** What the simulator saw. */
export interface SimulationFigures extends Figures {
  /** States in which a lock file without its content keeps the next pack out. */
  readonly lockedOut: string[];
  /** States whose new `assets.pa` stands beside a companion that is not its own. */
  readonly mispaired: string[];
}

/** Violations that are kept in words. */
const SHOWN = 20;

/** Looks at every crash state of a recorded pack. */
export async function simulate(pack: RecordedPack, options: SimulationOptions): Promise<SimulationFigures> {
  const chance = new Chance(options.seed);
  const figures: SimulationFigures = { counts: new Tally(), violations: [], maxMs: 0, lockedOut: [], mispaired: [] };
  const { counts, violations } = figures;
  const kinds = classifier(pack);
  const kept: CrashState[] = [];
  let states = 0;
  const prefixes = new Set<number>();
  const covered = { all: new Set<number>(), 'what matters': new Set<number>(), sample: new Set<number>() };
  const { steps, earlier } = pack;
  const matters = new Set(pack.places.values());
  for (const state of crashStates({ steps, earlier, matters, bounds: options.bounds, chance })) {
    states += 1;
    prefixes.add(state.prefix);
    covered[state.coverage].add(state.prefix);
    const { wrong, isMispaired } = judge(pack, state, kinds, counts);
    if (wrong.length > 0 && violations.length < SHOWN) violations.push(`${placeOf(pack, state)}: ${wrong.join(', ')}`);
    if (isMispaired && figures.mispaired.length < SHOWN) figures.mispaired.push(placeOf(pack, state));
    // Each state has the same chance to be kept.
    if (kept.length < options.nextPacks) kept.push(state);
    else if (options.nextPacks > 0) {
      const at = chance.below(states);
      if (at < kept.length) kept[at] = state;
    }
  }
  counts.add('crash points', prefixes.size);
  counts.add('in full', covered.all.size);
  counts.add('in full for the outputs', covered['what matters'].size);
  counts.add('by sample only', covered.sample.size);
  counts.add('states', states);
  for (const state of kept) await packAfter(pack, state, options.scratch, figures);
  return figures;
}

type Kind = 'old' | 'new' | 'absent' | 'torn';

/** Compares each content once. */
function classifier({ contents, old, fresh }: RecordedPack): (name: string, state: CrashState, target: Target) => Kind {
  const known = new Map<string, WeakMap<Buffer, Kind>>(NAMES.map((name) => [name, new WeakMap()]));
  return (name, state, target) => {
    if (target === undefined) return 'absent';
    const bytes = typeof target === 'number' ? state.bytesOf(target) : contents.get(target);
    if (bytes === undefined) return 'torn';
    const ofName = known.get(name) as WeakMap<Buffer, Kind>;
    let kind = ofName.get(bytes);
    if (kind === undefined) {
      kind = fresh[name]?.equals(bytes) ? 'new' : old[name]?.equals(bytes) ? 'old' : 'torn';
      ofName.set(bytes, kind);
    }
    return kind;
  };
}

function judge(
  pack: RecordedPack,
  state: CrashState,
  kindOf: ReturnType<typeof classifier>,
  counts: Tally,
): { wrong: string[]; isMispaired: boolean } {
  const wasThere = pack.earlier.get(pack.places.get('assets.pa') as string) !== undefined;
  const legal: readonly Kind[] = [wasThere ? 'old' : 'absent', 'new'];
  const found = NAMES.map(
    (name) => [name, kindOf(name, state, state.targetOf(pack.places.get(name) as string))] as const,
  );
  const wrong = found.filter(([, kind]) => !legal.includes(kind)).map(([name, kind]) => `${name} is ${kind}`);
  const [, artifact] = found.at(-1) as (typeof found)[number];
  const companions = found.slice(0, 3).map(([, kind]) => kind);
  const isMispaired = artifact === 'new' && companions.some((kind) => kind !== 'new');
  const isOver = state.prefix === pack.steps.length;
  if (isOver && pack.hasSucceeded && artifact !== 'new') wrong.push('the pack was done, and its artifact is not there');
  counts.add(artifact === 'new' ? 'new' : companions.includes('new') ? 'old with newer companions' : 'old or absent');
  return { wrong, isMispaired };
}

function placeOf({ steps }: RecordedPack, state: CrashState): string {
  const last = steps[state.prefix - 1];
  const step = last === undefined ? 'before the first step' : `after step ${state.prefix}, ${stepText(last)}`;
  return `${step} (${state.describe()})`;
}

function stepText(step: Step): string {
  if (step.kind === 'name') return `${step.call} ${basename(step.path)}`;
  return step.kind === 'sync folder' ? `sync ${step.path}` : `${step.kind} ${step.file}`;
}

/** Puts a state on disk, as after a new start of the machine, and packs. */
async function packAfter(
  pack: RecordedPack,
  state: CrashState,
  scratch: Scratch,
  figures: SimulationFigures,
): Promise<void> {
  const top = scratch.folder();
  const moved = (path: string) => join(top, path.slice(pack.top.length));
  const paths = new Set([
    ...pack.earlier.keys(),
    ...pack.steps.flatMap((step) => (step.kind === 'name' ? [step.path] : [])),
  ]);
  let hasTornLock = false;
  for (const path of [...paths].sort()) {
    const target = state.targetOf(path);
    if (target === undefined) continue;
    if (target === 'folder') {
      mkdirSync(moved(path), { recursive: true });
      continue;
    }
    const bytes = typeof target === 'number' ? state.bytesOf(target) : (pack.contents.get(target) as Buffer);
    mkdirSync(dirname(moved(path)), { recursive: true });
    if (basename(path).startsWith(LOCK)) hasTornLock ||= !path.endsWith('.new') && !isWholeLock(bytes);
    writeFileSync(moved(path), basename(path).startsWith(LOCK) ? afterRestart(bytes) : bytes);
  }
  for (const [path, target] of pack.links) symlinkSync(moved(target), moved(path));
  const out = moved(pack.out);
  const started = performance.now();
  let failure: unknown;
  try {
    await packAssets(new TextEncoder().encode(NEW_TEXT), toDirectory(out));
  } catch (error) {
    failure = error;
  }
  figures.maxMs = Math.max(figures.maxMs, performance.now() - started);
  figures.counts.add('next packs');
  const found = lookAt(out, [pack.fresh]);
  if (hasTornLock && (failure as { code?: string } | undefined)?.code === 'OUTPUT_LOCKED') {
    figures.lockedOut.push(placeOf(pack, state));
  } else if (failure !== undefined)
    figures.violations.push(`${placeOf(pack, state)}: the next pack failed: ${failure}`);
  else if (!isExactly(found, 0))
    figures.violations.push(`${placeOf(pack, state)}: after the next pack: ${shown(found)}`);
  else if (existsSync(join(top, 'elsewhere')) && lookAt(join(top, 'elsewhere'), []).leftovers.length > 0) {
    figures.counts.add('unfinished files that stay behind a link');
  }
  rmSync(top, { recursive: true });
}

function isWholeLock(bytes: Buffer): boolean {
  try {
    return typeof JSON.parse(bytes.toString('utf8')).token === 'string';
  } catch {
    return false;
  }
}

/** A lock file as the next start of the machine finds it. */
function afterRestart(bytes: Buffer): Buffer {
  return isWholeLock(bytes)
    ? Buffer.from(`${JSON.stringify({ ...JSON.parse(bytes.toString('utf8')), boot: 'an earlier one' })}\n`)
    : bytes;
}

/** Ways to publish that are wrong, made from a right recording. */
export const WRONG: Readonly<Record<string, (steps: readonly Step[], pack: RecordedPack) => Step[]>> = {
  'files are not synced': (steps) => steps.filter(({ kind }) => kind !== 'sync file'),
  'files are synced after the renames': (steps) => [
    ...steps.filter(({ kind }) => kind !== 'sync file'),
    ...steps.filter(({ kind }) => kind === 'sync file'),
  ],
  'folders are not synced': (steps) => steps.filter(({ kind }) => kind !== 'sync folder'),
  'the folder is not synced before assets.pa is renamed': (steps, pack) => {
    const commit = commitOf(steps, pack);
    return steps.filter(({ kind }, i) => kind !== 'sync folder' || i > commit);
  },
  'the folder is not synced after assets.pa is renamed': (steps, pack) => {
    const commit = commitOf(steps, pack);
    return steps.filter(({ kind }, i) => kind !== 'sync folder' || i < commit);
  },
  'assets.pa is renamed before its companions': (steps, pack) => {
    const commit = commitOf(steps, pack);
    const first = steps.findIndex((step) => step.kind === 'name' && step.call === 'rename');
    const moved = steps.slice(commit, commit + 2);
    const rest = steps.toSpliced(commit, 2);
    return rest.toSpliced(first, 0, ...moved);
  },
  'assets.pa is written in place': (steps, pack) => {
    const place = pack.places.get('assets.pa') as string;
    const rename = steps[commitOf(steps, pack)] as Step & { kind: 'name' };
    return steps.flatMap((step): Step[] => {
      if (step.kind !== 'name') return [step];
      if (step.call === 'create' && step.target === rename.target) return [{ ...step, path: place }];
      return step.call === 'rename' && (step.path === place || step.path.endsWith('.assets.pa')) ? [] : [step];
    });
  },
};

/** The step that makes the new `assets.pa` visible. */
function commitOf(steps: readonly Step[], { places }: RecordedPack): number {
  const place = places.get('assets.pa');
  return steps.findIndex((step) => step.kind === 'name' && step.call === 'rename' && step.path === place);
}
