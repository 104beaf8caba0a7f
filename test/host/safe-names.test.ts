/** Names made from labels that anybody may have written: safe on every system, and no two the same. */
import { execFileSync } from 'node:child_process';
import { posix, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../dist/host/safe-names.js', import.meta.url));

/**
 * Gives the labels of each list their paths; the first label of a list has the id 1. In a process of its own, with a limit far beyond
 * what it needs: a name that is sought without end has to fail a test, and not to hang the run.
 */
function pathsOf(lists: readonly (readonly string[])[]): string[][] {
  const script = `
    import { readFileSync } from 'node:fs';
    import { SafePaths } from ${JSON.stringify(MODULE)};
    const pathsOf = (labels) => {
      const paths = new SafePaths();
      return labels.map((label, i) => paths.take(label, i + 1));
    };
    process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(pathsOf)));`;
  const options = { input: JSON.stringify(lists), timeout: 20_000, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], options).toString(),
  ) as string[][];
}

/** A path as a file system sees it that ignores case and the way in which accents are written. */
function folded(path: string): string {
  return path.normalize('NFD').toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}

const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]|con(?:in|out)\$) *(?:\.|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Whether a path, on every system, stays in its folder and has names that can be there. */
function isSafe(path: string): boolean {
  const isBelow = [posix, win32].every(
    ({ resolve, relative, isAbsolute }) =>
      !isAbsolute(path) && !relative('/target', resolve('/target', path)).startsWith('..'),
  );
  const isName = (name: string) =>
    !/^$|^\.|[. ]$/.test(name) && !UNSAFE.test(name) && !RESERVED.test(name) && Buffer.byteLength(name) <= 255;
  return isBelow && path.isWellFormed() && Buffer.byteLength(path) < 1_100 && path.split('/').every(isName);
}

/** What must hold of the paths of one folder. */
function expectSafe(paths: readonly string[]): void {
  // There are far too many for an assertion each.
  expect(paths.filter((path) => !isSafe(path))).toEqual([]);
  const all = new Set(paths.map(folded));
  expect(all.size, `two of ${paths} are one file`).toBe(paths.length);
  const folders = [...all].flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)));
  expect(
    folders.filter((folder) => all.has(folder)),
    'files and folders',
  ).toEqual([]);
}

const long = (bytes: number) => 'n'.repeat(bytes);

describe('one label', () => {
  const rows: readonly (readonly [label: string, path: string])[] = [
    ['jump', 'jump'],
    ['sfx/jump.pcm', 'sfx/jump.pcm'],
    ['two words.txt', 'two words.txt'],
    ['Größe/北京.bin', 'Größe/北京.bin'],
    ['😀/🎮.png', '😀/🎮.png'],
    ['../../etc/passwd', '_/_/etc/passwd'],
    ['..', '_'],
    ['.', '_'],
    ['...', '_'],
    ['a/./b', 'a/_/b'],
    ['a/../b', 'a/_/b'],
    ['/abs', '_/abs'],
    ['//host/share', '_/_/host/share'],
    ['a//b', 'a/_/b'],
    ['a/', 'a/_'],
    ['/', '_/_'],
    ['a\\b', 'a_b'],
    ['..\\..\\x', '_._.._x'],
    ['C:\\x', 'C__x'],
    ['C:x', 'C_x'],
    ['file:stream', 'file_stream'],
    ['what?*<>|"', 'what______'],
    ['CON', '_CON'],
    ['con', '_con'],
    ['nul.txt', '_nul.txt'],
    ['nul .txt', '_nul .txt'],
    ['NUL ', '_NUL_'],
    ['aux.', '_aux_'],
    ['prn...', '_prn_'],
    ['COM1.pcm', '_COM1.pcm'],
    ['lpt\u00b2', '_lpt\u00b2'],
    ['CONIN$', '_CONIN$'],
    ['conout$.log', '_conout$.log'],
    ['console', 'console'],
    ['com', 'com'],
    ['com10', 'com10'],
    ['a/aux/b', 'a/_aux/b'],
    [`nul.${long(300)}.bin`, `_nul.${long(192)}.bin`],
    ['x.', 'x_'],
    ['x...', 'x_'],
    ['x ', 'x_'],
    ['x . ', 'x_'],
    [' x', ' x'],
    ['.hidden', '_hidden'],
    ['.assets.pa.lock', '_assets.pa.lock'],
    ['.assets.pa.0011223344556677', '_assets.pa.0011223344556677'],
    ['assets.pa', 'assets.pa'],
    ['~', '~'],
    ['-rf', '-rf'],
    ['a\u0000b', 'a_u0000b'],
    ['a\nb', 'a_u000ab'],
    ['\u001b[2J', '_u001b[2J'],
    ['\u202egpj.exe', '_u202egpj.exe'],
    ['\ufeffx', '_ufeffx'],
    ['a\ud800b', 'a\ufffdb'],
    ['__proto__', '__proto__'],
    [long(200), long(200)],
    [`${long(196)}.bin`, `${long(196)}.bin`],
    [`${long(197)}.bin`, `${long(196)}.bin`],
    [`${long(251)}.bin`, `${long(196)}.bin`],
    [`${long(300)}.bin`, `${long(196)}.bin`],
    [long(201), long(200)],
    [`d/${long(4_000)}/f`, `d/${long(200)}/f`],
    [long(4_096), long(200)],
    // Every name of these fits, the path does not.
    ['d/'.repeat(600), 'asset-1'],
    [`${long(150)}/`.repeat(27), 'asset-1'],
  ];
  const found = pathsOf(rows.map(([label]) => [label]));

  it.each(rows.map(([label, path], i) => [label.slice(0, 40), path, found[i]?.[0] ?? ''] as const))(
    '%j',
    (_, expected, path) => {
      expect(path).toBe(expected);
      expectSafe([path]);
    },
  );

  it.each([
    ['a space', `${'n'.repeat(199)} ${'n'.repeat(60)}`],
    ['a dot', `${'n'.repeat(199)}.${'n'.repeat(60)}`],
    ['half of a character', `${'n'.repeat(199)}${'😀'.repeat(20)}`],
    ['half of an accent', `${'n'.repeat(199)}${'e\u0301'.repeat(20)}`],
  ])('cut where there is %s', (_, label) => {
    expectSafe(pathsOf([[label]]).flat());
  });
});

describe('several labels', () => {
  const rows: readonly (readonly [title: string, labels: readonly string[], paths?: readonly string[]])[] = [
    ['twins', ['a', 'a', 'a'], ['a', 'a~2', 'a~3']],
    ['twins with an extension', ['d/a.bin', 'd/a.bin'], ['d/a.bin', 'd/a~2.bin']],
    ['twins whose folder has a dot', ['d.x/a', 'd.x/a'], ['d.x/a', 'd.x/a~2']],
    ['twins but for case', ['Jump.pcm', 'jump.pcm', 'JUMP.PCM'], ['Jump.pcm', 'jump~2.pcm', 'JUMP~3.PCM']],
    ['folders but for case', ['Sfx/a', 'sfx/A'], ['Sfx/a', 'sfx/A~2']],
    ['an accent in two spellings', ['\u00e9', 'e\u0301'], ['\u00e9', 'e\u0301~2']],
    ['an accent in two spellings, and case', ['\u00c9', 'e\u0301']],
    [
      'a capital sigma at the end of a word',
      ['\u039f\u0394\u039f\u03a3', '\u03bf\u03b4\u03bf\u03c3', '\u03bf\u03b4\u03bf\u03c2'],
    ],
    ['a sharp s', ['stra\u00dfe', 'STRASSE', 'stra\u1e9ee']],
    ['a long s', ['\u017f', 's']],
    ['the sign of Kelvin', ['\u212a', 'k']],
    ['a dotted capital I', ['\u0130', 'i\u0307']],
    ['a ligature', ['\ufb01n', 'fin']],
    ['everything that becomes one sign', ['.', '..', '...', '_'], ['_', '_~2', '_~3', '_~4']],
    ['names that Windows reserves', ['CON', 'con', '_Con', 'con.a'], ['_CON', '_con~2', '_Con~3', '_con.a']],
    ['a name that looks marked', ['a~2', 'a', 'a'], ['a~2', 'a', 'a~3']],
    ['a mark that is taken', ['a~3', 'a', 'a'], ['a~3', 'a', 'a~3-1']],
    ['a name that looks made', ['asset-2', 'd/'.repeat(600)], ['asset-2', 'asset~2']],
    ['two that are too long', ['d/'.repeat(600), 'd/'.repeat(601)], ['asset-1', 'asset-2']],
    ['two that are cut alike', [`${long(210)}x.bin`, `${long(210)}y.bin`]],
    ['a folder, then a file of its name', ['a/b', 'a'], ['a/b', 'a~2']],
    ['a file, then a folder of its name', ['a', 'a/b']],
    ['a file, then a folder of its name but for case', ['Music', 'music/theme.pcm']],
    ['a file, then a folder of its name, deep', ['x/y', 'x/y/z/1', 'x/y/z/2']],
    ['a file with an extension, then a folder of its name', ['a.bin', 'a.bin/b', 'a.bin/c']],
    ['files and folders in turn', ['a', 'a/b', 'a/b/c', 'a/b', 'a', 'a/b/c']],
    ['a slash at the end', ['a', 'a/']],
  ];

  const found = pathsOf(rows.map(([, labels]) => labels));

  it.each(rows.map(([title, , expected], i) => ({ title, expected, paths: found[i] ?? [] })))(
    '$title',
    ({ expected, paths }) => {
      expect(paths).not.toEqual([]);
      expectSafe(paths);
      if (expected !== undefined) expect(paths).toEqual(expected);
    },
  );

  it('equal lists have equal paths', () => {
    const labels = ['a', 'A', 'd/a', 'D/A', '..', 'CON', 'd/'.repeat(600)];
    const [once, again] = pathsOf([labels, labels]);
    expect(again).toEqual(once);
  });

  it('100,000 of one name', () => {
    const [paths = []] = pathsOf([Array.from({ length: 100_000 }, () => 'same.bin')]);
    expect(new Set(paths).size).toBe(100_000);
  });
});

/** Labels made of what is troublesome. */
const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      ...'aAbB._ ~-12:\\',
      '\u00e9',
      'e\u0301',
      '\u03a3',
      '\u03c2',
      '\u00df',
      '\u0130',
      '😀',
      '\u202e',
    ),
    maxLength: 6,
  }),
  fc.constantFrom('.', '..', 'CON', 'nul.txt', 'asset-1', 'a~1', 'a~2', long(250), `${long(199)}. ${long(60)}`),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

it('any labels without folders', () => {
  const lists = fc.sample(fc.array(nasty, { maxLength: 12 }), { numRuns: 1_000, seed: 1 });
  for (const paths of pathsOf(lists.map((labels) => labels.map((label) => label.replaceAll('/', '|')))))
    expectSafe(paths);
});

it('any labels with folders', () => {
  const path = fc.array(nasty, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  const lists = fc.sample(fc.array(path, { maxLength: 12 }), { numRuns: 1_000, seed: 1 });
  for (const paths of pathsOf(lists)) expectSafe(paths);
});
