import { join, parse, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileSystem } from '../../src/host/fs.js';
import { makeFolders, relativePath, samePath } from '../../src/host/paths.js';
import { systemError } from '../support/watched-fs.js';

describe('samePath', () => {
  it.each<[string, string, boolean]>([
    ['a', 'a', true],
    ['a', './b/../a/', true],
    ['a', resolve('a'), true],
    ['a', 'b', false],
    ['a', 'a/b', false],
  ])('%s and %s: %s', (a, b, isSame) => {
    expect(samePath(a, b)).toBe(isSame);
  });
});

describe('relativePath', () => {
  it.each<[string, string, string]>([
    ['a', join('a', 'b', 'c'), 'b/c'],
    [join('a', 'b'), join('a', 'c'), '../c'],
    ['a', 'a', ''],
  ])('from %s to %s, with slashes on every system', (folder, path, way) => {
    expect(relativePath(folder.replaceAll('/', sep), path)).toBe(way);
  });
});

describe('makeFolders', () => {
  /** A file system that can only make folders, and that refuses every one. */
  function refusing(code: string): { fs: FileSystem; asked: string[] } {
    const asked: string[] = [];
    const mkdir = async (path: string) => {
      asked.push(path);
      throw systemError(asked.length > 50 ? 'ELOOP' : code);
    };
    return { fs: { mkdir } as unknown as FileSystem, asked };
  }
  const { root } = parse(resolve('.'));

  it('ends at the root, where even that is said not to be there', async () => {
    const { fs, asked } = refusing('ENOENT');
    const made: string[] = [];
    await expect(makeFolders(fs, join(root, 'a', 'b'), made)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(asked).toEqual([join(root, 'a', 'b'), join(root, 'a'), root]);
    expect(made).toEqual([]);
  });

  it('asks for nothing above a folder that is refused for another reason', async () => {
    const { fs, asked } = refusing('EACCES');
    await expect(makeFolders(fs, join(root, 'a', 'b'), [])).rejects.toMatchObject({ code: 'EACCES' });
    expect(asked).toEqual([join(root, 'a', 'b')]);
  });
});
