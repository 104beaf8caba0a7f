import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssetsPaError, type Diagnostic } from '../../src/errors.js';
import { type MakePlanOptions, makePlan } from '../../src/plan/make-plan.js';
import { toDirectory } from '../../src/write/output-directory.js';
import { packAssets } from '../../src/write/pack.js';
import { toMemory } from '../../src/write/sink.js';
import { temporaryFolders } from '../support/packing.js';
import { type Files, readJson, snapshot, write } from '../support/plan-folders.js';

const newFolder = temporaryFolders();
const PLAN = 'assets-pa.plan.json';
const IDS = 'assets-pa.ids.json';
const SOUNDS: MakePlanOptions = { banks: [{ glob: '**', bankType: 'SOUNDS' }] };

interface PlanDocument {
  readonly schema_version: number;
  readonly assets: readonly { readonly [member: string]: unknown }[];
}

/** A new folder with these files. */
function treeOf(files: Files): string {
  const folder = newFolder();
  write(folder, files);
  return folder;
}

function assetsOf(plan: Uint8Array): PlanDocument['assets'] {
  return (JSON.parse(new TextDecoder().decode(plan)) as PlanDocument).assets;
}

/** `[id, name, file]` of the assets of a plan. */
function rows(plan: Uint8Array): unknown[][] {
  return assetsOf(plan).map((each) => [each['asset_id'], each['asset_name'], each['file']]);
}

async function failure(folder: string, options: MakePlanOptions = SOUNDS): Promise<AssetsPaError> {
  const before = snapshot(folder);
  try {
    await makePlan(folder, options);
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    // Nothing is written on failure.
    expect(snapshot(folder)).toEqual(before);
    return error;
  }
  return expect.unreachable('the plan was made');
}

/** `[code, path, pointer]`. */
function places(diagnostics: readonly Diagnostic[]): unknown[][] {
  return diagnostics.map(({ code, where }) => [code, where.path, where.pointer]);
}

describe('ids and names of a new tree', () => {
  it('ids begin at 1 and follow the UTF-16 order of the paths', async () => {
    const names = ['b', 'a/z', 'a', 'C', '\u{1f600}', '\uffee', 'a!', 'a-b', '10', '9', '\u00e9'].map(
      (name) => `${name}.x`,
    );
    const made = await makePlan(treeOf(Object.fromEntries(names.map((name) => [name, name]))), SOUNDS);
    const expected = names.sort().map((name, i) => [i + 1, name.slice(0, -2), name]);
    expect(rows(made.plan)).toEqual(expected);
    expect(made).toMatchObject({
      assetCount: 11,
      allocated: 11,
      retired: 0,
      skipped: [],
      leavesFolder: false,
      diagnostics: [],
    });
  });

  it.each<[string, string[], string[]]>([
    ['no extension', ['a', 'b/c'], ['a', 'b/c']],
    ['the last extension goes', ['a.tar.gz', 'b.c/d.e'], ['a.tar', 'b.c/d']],
    ['equal without extension: both keep it', ['a.ogg', 'a.wav', 'b.ogg'], ['a.ogg', 'a.wav', 'b']],
    ['equal to a name without extension', ['a', 'a.ogg'], ['a', 'a.ogg']],
    ['what a kept extension makes equal keeps its own', ['a.x', 'a.y', 'a.x.z'], ['a.x', 'a.x.z', 'a.y']],
    ['a dot at the end', ['a.'], ['a']],
    ['another folder is another name', ['a/n.x', 'b/n.x'], ['a/n', 'b/n']],
  ])('names: %s', async (_, files, expected) => {
    const made = await makePlan(treeOf(Object.fromEntries(files.map((name) => [name, name]))), SOUNDS);
    expect(assetsOf(made.plan).map((each) => each['asset_name'])).toEqual(expected);
    expect(made.diagnostics).toEqual([]);
  });

  it('an empty tree is an empty plan', async () => {
    const folder = newFolder();
    expect(await makePlan(folder)).toMatchObject({ assetCount: 0, allocated: 0 });
    expect(readJson(folder, PLAN)).toEqual({ schema_version: 1, assets: [] });
    expect(readJson(folder, IDS)).toEqual({ schema_version: 1, next_id: 1, assets: [] });
  });

  it('the files: an asset a line, ids beside the plan', async () => {
    const folder = treeOf({ 'a.ogg': 'a', 'b.ogg': 'b' });
    const made = await makePlan(folder, SOUNDS);
    expect(readFileSync(join(folder, PLAN))).toEqual(Buffer.from(made.plan));
    expect(readFileSync(join(folder, PLAN), 'utf8')).toBe(
      '{\n  "schema_version": 1,\n  "assets": [\n    {"asset_id":1,"asset_name":"a","bank_type":"SOUNDS","file":"a.ogg"},\n    {"asset_id":2,"asset_name":"b","bank_type":"SOUNDS","file":"b.ogg"}\n  ]\n}\n',
    );
    expect(readFileSync(join(folder, IDS), 'utf8')).toBe(
      '{\n  "schema_version": 1,\n  "next_id": 3,\n  "assets": [\n    {"asset_id":1,"asset_name":"a","path":"a.ogg"},\n    {"asset_id":2,"asset_name":"b","path":"b.ogg"}\n  ]\n}\n',
    );
    expect(readdirSync(folder).sort()).toEqual(['a.ogg', IDS, PLAN, 'b.ogg'].sort());
  });
});

describe('ids and names of a tree that changes', () => {
  it('keep with their paths: gone, back, and never given again', async () => {
    const folder = treeOf({ 'b.x': '', 'c.x': '', 'd.x': '' });
    await makePlan(folder, SOUNDS);
    rmSync(join(folder, 'c.x'));
    write(folder, { 'a.x': '' });
    const second = await makePlan(folder, SOUNDS);
    expect(rows(second.plan)).toEqual([
      [1, 'b', 'b.x'],
      [3, 'd', 'd.x'],
      [4, 'a', 'a.x'],
    ]);
    expect(second).toMatchObject({ allocated: 1, retired: 1 });
    rmSync(join(folder, 'a.x'));
    rmSync(join(folder, 'd.x'));
    write(folder, { 'e.x': '' });
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([
      [1, 'b', 'b.x'],
      [5, 'e', 'e.x'],
    ]);
    write(folder, { 'a.x': 'other bytes', 'c.x': '', 'd.x': '' });
    const last = await makePlan(folder, SOUNDS);
    expect(rows(last.plan)).toEqual([
      [1, 'b', 'b.x'],
      [2, 'c', 'c.x'],
      [3, 'd', 'd.x'],
      [4, 'a', 'a.x'],
      [5, 'e', 'e.x'],
    ]);
    expect(last).toMatchObject({ allocated: 0, retired: 0 });
  });

  it('a renamed file is another file', async () => {
    const folder = treeOf({ 'a.x': '' });
    await makePlan(folder, SOUNDS);
    renameSync(join(folder, 'a.x'), join(folder, 'b.x'));
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([[2, 'b', 'b.x']]);
  });

  it('a recorded name stays when a neighbour appears, which takes its extension', async () => {
    const folder = treeOf({ 'a.ogg': '' });
    await makePlan(folder, SOUNDS);
    write(folder, { 'a.wav': '' });
    const expected = [
      [1, 'a', 'a.ogg'],
      [2, 'a.wav', 'a.wav'],
    ];
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual(expected);
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual(expected);
    rmSync(join(folder, 'a.wav'));
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([expected[0]]);
  });

  it('a new name keeps clear of the names of files that are gone', async () => {
    const folder = treeOf({ 'a.ogg': '' });
    await makePlan(folder, SOUNDS);
    rmSync(join(folder, 'a.ogg'));
    write(folder, { 'a.wav': '' });
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([[2, 'a.wav', 'a.wav']]);
  });

  it('a name that was changed in the ids file is kept', async () => {
    const folder = treeOf({ 'a.x': '' });
    write(folder, {
      [IDS]: { schema_version: 1, next_id: 8, assets: [{ asset_id: 7, asset_name: 'mine', path: 'a.x' }] },
    });
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([[7, 'mine', 'a.x']]);
  });

  it('two runs give identical files', async () => {
    const folder = treeOf({ 'a.x': '', 'b/c.y': '', 'a.x.asset.json': { metadata: { b: 1, a: [2] } } });
    await makePlan(folder, SOUNDS);
    const first = snapshot(folder);
    expect(await makePlan(folder, SOUNDS)).toMatchObject({ allocated: 0 });
    expect(snapshot(folder)).toEqual(first);
  });

  it('any order of creation gives the same plan and ids', async () => {
    const path = fc.stringMatching(/^[abCD\u00e9\uffee]{1,2}(\/[ab]{1,2}){0,2}\.(x|y)$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(path, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        async (paths, keys) => {
          const files = paths.map((each) => [each, each] as const);
          const shuffled = files.map((each) => [keys.next().value as number, each] as const).sort(([a], [b]) => a - b);
          const [there, other] = [
            treeOf(Object.fromEntries(files)),
            treeOf(Object.fromEntries(shuffled.map(([, each]) => each))),
          ];
          await makePlan(there, SOUNDS);
          await makePlan(other, SOUNDS);
          expect(snapshot(other)).toEqual(snapshot(there));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('frozen ids', () => {
  const frozen = { ...SOUNDS, frozenIds: true };
  it('are enough when every file has one', async () => {
    const folder = treeOf({ 'a.x': '', 'b.x': '' });
    await makePlan(folder, SOUNDS);
    rmSync(join(folder, 'b.x'));
    expect(await makePlan(folder, frozen)).toMatchObject({ assetCount: 1, allocated: 0, retired: 1 });
  });

  it('fail for each file without one', async () => {
    const folder = treeOf({ 'b.x': '' });
    await makePlan(folder, SOUNDS);
    write(folder, { 'a.x': '', 'c.x': '' });
    expect(places((await failure(folder, frozen)).diagnostics)).toEqual([
      ['IDS_FROZEN', 'a.x', undefined],
      ['IDS_FROZEN', 'c.x', undefined],
    ]);
  });

  it('fail without an ids file', async () => {
    const folder = treeOf({ 'a.x': '' });
    expect(places((await failure(folder, frozen)).diagnostics)).toEqual([['IDS_FROZEN', 'a.x', undefined]]);
    expect(existsSync(join(folder, IDS))).toBe(false);
  });
});

describe('the ids file', () => {
  const entry = (id: unknown, path: unknown = 'a.x', name: unknown = 'a') => ({ asset_id: id, asset_name: name, path });
  const ids = (...assets: unknown[]) => ({ schema_version: 1, next_id: 9, assets });
  const text = JSON.stringify(ids(entry(1)));

  it.each<[string, string | object, string | undefined]>([
    ['empty', '', ''],
    ['not JSON', '{', ''],
    ['an array', '[]', ''],
    ['a byte-order mark', `\ufeff${text}`, ''],
    ['text after it', `${text} x`, ''],
    ['an unknown member', { ...ids(), x: 1 }, '/x'],
    ['no schema_version', { next_id: 1, assets: [] }, ''],
    ['no next_id', { schema_version: 1, assets: [] }, ''],
    ['no assets', { schema_version: 1, next_id: 1 }, ''],
    ['schema_version, a string', { ...ids(), schema_version: '1' }, '/schema_version'],
    ['schema_version, null', { ...ids(), schema_version: null }, '/schema_version'],
    ['next_id 0', { ...ids(), next_id: 0 }, '/next_id'],
    ['next_id 2^31 + 1', { ...ids(), next_id: 2 ** 31 + 1 }, '/next_id'],
    ['next_id, a string', { ...ids(), next_id: '1' }, '/next_id'],
    ['next_id, a float', text.replace('9', '9.0'), '/next_id'],
    ['assets, an object', { ...ids(), assets: {} }, '/assets'],
    ['an entry, a number', ids(1), '/assets/0'],
    ['an entry with an unknown member', ids({ ...entry(1), x: 1 }), '/assets/0/x'],
    ['an unknown member with / and ~', ids({ ...entry(1), 'a/~': 1 }), '/assets/0/a~1~0'],
    ['an entry without a path', ids({ asset_id: 1, asset_name: 'a' }), '/assets/0'],
    ['an id of 0', ids(entry(0)), '/assets/0/asset_id'],
    ['an id of 2^31', ids(entry(2 ** 31)), '/assets/0/asset_id'],
    ['an id, a string', ids(entry('1')), '/assets/0/asset_id'],
    ['a name, a number', ids(entry(1, 'a.x', 1)), '/assets/0/asset_name'],
    ['a path, null', ids(entry(1, null)), '/assets/0/path'],
    ['an id not below next_id', ids(entry(1), entry(9, 'b.x')), '/assets/1/asset_id'],
    ['an id twice', ids(entry(1), entry(1, 'b.x')), '/assets/1/asset_id'],
    ['a path twice', ids(entry(1), entry(2)), '/assets/1/path'],
    ['a member twice', text.replace('"path"', '"asset_id":2,"path"'), '/assets/0/asset_id'],
    ['a lone surrogate', text.replace('"a.x"', '"\\ud800"'), '/assets/0/path'],
  ])('invalid: %s', async (_, content, pointer) => {
    const folder = treeOf({ 'a.x': '', [IDS]: content });
    const { diagnostics } = await failure(folder);
    expect(places(diagnostics)).toEqual([['IDS_INVALID', join(folder, IDS), pointer]]);
    expect(diagnostics[0]?.hint).toContain('version control');
  });

  it('not UTF-8', async () => {
    const folder = treeOf({ 'a.x': '', [IDS]: Buffer.concat([Buffer.from('{"'), Uint8Array.of(0xff)]) });
    const { diagnostics } = await failure(folder);
    expect(diagnostics).toMatchObject([{ code: 'IDS_INVALID', where: { offset: 2 } }]);
  });

  it.each<[string, string | object]>([
    ['alone', { schema_version: 2 }],
    ['with members of its own', { schema_version: 2, next_id: 'x', things: [] }],
  ])('version 2 is not supported, and nothing else is said: %s', async (_, content) => {
    const folder = treeOf({ 'a.x': '', 'b.x.asset.json': '{}', [IDS]: content });
    const { diagnostics } = await failure(folder);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      code: 'VERSION_UNSUPPORTED',
      where: { path: join(folder, IDS), pointer: '/schema_version' },
      details: { artifact: 'ids file', found: 2, supported: { min: 1, max: 1 }, migration: 'not attempted' },
    });
  });

  it('the last id is given, and then none is left', async () => {
    const folder = treeOf({ 'a.x': '', [IDS]: { schema_version: 1, next_id: 2 ** 31 - 1, assets: [] } });
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([[2 ** 31 - 1, 'a', 'a.x']]);
    expect(readJson(folder, IDS)).toMatchObject({ next_id: 2 ** 31 });
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toHaveLength(1);
    write(folder, { 'b.x': '' });
    expect((await failure(folder)).diagnostics).toMatchObject([{ code: 'IDS_EXHAUSTED' }]);
  });

  it('an id of 0 in a plan of its own is no concern of the file, and ids need not be dense', async () => {
    const folder = treeOf({ 'a.x': '', 'b.x': '', [IDS]: ids(entry(5)) });
    expect(rows((await makePlan(folder, SOUNDS)).plan)).toEqual([
      [5, 'a', 'a.x'],
      [9, 'b', 'b.x'],
    ]);
  });

  it('may stand elsewhere, and is then no asset either', async () => {
    const folder = treeOf({ 'a.x': '' });
    const elsewhere = join(newFolder(), 'ids.json');
    const made = await makePlan(folder, { ...SOUNDS, idsPath: elsewhere });
    expect(made.idsPath).toBe(elsewhere);
    expect(existsSync(elsewhere)).toBe(true);
    expect(existsSync(join(folder, IDS))).toBe(false);
    const inside = join(folder, 'sub/../my ids');
    mkdirSync(join(folder, 'sub'));
    await makePlan(folder, { ...SOUNDS, idsPath: inside });
    expect((await makePlan(folder, { ...SOUNDS, idsPath: inside })).assetCount).toBe(1);
  });
});

const glyph = { bank_type: 'GLYPH', metadata: { width: 8, height: 8, tile_size: 8, palette_count: 64 } };

describe('sidecars', () => {
  it.each<[string, string | object, object]>([
    ['nothing', '{}', { bank_type: 'SOUNDS' }],
    ['bank_type', { bank_type: 'SCENE' }, { bank_type: 'SCENE' }],
    ['bankType', { bankType: 'SCENE' }, { bank_type: 'SCENE' }],
    ['decoded_size', { decoded_size: 9 }, { decoded_size: 9 }],
    ['decoded_size as a string', { decodedSize: '9' }, { decoded_size: 9 }],
    ['metadata', { metadata: { b: [null, true], a: 'x' } }, { metadata: { b: [null, true], a: 'x' } }],
    ['codec_configuration', { codec_configuration: {} }, { codec_configuration: {} }],
    ['pipeline', { pipeline: { p: -1 } }, { pipeline: { p: -1 } }],
    ['an asker', { preload: {} }, { preload: {} }],
    ['a slot', { preload: { slot: 15 } }, { preload: { slot: 15 } }],
    [
      'all',
      { ...glyph, decodedSize: 2_112, codecConfiguration: { c: 1 }, pipeline: {}, preload: { slot: 0 } },
      { ...glyph, decoded_size: 2_112, codec_configuration: { c: 1 }, pipeline: {}, preload: { slot: 0 } },
    ],
    ['-0', '{"decoded_size":-0,"metadata":{"a":-0}}', { decoded_size: 0, metadata: { a: 0 } }],
    ['__proto__ in metadata', '{"metadata":{"__proto__":{"a":1}}}', { metadata: JSON.parse('{"__proto__":{"a":1}}') }],
  ])('%s', async (_, sidecar, expected) => {
    const folder = treeOf({ 'a.x': new Uint8Array(2_080), 'a.x.asset.json': sidecar });
    const { plan, assetCount } = await makePlan(folder, SOUNDS);
    expect(assetCount).toBe(1);
    const {
      asset_id: id,
      asset_name: name,
      file,
      bank_type: bank,
      ...rest
    } = assetsOf(plan)[0] as Record<string, unknown>;
    expect({ id, name, file }).toEqual({ id: 1, name: 'a', file: 'a.x' });
    expect(JSON.stringify({ bank_type: bank, ...rest })).toBe(
      JSON.stringify({ bank_type: bank, ...rest, ...expected }),
    );
    expect({ bank_type: bank, ...rest }).toEqual({ bank_type: 'SOUNDS', ...expected });
  });

  const invalid = (...pointers: string[]) => pointers.map((pointer) => ['SIDECAR_INVALID', 'a.x.asset.json', pointer]);
  it.each<[string, string | object, unknown[][]]>([
    ['not JSON', '{', invalid('')],
    ['empty', '', invalid('')],
    ['an array', '[]', invalid('')],
    ['an unknown member', { x: 1 }, invalid('/x')],
    ['null', { bank_type: null }, invalid('/bank_type')],
    [
      'wrong types',
      { bank_type: 1, decoded_size: '01', metadata: [], preload: 1 },
      invalid('/bank_type', '/decoded_size', '/metadata', '/preload'),
    ],
    ...['asset_id', 'assetId', 'asset_name', 'codec', 'file', 'inline', 'size', 'digest'].map(
      (name): [string, object, unknown[][]] => [
        `${name}, which is not for a sidecar`,
        {
          [name]:
            name.endsWith('d') && name !== 'digest'
              ? 1
              : name === 'size'
                ? 0
                : name === 'digest'
                  ? `xxh64:${'0'.repeat(16)}`
                  : 'AAAA',
        },
        invalid(`/${name === 'assetId' ? 'assetId' : name}`),
      ],
    ),
    ['file of a wrong type', { file: 1 }, invalid('/file')],
    ['a float', '{"decoded_size":1.0}', invalid('/decoded_size')],
    ['a float deep in metadata', '{"metadata":{"a":[1e3]}}', invalid('/metadata/a/0')],
    ['a duplicate', '{"metadata":{"a":1,"a":2}}', invalid('/metadata/a')],
    ['both spellings', { bank_type: 'SCENE', bankType: 'SCENE' }, invalid('/bankType')],
    ['a lone surrogate', '{"metadata":{"a":"\\ud800"}}', invalid('/metadata/a')],
    ['several', '{"metadata":{"a":1.5},"x":1}', invalid('/metadata/a', '/x')],
    ['a negative decoded_size', { decoded_size: -1 }, invalid('/decoded_size')],
  ])('invalid: %s', async (_, sidecar, expected) => {
    const folder = treeOf({ 'a.x': '', 'a.x.asset.json': sidecar });
    expect(places((await failure(folder)).diagnostics)).toEqual(expected);
  });

  it.each<[string, object, string]>([
    ['TILES', { bank_type: 'TILES' }, 'BANK_TYPE_UNKNOWN'],
    ['a slot of 16', { preload: { slot: 16 } }, 'PRELOAD_SLOT_RANGE'],
    ['a collision', { metadata: { codec: 1 }, codec_configuration: {} }, 'METADATA_COLLISION'],
    ['a GLYPH of another size', glyph, 'BANK_SIZE'],
    ['33 levels', { metadata: { a: JSON.parse('['.repeat(33) + ']'.repeat(33)) } }, 'HEADER_TOO_DEEP'],
  ])('what pack would refuse is refused, with the file named: %s', async (_, sidecar, code) => {
    const folder = treeOf({ 'a.x': '', 'b.x': '', 'b.x.asset.json': sidecar });
    expect((await failure(folder)).diagnostics).toMatchObject([{ code, where: { path: 'b.x' }, asset_id: 2 }]);
  });

  it('a sidecar without its file', async () => {
    const folder = treeOf({
      'a.x': '',
      'b.x.asset.json': '{}',
      'sub/c.asset.json': '{}',
      'a.x.asset.json.asset.json': '{}',
    });
    expect(places((await failure(folder)).diagnostics)).toEqual([
      ['SIDECAR_INVALID', 'a.x.asset.json.asset.json', undefined],
      ['SIDECAR_INVALID', 'b.x.asset.json', undefined],
      ['SIDECAR_INVALID', 'sub/c.asset.json', undefined],
    ]);
  });

  it('all faults of a tree together, in the order of the paths', async () => {
    const folder = treeOf({
      'a.x': '',
      'a.x.asset.json': { x: 1 },
      'b.y': '',
      'c.x': '',
      'c.x.asset.json': { bank_type: 'SOUND' },
      'd.asset.json': '{}',
    });
    const { diagnostics } = await failure(folder, { banks: [{ glob: '*.x', bankType: 'SOUNDS' }] });
    const codes = diagnostics
      .map(({ code, where }) => [code, where.path])
      .sort(([, a], [, b]) => ((a as string) < (b as string) ? -1 : 1));
    expect(codes).toEqual([
      ['SIDECAR_INVALID', 'a.x.asset.json'],
      ['BANK_TYPE_MISSING', 'b.y'],
      ['BANK_TYPE_UNKNOWN', 'c.x'],
      ['SIDECAR_INVALID', 'd.asset.json'],
    ]);
  });
});

describe('bank types by --bank', () => {
  const banks = (...pairs: [string, string][]): MakePlanOptions => ({
    banks: pairs.map(([glob, bankType]) => ({ glob, bankType })),
  });
  const files = { 'a.ogg': '', 'levels/b.ogg': '', 'levels/deep/c.bin': '' };
  it.each<[string, MakePlanOptions, Files, Record<string, string>]>([
    [
      'a star stays in its folder, two do not',
      banks(['**', 'SCENE'], ['*.ogg', 'SOUNDS']),
      files,
      { a: 'SOUNDS', 'levels/b': 'SCENE', 'levels/deep/c': 'SCENE' },
    ],
    [
      'the last match wins',
      banks(['**/*.ogg', 'SCENE'], ['**', 'SCENE'], ['**/*.ogg', 'SOUNDS']),
      files,
      { a: 'SOUNDS', 'levels/b': 'SOUNDS', 'levels/deep/c': 'SCENE' },
    ],
    [
      'also when it is the wider one',
      banks(['*.ogg', 'SOUNDS'], ['**', 'SCENE']),
      files,
      { a: 'SCENE', 'levels/b': 'SCENE', 'levels/deep/c': 'SCENE' },
    ],
    [
      'a sidecar wins over all',
      banks(['**', 'SCENE']),
      { ...files, 'a.ogg.asset.json': { bank_type: 'SOUNDS' } },
      { a: 'SOUNDS', 'levels/b': 'SCENE', 'levels/deep/c': 'SCENE' },
    ],
    [
      'a sidecar without a bank type does not',
      banks(['**', 'SCENE']),
      { 'a.ogg': '', 'a.ogg.asset.json': '{}' },
      { a: 'SCENE' },
    ],
    [
      'braces and classes',
      banks(['{levels,x}/**/[abc].*', 'SCENE'], ['a.*', 'SOUNDS']),
      files,
      { a: 'SOUNDS', 'levels/b': 'SCENE', 'levels/deep/c': 'SCENE' },
    ],
  ])('%s', async (_, options, tree, expected) => {
    const { plan } = await makePlan(treeOf(tree), options);
    expect(Object.fromEntries(assetsOf(plan).map((each) => [each['asset_name'], each['bank_type']]))).toEqual(expected);
  });

  it('BANK_TYPE_MISSING lists the files, once', async () => {
    const { diagnostics } = await failure(treeOf(files), banks(['*.ogg', 'SOUNDS']));
    expect(diagnostics).toMatchObject([
      {
        code: 'BANK_TYPE_MISSING',
        details: { count: 2, files: ['levels/b.ogg', 'levels/deep/c.bin'] },
        hint: expect.stringContaining('--bank'),
      },
    ]);
    expect(diagnostics[0]?.message).toContain('levels/b.ogg, levels/deep/c.bin');
  });

  it('BANK_TYPE_MISSING names 20 of many', async () => {
    const { diagnostics } = await failure(
      treeOf(Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`f${100 + i}`, '']))),
      {},
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toMatch(/f100.*f119, and 5 more$/);
  });

  it('a bank type that does not exist', async () => {
    expect((await failure(treeOf({ 'a.x': '' }), banks(['**', 'TILES']))).diagnostics).toMatchObject([
      { code: 'BANK_TYPE_UNKNOWN', where: { path: 'a.x' } },
    ]);
  });
});

describe('what is no asset', () => {
  it('dot files and dot folders are passed over in silence', async () => {
    const folder = treeOf({
      'a.x': '',
      '.hidden': '',
      '.git/b.x': '',
      'sub/.c.x': '',
      '..d': '',
      '.e.asset.json': 'not JSON',
    });
    const made = await makePlan(folder, SOUNDS);
    expect(rows(made.plan)).toEqual([[1, 'a', 'a.x']]);
    expect(made.skipped).toEqual([]);
  });

  it('symbolic links, FIFOs and outputs of a pack are passed over and listed', async () => {
    const folder = treeOf({ 'a.x': 'a', 'sub/b.x': 'b' });
    symlinkSync('a.x', join(folder, 'link.x'));
    symlinkSync('sub', join(folder, 'folder link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    execFileSync('mkfifo', [join(folder, 'sub/pipe')]);
    const first = await makePlan(folder, SOUNDS);
    const links = ['dangling', 'folder link', 'link.x'].map((path) => ({ path, reason: 'symlink' }));
    const special = { path: 'sub/pipe', reason: 'special' };
    expect(first.skipped).toEqual([...links, special]);
    await packAssets(first.plan, toDirectory(join(folder, 'build')), { folder });
    const second = await makePlan(folder, SOUNDS);
    const outputs = ['asset_table.json', 'asset_table_metadata.json', 'assets.pa', 'preload.json'];
    expect(second.skipped).toEqual([
      ...links,
      special,
      ...outputs.map((name) => ({ path: `build/${name}`, reason: 'output' })),
    ]);
    expect(second.plan).toEqual(first.plan);
  });

  it('companions without an assets.pa beside them are assets', async () => {
    const made = await makePlan(treeOf({ 'preload.json': '{}', 'build/assets.pa.txt': '' }), SOUNDS);
    expect(made.assetCount).toBe(2);
  });

  it('the plan and the ids file, wherever they stand', async () => {
    const folder = treeOf({ 'a.x': '', 'out/b.x': '' });
    const options = { ...SOUNDS, planPath: join(folder, 'out/my plan') };
    for (let run = 0; run < 2; run += 1) {
      const made = await makePlan(folder, { ...options, idsPath: join(folder, 'my ids') });
      expect(rows(made.plan)).toEqual([
        [1, 'a', '../a.x'],
        [2, 'out/b', 'b.x'],
      ]);
    }
  });

  it('a plan made with the defaults is no asset of a plan that goes elsewhere', async () => {
    const folder = treeOf({ 'a.x': '' });
    await makePlan(folder, SOUNDS);
    expect(
      rows(
        (await makePlan(folder, { ...SOUNDS, planPath: join(newFolder(), 'plan.json'), idsPath: join(folder, IDS) }))
          .plan,
      ),
    ).toHaveLength(1);
  });
});

// macOS has no names that are not UTF-8.
describe('names that cannot be', () => {
  const notUtf8 = Buffer.from([0x62, 0xff, 0x2e, 0x78]);

  it.skipIf(process.platform === 'darwin')('not UTF-8: a file and a folder', async () => {
    const folder = treeOf({ 'a.x': '' });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), notUtf8]), '');
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/c`), notUtf8]));
    const { diagnostics } = await failure(folder);
    expect(places(diagnostics)).toEqual([
      ['PLAN_VALUE', 'b\ufffd.x', undefined],
      ['PLAN_VALUE', 'cb\ufffd.x', undefined],
    ]);
  });

  it.skipIf(process.platform === 'darwin')('a hidden one that is not UTF-8 is hidden', async () => {
    const folder = treeOf({ 'a.x': '' });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/.`), notUtf8]), '');
    expect((await makePlan(folder, SOUNDS)).assetCount).toBe(1);
  });

  it('a backslash', async () => {
    const { diagnostics } = await failure(treeOf({ 'a\\b.x': '' }));
    expect(diagnostics).toMatchObject([{ code: 'PLAN_VALUE', where: { path: 'a\\b.x', pointer: '/file' } }]);
  });

  it('a line feed', async () => {
    const { diagnostics } = await failure(treeOf({ 'a\nb.x': '' }));
    expect(diagnostics).toMatchObject([{ code: 'ASSET_NAME', where: { path: 'a\nb.x' } }]);
  });

  it('a name that only a terminal minds', async () => {
    expect(rows((await makePlan(treeOf({ 'a\u202eb.x': '' }), SOUNDS)).plan)).toEqual([[1, 'a\u202eb', 'a\u202eb.x']]);
  });
});

describe('where the plan goes', () => {
  it('outside the tree: paths leave its folder, and pack is told', async () => {
    const parent = newFolder();
    write(parent, { 'data/a.x': 'abc', 'out/keep': '' });
    const planPath = join(parent, 'out/plan.json');
    const made = await makePlan(join(parent, 'data'), { ...SOUNDS, planPath });
    expect(made).toMatchObject({ leavesFolder: true, planPath, idsPath: join(parent, 'out', IDS) });
    expect(rows(made.plan)).toEqual([[1, 'a', '../data/a.x']]);
    expect(readdirSync(join(parent, 'data'))).toEqual(['a.x']);
    const folder = join(parent, 'out');
    await expect(packAssets(made.plan, toMemory(), { folder })).rejects.toMatchObject({ code: 'SOURCE_OUTSIDE_ROOT' });
    expect(await packAssets(made.plan, toMemory(), { folder, allowOutsideRoot: true })).toMatchObject({
      assetCount: 1,
    });
    expect(await packAssets(made.plan, toMemory(), { folder, root: parent, allowOutsideRoot: true })).toMatchObject({
      assetCount: 1,
    });
  });

  it('above the tree: paths stay inside', async () => {
    const parent = newFolder();
    write(parent, { 'data/a.x': 'abc' });
    const made = await makePlan(join(parent, 'data'), { ...SOUNDS, planPath: join(parent, 'plan.json') });
    expect(made.leavesFolder).toBe(false);
    expect(rows(made.plan)).toEqual([[1, 'a', 'data/a.x']]);
    expect(await packAssets(made.plan, toMemory(), { folder: parent })).toMatchObject({ assetCount: 1 });
  });

  it('a folder that only begins like "..": inside', async () => {
    const parent = newFolder();
    write(parent, { '..data/a.x': '' });
    const made = await makePlan(join(parent, '..data'), { ...SOUNDS, planPath: join(parent, 'plan.json') });
    expect(made.leavesFolder).toBe(false);
    expect(rows(made.plan)).toEqual([[1, 'a', '..data/a.x']]);
  });

  it('standard output: it is only returned, and the ids stay in the tree', async () => {
    const folder = treeOf({ 'a.x': '' });
    const made = await makePlan(folder, { ...SOUNDS, planPath: '-' });
    expect(made.idsPath).toBe(join(folder, IDS));
    expect(readdirSync(folder).sort()).toEqual(['a.x', IDS].sort());
    expect(assetsOf(made.plan)).toHaveLength(1);
  });

  it('the plan packs, and gives the bytes of the files', async () => {
    const folder = treeOf({
      'b.x': 'bytes of b',
      'a/a.x': 'bytes of a',
      'b.x.asset.json': { preload: {}, metadata: { m: 1 } },
    });
    const { plan } = await makePlan(folder, SOUNDS);
    const sink = toMemory();
    await packAssets(plan, sink, { folder });
    expect(Buffer.from(sink.bytes).toString().endsWith('bytes of abytes of b')).toBe(true);
    expect(Buffer.from(sink.companions.get('preload.json') as Uint8Array).toString()).toBe('[{"asset_id":2,"slot":0}]');
  });
});

describe('folders that cannot be read or written', () => {
  it.each<[string, (folder: string) => string]>([
    ['a folder that is not there', (folder) => join(folder, 'nowhere')],
    ['a file in place of a folder', (folder) => join(folder, 'a.x')],
  ])('%s is INPUT_READ', async (_, operand) => {
    const folder = treeOf({ 'a.x': '' });
    const before = snapshot(folder);
    await expect(makePlan(operand(folder), SOUNDS)).rejects.toMatchObject({
      code: 'INPUT_READ',
      diagnostics: [{ where: { path: operand(folder) } }],
    });
    expect(snapshot(folder)).toEqual(before);
  });

  it('a plan in a folder that is not there is OUTPUT_WRITE', async () => {
    const folder = treeOf({ 'a.x': '' });
    expect(
      (await failure(folder, { ...SOUNDS, planPath: join(folder, 'no/plan.json'), idsPath: join(folder, IDS) })).code,
    ).toBe('OUTPUT_WRITE');
  });

  it('an ids file that is a folder is INPUT_READ', async () => {
    const folder = treeOf({ 'a.x': '', [`${IDS}/x`]: '' });
    expect((await failure(folder)).code).toBe('INPUT_READ');
  });
});
