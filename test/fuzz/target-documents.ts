/** Documents beside artifacts and plans: sidecars, ids files, companions, manifests, readers' answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../../src/errors.js';
import type { FileSystem } from '../../src/host/fs.js';
import { MemoryFiles } from '../support/memory-files.ts';
import { VECTORS } from '../vectors/reader-runs.ts';
import type { Subject } from './load.ts';
import { fromLatin1, toLatin1, utf8 } from './mutate-bytes.ts';
import { JSON_TOKENS, mutateJson, sorted } from './mutate-json.ts';
import { need, same, type Target } from './target.ts';

const LENGTH_MAX = 4_096;

/** A target whose inputs are JSON documents of one kind. */
function documents(name: string, seeds: readonly string[], members: string, run: Target['run']): Target {
  const names = [...members.split(' '), ...'__proto__ constructor zzz a~b a/b \\ud800'.split(' ')].map((each) =>
    utf8(`"${each}"`),
  );
  return {
    name,
    lengthMax: LENGTH_MAX,
    seeds: () => seeds.map((seed) => Buffer.from(seed)),
    mutate(random, input, other) {
      const material = { tokens: JSON_TOKENS, names, other: toLatin1(other) };
      return fromLatin1(mutateJson(random, toLatin1(input), material));
    },
    run,
  };
}

/** All of them. */
export function documentTargets(): Target[] {
  return [
    documents('sidecar', SIDECARS, SIDECAR_NAMES, judgeSidecar),
    documents('ids', IDS, 'schema_version next_id assets asset_id asset_name path', judgeIds),
    documents('metadata', [METADATA, `${METADATA}\n`, '{"schema_version":2}'], METADATA_NAMES, judgeMetadata),
    documents('mirror', [TABLE, PRELOAD, '[]'], 'asset_id slot asset_name size', judgeMirrors),
    documents('manifest', MANIFESTS, MANIFEST_NAMES, judgeManifest),
    documents('answer', ANSWERS, ANSWER_NAMES, judgeAnswer),
  ];
}

/** Runs a step; a fault with a code is no failure. */
function orFault<T>(subject: Subject, step: () => T): T | readonly Diagnostic[] {
  try {
    return step();
  } catch (error) {
    if (error instanceof subject.AssetsPaError) return error.diagnostics;
    throw error;
  }
}

function judgePlaces(input: Uint8Array, diagnostics: readonly Diagnostic[]): void {
  for (const { code, where } of diagnostics) {
    need(
      where.offset === undefined || where.offset <= input.length,
      () => `${code} at byte ${where.offset} of ${input.length}`,
    );
  }
}

const SIDECARS = [
  '{}',
  '{"bank_type":"SOUNDS","preload":{"slot":3},"metadata":{"loop":true}}',
  '{"bankType":"GLYPH","metadata":{"height":8,"palette_count":64,"tile_size":8,"width":8},"decodedSize":"2112"}',
  '{"bank_type":"SCENE","codec_configuration":{"a":[1]},"pipeline":{"tool":"x"},"preload":{},"decoded_size":7}',
];
const SIDECAR_NAMES =
  'bank_type bankType metadata codec_configuration codecConfiguration pipeline preload slot decoded_size decodedSize asset_id codec file size';

function judgeSidecar(subject: Subject, input: Uint8Array): void {
  const report = new subject.Diagnostics();
  const described = subject.describeFiles(
    [{ path: 'a.bin', sidecar: input }],
    [{ glob: '**', bankType: 'SCENE' }],
    report,
  );
  judgePlaces(input, report.list);
  const members = described.get('a.bin');
  need(
    (members === undefined) === report.errors > 0,
    () => `${report.errors} faults, and ${members === undefined ? 'no' : 'an'} asset`,
  );
  if (members === undefined) return;
  JSON.parse(Buffer.from(input).toString());
  // Such a plan is written and read again: what is wrong with it has a code.
  const plan = subject.planText({}, [{ asset_id: 1, asset_name: 'a', ...members, file: 'a.bin' }]);
  const found = new subject.Diagnostics();
  orFault(subject, () => subject.readPlan(plan, found));
  judgePlaces(plan, found.list);
  // What lies in `preload` is judged there.
  const shape = found.list.find(
    ({ code, where }) => /^PLAN_S/.test(code) && !where.plan?.startsWith('/assets/0/preload'),
  );
  need(shape === undefined, () => `the sidecar makes a plan with ${shape?.code}: ${shape?.message}`);
}

const IDS = [
  '{\n  "schema_version": 1,\n  "next_id": 1,\n  "assets": []\n}\n',
  '{"schema_version":1,"next_id":4,"assets":[{"asset_id":1,"asset_name":"a","path":"a.bin"},{"asset_id":3,"asset_name":"\u00e9","path":"b/c"}]}',
  '{"schema_version":1,"next_id":4,"assets":[{"asset_id":1,"asset_name":"a","path":"a"},{"asset_id":2,"asset_name":"b","path":"a"}]}',
  '{"schema_version":1,"next_id":2147483648,"assets":[{"asset_id":2147483647,"asset_name":"","path":""}]}',
];

function judgeIds(subject: Subject, input: Uint8Array): void {
  const read = orFault(subject, () => subject.readIds(input, 'ids.json'));
  if ('toBytes' in read) {
    const { assets } = JSON.parse(Buffer.from(input).toString());
    need(read.entries.length === assets.length, () => `${read.entries.length} entries of ${assets.length}`);
    const bytes = read.toBytes();
    const again = subject.readIds(bytes, 'ids.json');
    same('the ids file again', toLatin1(again.toBytes()), toLatin1(bytes));
    same('its entries', JSON.stringify(again.entries), JSON.stringify(read.entries));
  } else judgePlaces(input, read);
}

/** An artifact with its companions. */
const ARTIFACT = readFileSync(join(VECTORS, 'v1/accept/preload-16-slots.pa'));
const HEADER = JSON.parse(ARTIFACT.toString('utf8', 32, 32 + ARTIFACT.readUInt32LE(8)));
const TABLE = JSON.stringify(HEADER.asset_table.slice(0, 2));
const PRELOAD = JSON.stringify(HEADER.preload.slice(0, 3));
const METADATA = `{"artifact":{"digests":{"sha256":"sha256:${'0a'.repeat(32)}","xxh64":"xxh64:${'0b'.repeat(8)}"},"file":"assets.pa","size":${ARTIFACT.length}},"assets":[{"asset_id":1,"asset_name":"a","content":{"xxh64":"xxh64:${'00'.repeat(8)}"},"pipeline":{"a":[1,"\u00e9"]},"source":"a.bin"},{"asset_id":2,"asset_name":"b","content":{}}],"layout":{"alignment":1,"header_len":${ARTIFACT.readUInt32LE(8)},"payload_offset":${ARTIFACT.readUInt32LE(12)},"payload_size":4},"schema_version":1,"tool":{"name":"assets-pa","version":"0.1.0"},"warnings":[]}`;
const METADATA_NAMES =
  'artifact digests sha256 xxh64 file size assets asset_id asset_name content layout header_len payload_offset payload_size schema_version pipeline';

async function judgeMetadata(subject: Subject, input: Uint8Array, isThorough: boolean): Promise<void> {
  const report = new subject.Diagnostics();
  const facts = subject.readMetadata(input, 'metadata.json', report);
  judgePlaces(input, report.list);
  need(
    (facts === undefined) === report.total > 0,
    () => `${report.total} faults, and ${facts === undefined ? 'no' : 'some'} facts`,
  );
  if (facts !== undefined) {
    const text = Buffer.from(input).toString();
    // JavaScript puts names that are numbers first: such a text is not compared.
    if (!/"\d+":/.test(text)) same('a companion that is accepted', text, JSON.stringify(sorted(JSON.parse(text))));
  }
  if (isThorough || facts !== undefined) await verifyWith(subject, { 'c/asset_table_metadata.json': input });
}

/** Verifies the artifact beside some companions. */
function verifyWith(subject: Subject, companions: Readonly<Record<string, Uint8Array>>) {
  const fs = new MemoryFiles({ 'assets.pa': ARTIFACT, ...companions }).fileSystem();
  return subject.verifyArtifact('assets.pa', { fs, companions: 'c' });
}

const SMALL = readFileSync(join(VECTORS, 'v1/accept/one-sounds.pa'));
const SMALL_HEADER = SMALL.toString('utf8', 32, 32 + SMALL.readUInt32LE(8));
const [, SMALL_TABLE = '', SMALL_PRELOAD = ''] = /^\{"asset_table":(.*),"preload":(.*)\}$/.exec(SMALL_HEADER) ?? [];

/** A mirror is right when it is that part of the header, and else differs at its first wrong byte. */
async function judgeMirrors(subject: Subject, input: Uint8Array): Promise<void> {
  const files = { 'assets.pa': SMALL, 'c/asset_table.json': input, 'c/preload.json': input };
  const { diagnostics } = await subject.verifyArtifact('assets.pa', {
    fs: new MemoryFiles(files).fileSystem(),
    companions: 'c',
  });
  const found = diagnostics.flatMap(({ code, where }) =>
    code === 'COMPANION_MISMATCH' ? [`${where.path} ${where.offset}`] : [],
  );
  const expected = [
    ['c/asset_table.json', SMALL_TABLE],
    ['c/preload.json', SMALL_PRELOAD],
  ].flatMap(([path, text = '']) => {
    const at = firstDifference(input, Buffer.from(text));
    return at === undefined ? [] : [`${path} ${at}`];
  });
  same('mirrors differ', found.join(), expected.join());
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at === a.length && at === b.length ? undefined : at;
}

const VECTOR = {
  id: 'accept/a',
  file: 'v1/accept/a.pa',
  title: 'a',
  clauses: ['E1'],
  flags: [],
  runtime: { verdict: 'accept' },
  strict: { verdict: 'accept' },
  expected: 'v1/accept/a.expected.json',
  size: 4,
  sha256: '0'.repeat(64),
  xxh64: '0'.repeat(16),
};
const REJECTED = {
  ...VECTOR,
  expected: undefined,
  runtime: { verdict: 'reject', classes: ['HEADER', 'TABLE'] },
  strict: { verdict: 'reject', code: 'HEADER_SHAPE', where: { pointer: '/asset_table/0', offset: 33 } },
};
const OPEN = { ...REJECTED, runtime: { verdict: 'unspecified' } };
const MANIFESTS = [VECTOR, REJECTED, OPEN].map((vector) => JSON.stringify({ manifest_version: 1, vectors: [vector] }));
const MANIFEST_NAMES =
  'manifest_version vectors id file title clauses flags runtime strict verdict classes code where pointer offset expected plan';

const CONTENT = {
  asset_table: [{ asset_id: 1, metadata: { a: [1, null] } }],
  preload: [],
  slices: [{ asset_id: 1, size: 4, xxh64: '0' }],
};
const ANSWERS = [
  JSON.stringify({ verdict: 'accept', ...CONTENT }),
  '{"verdict":"reject","class":"VERSION"}',
  '{"verdict":"reject","class":"HEADER","code":"HEADER_SHAPE"}',
  '{"verdict":"accept","asset_table":[],"slices":[]}',
];
const ANSWER_NAMES = 'verdict class code asset_table preload slices asset_id size xxh64 metadata';

async function judgeManifest(subject: Subject, input: Uint8Array): Promise<void> {
  const fs: Partial<FileSystem> = { readFile: async () => Buffer.from(input) };
  let set: Awaited<ReturnType<typeof subject.VectorSet.open>>;
  try {
    set = await subject.VectorSet.open(fs as FileSystem, 'set');
  } catch (error) {
    if (error instanceof subject.AssetsPaError) return;
    throw error;
  }
  for (const vector of set.vectors) {
    for (const answer of ANSWERS) judgeBoth(subject, vector, JSON.parse(answer));
    set.path(vector.file);
  }
}

type Vector = Parameters<Subject['judge']>[0];

function judgeBoth(subject: Subject, vector: Vector, answer: Parameters<Subject['judge']>[2]): void {
  for (const profile of ['runtime', 'strict'] as const) {
    const { verdict } = subject.judge(
      vector,
      profile,
      answer,
      vector.expected === undefined ? undefined : (CONTENT as never),
    );
    need(/^(?:pass|fail|unspecified)$/.test(verdict), () => `judged as ${verdict}`);
  }
}

function judgeAnswer(subject: Subject, input: Uint8Array): void {
  const answer = subject.parseAnswer(input, false);
  if (typeof answer === 'object') {
    for (const vector of [VECTOR, REJECTED]) judgeBoth(subject, vector as never, answer as never);
  }
  const open = subject.parseAnswer(input, true);
  need(
    typeof answer === 'string' || isDeepStrictEqual(open, answer),
    () => 'an answer is another one to an open question',
  );
  if (typeof open === 'object') subject.judge(OPEN as never, 'runtime', open as never, undefined);
}
