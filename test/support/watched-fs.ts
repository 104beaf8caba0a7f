/** The machine's file system with every call recorded, and any call made to wait, to fail, or to do less than it was asked. */
import { type FileSystem, nodeFileSystem, type OpenFile } from '../../src/host/fs.js';

/** The calls of the port; those on an open file have names of their own. */
export type Operation = keyof FileSystem | 'read' | 'write' | 'fstat' | 'chmod' | 'sync' | 'close';

/** One call. */
export interface Call {
  /** 1 for the first. */
  readonly index: number;
  readonly operation: Operation;
  /** Who made it: what {@link Watch.fileSystem} was given. */
  readonly role: string;
  /** What it was about; for an open file, the path that was opened. */
  readonly path: string;
  /** The second path of `rename` and `link`. */
  readonly to?: string;
  /** What `read` and `write` moved. */
  bytes?: number;
}

/** What happens around the calls. */
export interface Hooks {
  /** Runs before a call and is waited for; what it throws the call throws. */
  readonly before?: (call: Call) => unknown;
  /** The most that one `read` gives. */
  readonly readLimit?: number;
  /** The most that one `write` takes. */
  readonly writeLimit?: number;
}

/** An error as the operating system makes them. */
export function systemError(code: string, what = 'injected'): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

/** Hooks that let the Nth call fail, and no other. */
export function failingAt(n: number, code: string): Hooks {
  return {
    before: ({ index, operation }) => {
      if (index === n) throw systemError(code, operation);
    },
  };
}

/** Records calls; several roles share one record and one count. */
export class Watch {
  readonly calls: Call[] = [];
  /** The call that the hook let fail. */
  failed: Call | undefined;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks = {}) {
    this.#hooks = hooks;
  }

  /** The calls so far, of one operation. */
  of(operation: Operation, role?: string): Call[] {
    return this.calls.filter((call) => call.operation === operation && (role === undefined || call.role === role));
  }

  /** A file system whose calls are recorded under a role. */
  fileSystem(role = ''): FileSystem {
    const node = nodeFileSystem;
    const note = (operation: Operation, path: string, to?: string) => this.#note(operation, role, path, to);
    return {
      open: async (path, flags, mode) => {
        await note('open', path);
        return this.#file(await node.open(path, flags, mode), role, path);
      },
      stat: (path) => note('stat', path).then(() => node.stat(path)),
      lstat: (path) => note('lstat', path).then(() => node.lstat(path)),
      realpath: (path) => note('realpath', path).then(() => node.realpath(path)),
      readFile: (path) => note('readFile', path).then(() => node.readFile(path)),
      readdir: (path) => note('readdir', path).then(() => node.readdir(path)),
      mkdir: (path) => note('mkdir', path).then(() => node.mkdir(path)),
      rmdir: (path) => note('rmdir', path).then(() => node.rmdir(path)),
      rename: (from, to) => note('rename', from, to).then(() => node.rename(from, to)),
      link: (existing, path) => note('link', existing, path).then(() => node.link(existing, path)),
      unlink: (path) => note('unlink', path).then(() => node.unlink(path)),
    };
  }

  #file(file: OpenFile, role: string, path: string): OpenFile {
    const { readLimit = Number.POSITIVE_INFINITY, writeLimit = Number.POSITIVE_INFINITY } = this.#hooks;
    const note = (operation: Operation) => this.#note(operation, role, path);
    return {
      read: async (buffer, offset, length, position) => {
        const call = await note('read');
        const result = await file.read(buffer, offset, Math.min(length, readLimit), position);
        call.bytes = result.bytesRead;
        return result;
      },
      write: async (buffer, offset, length, position) => {
        const call = await note('write');
        const result = await file.write(buffer, offset, Math.min(length, writeLimit), position);
        call.bytes = result.bytesWritten;
        return result;
      },
      stat: () => note('fstat').then(() => file.stat()),
      chmod: (mode) => note('chmod').then(() => file.chmod(mode)),
      sync: () => note('sync').then(() => file.sync()),
      // As Linux does it: the descriptor is gone, also when close reports an error.
      close: async () => {
        try {
          await note('close');
        } finally {
          await file.close();
        }
      },
    };
  }

  async #note(operation: Operation, role: string, path: string, to?: string): Promise<Call> {
    const call: Call = { index: this.calls.length + 1, operation, role, path, ...(to !== undefined && { to }) };
    this.calls.push(call);
    try {
      await this.#hooks.before?.(call);
    } catch (error) {
      this.failed = call;
      throw error;
    }
    return call;
  }
}
