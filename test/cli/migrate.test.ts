/** `migrate`, and what the other commands say of a project of version 1, as a user runs them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyLegacy, DOCUMENTS } from '../support/legacy.js';
import { temporaryFolders } from '../support/packing.js';
import { codesIn, expectNoTrace, run, runJson } from '../support/plan-cli.js';
import { snapshot, write } from '../support/plan-folders.js';
import { INDEX, project, registry, sound } from '../support/workspace.js';

const newFolder = temporaryFolders();

/** A folder with a project of version 1, `game`. */
function legacy(): string {
  const cwd = newFolder();
  mkdirSync(join(cwd, 'game'));
  copyLegacy(join(cwd, 'game'));
  return cwd;
}

const PENDING = DOCUMENTS.map((path) => ({
  path: `game/${path}`,
  artifact: path.endsWith('asset.json') ? 'asset.json' : 'registry',
  from: 1,
  to: 2,
}));

describe('migrate', () => {
  it('says what it did, and the second time that nothing is to do', async () => {
    const cwd = legacy();
    const first = await runJson(['migrate', 'game'], { cwd });
    expect([first.code, first.document['outcome']]).toEqual([0, 'migrated']);
    expect(first.document['documents']).toEqual(PENDING);
    expect(first.document['backup']).toBe('game/assets/.prometeu/backup/1');
    const before = snapshot(cwd);
    const second = await runJson(['migrate', 'game'], { cwd });
    expect([second.code, second.document['outcome'], second.document['documents']]).toEqual([0, 'unchanged', []]);
    expect(snapshot(cwd)).toEqual(before);
    const { code, stdout } = await run(['migrate', 'game', '--check'], { cwd });
    expect([code, stdout]).toEqual([0, 'game  every document is in its newest version\n']);
  });

  it('--check tells by its exit code', async () => {
    const cwd = legacy();
    const before = snapshot(cwd);
    const { code, document } = await runJson(['migrate', 'game', '--check'], { cwd });
    expect([code, document.ok, document['outcome'], document['documents']]).toEqual([1, false, 'pending', PENDING]);
    expect((await run(['migrate', 'game', '--check', '-q'], { cwd })).stdout).toBe('');
    expect(snapshot(cwd)).toEqual(before);
  });

  it('--dry-run shows what would change', async () => {
    const cwd = legacy();
    const before = snapshot(cwd);
    const { code, document } = await runJson(['migrate', 'game', '--dry-run'], { cwd });
    expect([code, document.ok, document['outcome']]).toEqual([0, true, 'pending']);
    expect(document['documents'][1].changes).toEqual([
      { pointer: '/schema_version', before: 1, after: 2 },
      { pointer: '/output/codec', before: 'RAW', after: 'NONE' },
      { pointer: '/preload', after: { enabled: true } },
    ]);
    const { stdout } = await run(['migrate', 'game', '--dry-run'], { cwd });
    expect(stdout).toContain(`game/assets/sounds/chime/asset.json  asset.json, version 1 to 2
  /schema_version: 1 to 2
  /output/codec: "RAW" to "NONE"
  /preload: (none) to {"enabled":true}
`);
    expect(stdout).toMatch(/\ngame {2}4 documents to migrate; nothing was written\n$/);
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each<[string, string, Parameters<typeof project>[0]]>([
    ['VERSION_UNSUPPORTED', '--check', { [INDEX]: registry([], { schema_version: 3 }) }],
    ['VERSION_UNSUPPORTED', '--dry-run', { 'assets/jump/asset.json': sound(1, { schema_version: 0 }) }],
    ['DECLARATION_INVALID', '-q', { 'assets/jump/asset.json': sound(1, { schema_version: 1 }) }],
    ['REGISTRY_INVALID', '-q', { [INDEX]: '{' }],
    ['PROJECT_NOT_FOUND', '-q', { [INDEX]: undefined }],
  ])('refuses %s with %s, and changes nothing', async (code, option, files) => {
    const cwd = newFolder();
    write(cwd, project(files));
    const before = snapshot(cwd);
    const result = await run(['migrate', '.', option], { cwd });
    expect([result.code, codesIn(result.stderr)]).toEqual([1, expect.arrayContaining([code])]);
    expectNoTrace(result);
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each([[['migrate']], [['migrate', '']], [['migrate', '.', '--check', '--dry-run']]])(
    '%j is wrong usage',
    async (args) => {
      const { code, stderr } = await run(args, { cwd: legacy() });
      expect([code, stderr.startsWith('error: ')]).toEqual([2, true]);
    },
  );

  it('waits for nobody who writes the registry', async () => {
    const cwd = legacy();
    writeFileSync(join(cwd, 'game/assets/.prometeu/.index.json.lock'), '');
    const { code, stderr } = await run(['migrate', 'game'], { cwd });
    expect([code, codesIn(stderr)]).toEqual([3, ['OUTPUT_LOCKED']]);
  });
});

describe('a project of version 1', () => {
  it('is built, with a word, and not written', async () => {
    const cwd = legacy();
    const before = snapshot(join(cwd, 'game'));
    const { code, stderr } = await run(['build', 'game', '-o', 'out', '--no-cache'], { cwd });
    expect([code, stderr]).toEqual([
      0,
      `warning DOCUMENT_OUTDATED game/${INDEX}: 4 documents of an older version were migrated in memory
  hint: run "assets-pa migrate game" to write them in this version
`,
    ]);
    expect(snapshot(join(cwd, 'game'))).toEqual(before);
    await run(['migrate', 'game'], { cwd });
    await run(['build', 'game', '-o', 'again', '--no-cache'], { cwd });
    expect(snapshot(join(cwd, 'again'))).toEqual(snapshot(join(cwd, 'out')));
  });

  it('is ready to build for doctor', async () => {
    const { code, document } = await runJson(['doctor', 'game'], { cwd: legacy() });
    expect([code, document['blocking'], document['advisory']]).toEqual([0, 0, 1]);
  });
});
