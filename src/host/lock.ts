/** One writer per output directory (W6). */
import { type AssetsPaError, fault, Phrase, show, systemCode } from '../errors.js';
import { type FileSystem, NEW_FILE_MODE, OPEN_NEW, writeAll } from './fs.js';
import { currentProcess, isKnownDead, type ProcessIdentity } from './process.js';

/** A lock that is held. */
export interface Lock {
  /** Different for every lock; names the staging of its holder. */
  readonly token: string;
  /** The token of the dead holder that this lock was taken from, when it was. */
  readonly deadToken: string | undefined;
  release(): Promise<void>;
}

/**
 * Takes a lock file, or fails at once.
 *
 * The file is written under a name of its own and linked into place, so that it is complete when it is seen. A lock whose holder is
 * known to be dead is replaced under a second lock named after the dead one's token, which at most one taker can hold: whoever holds it and
 * still finds the dead token in place is the only process that may replace the file.
 *
 * @param guarded What the lock guards, for messages: `this output directory`.
 * @throws AssetsPaError `OUTPUT_LOCKED`; the diagnostic carries the holder
 */
export async function acquireLock(fs: FileSystem, path: string, guarded: string): Promise<Lock> {
  const self = currentProcess();
  const contender: Contender = { fs, self, guarded, own: `${path}.${self.token}.new` };
  try {
    await createFile(contender);
    const deadToken = await linkLock(contender, path);
    return { token: self.token, deadToken, release: () => fs.unlink(path) };
  } finally {
    await removeHelper(fs, contender.own);
  }
}

/** A process that wants a lock. */
interface Contender {
  readonly fs: FileSystem;
  readonly self: ProcessIdentity;
  /** What the lock guards, for messages. */
  readonly guarded: string;
  /** The complete file that is linked into place. */
  readonly own: string;
}

/** @returns The dead holder's token when the lock was taken over. */
async function linkLock(contender: Contender, path: string): Promise<string | undefined> {
  const { fs, own, self, guarded } = contender;
  for (;;) {
    try {
      await fs.link(own, path);
      return undefined;
    } catch (error) {
      // ENOENT: the holder cleaned up and took our file for debris.
      if (systemCode(error) === 'ENOENT') await createFile(contender);
      else if (systemCode(error) !== 'EEXIST') throw error;
    }
    const holder = await readHolder(fs, path);
    if (holder === 'gone') continue;
    if (holder === undefined || !isKnownDead(holder, self)) throw locked(path, guarded, holder);
    if (await replaceDead(contender, path, holder)) return holder.token;
  }
}

/** Replaces a dead holder's lock; false when somebody else did it first. */
async function replaceDead(contender: Contender, path: string, dead: ProcessIdentity): Promise<boolean> {
  const { fs, own } = contender;
  const guard = `${path}.${dead.token}`;
  const deadTaker = await linkLock(contender, guard);
  try {
    // Our file became the guard when that was taken over from a dead taker; the lock needs one more.
    if (deadTaker !== undefined) await createFile(contender);
    const holder = await readHolder(fs, path);
    if (holder === 'gone' || holder?.token !== dead.token) return false;
    await fs.rename(own, path);
    return true;
  } finally {
    await removeHelper(fs, guard);
  }
}

async function readHolder(fs: FileSystem, path: string): Promise<ProcessIdentity | 'gone' | undefined> {
  let text: string;
  try {
    text = new TextDecoder().decode(await fs.readFile(path));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    const holder = JSON.parse(text) as ProcessIdentity;
    return typeof holder.token === 'string' && /^[0-9a-f]{16}$/.test(holder.token) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function locked(path: string, guarded: string, holder: ProcessIdentity | undefined): AssetsPaError {
  const who = holder === undefined ? 'an unknown process' : `process ${holder.pid} on ${show(holder.host)}`;
  return fault('OUTPUT_LOCKED', {
    what: `another process writes ${guarded}`,
    where: { path },
    actual: new Phrase(who),
    hint: 'wait for it to end; if no such process exists any more, remove the file',
    details: { holder: holder ?? null },
  });
}

async function createFile({ fs, own, self }: Contender): Promise<void> {
  const file = await fs.open(own, OPEN_NEW, NEW_FILE_MODE);
  try {
    await writeAll(file, new TextEncoder().encode(`${JSON.stringify(self)}\n`));
    // After a loss of power the name may be there without the bytes; nobody could take such a lock over.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes a file that served to take a lock. One that stays does no harm, and must not keep the lock from being used or released. */
async function removeHelper(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch {
    // The next holder of the lock of an output directory removes it.
  }
}
