/** A file system with something to do before each call and after it. Plain JavaScript: the processes that get killed run it over `dist/`. */

/**
 * @param {import('../../../dist/index.js').FileSystem} inner
 * @param {{ before?: (operation: string, path: string, to?: string) => unknown, after?: (operation: string, path: string, to?: string) => unknown }} hooks
 * @returns {import('../../../dist/index.js').FileSystem}
 */
export function hookedFileSystem(inner, { before = () => {}, after = () => {} }) {
  const around = async (operation, path, to, work) => {
    await before(operation, path, to);
    const result = await work();
    await after(operation, path, to);
    return result;
  };
  const file = (opened, path) => ({
    read: (...rest) => around('read', path, undefined, () => opened.read(...rest)),
    write: (...rest) => around('write', path, undefined, () => opened.write(...rest)),
    stat: () => around('fstat', path, undefined, () => opened.stat()),
    chmod: (mode) => around('chmod', path, undefined, () => opened.chmod(mode)),
    sync: () => around('sync', path, undefined, () => opened.sync()),
    // As Linux does it: the descriptor is gone, also when close reports an error.
    close: async () => {
      try {
        await before('close', path);
      } finally {
        await opened.close();
      }
      await after('close', path);
    },
  });
  const simple = ['stat', 'lstat', 'realpath', 'readFile', 'readdir', 'mkdir', 'rmdir', 'rename', 'link', 'unlink'];
  return {
    open: (path, ...rest) => around('open', path, undefined, async () => file(await inner.open(path, ...rest), path)),
    ...Object.fromEntries(
      simple.map((name) => [name, (path, to) => around(name, path, to, () => inner[name](path, to))]),
    ),
  };
}
