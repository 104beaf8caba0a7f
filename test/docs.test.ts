/** The documentation says what the code does: generated parts, examples, anchors, links. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { clauseAnchor, generatedFiles, isStale } from '../docs/generate.js';
import { ERROR_TABLE, type ErrorRow } from '../src/error-table.js';
import { Diagnostics, type MemorySink, packAssets, toMemory } from '../src/index.js';
import { readPlan } from '../src/plan/read-plan.js';
import { AssetTableMetadataSchema } from '../src/schema/gen/assets_pa/metadata/v1/metadata_pb.js';
import { AssetSchema, LayoutSchema, PlanSchema } from '../src/schema/gen/assets_pa/plan/v1/plan_pb.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A file's text; the spaces that align the cells of a table are taken out. */
const read = (path: string): string =>
  readFileSync(join(ROOT, path), 'utf8').replace(/^\|.*\|$/gm, (row) => row.replace(/ {2,}/g, ' '));
const FORMAT = read('docs/format.md');
const PLAN = read('docs/plan.md');

/** The text below a heading, up to the next one of the same or a higher level. */
function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`no heading "${heading}"`);
  const body = text.slice(start + heading.length + 2);
  const end = body.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? body : body.slice(0, end);
}

/** The contents of fenced blocks of one language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, body]) => body as string);
}

/** The bytes of an annotated dump: offset, bytes, remark. Every offset must fit. */
function dumped(dump: string): Uint8Array {
  const bytes: number[] = [];
  for (const line of dump.trimEnd().split('\n')) {
    const [, offset, hex] = /^([0-9a-f]{4}) {2}([0-9a-f]{2}(?: [0-9a-f]{2})*)(?: {2}.*| {3,}.*)?$/.exec(line) ?? [];
    if (offset === undefined || hex === undefined) throw new Error(`no line of a dump: ${line}`);
    expect(Number.parseInt(offset, 16), line).toBe(bytes.length);
    bytes.push(...hex.split(' ').map((each) => Number.parseInt(each, 16)));
  }
  return Uint8Array.from(bytes);
}

async function pack(plan: string): Promise<MemorySink> {
  const sink = toMemory();
  await packAssets(new TextEncoder().encode(plan), sink);
  return sink;
}

describe('generated parts', () => {
  it.each(generatedFiles().map((file) => [relative(ROOT, fileURLToPath(file.url)), file]))('%s is fresh', (_, file) => {
    expect(isStale(file), 'run: tsx docs/generate.ts').toBe(false);
  });
});

describe('format.md', () => {
  it.each(['### The smallest file', '### Two assets'])('%s is what the writer emits', async (heading) => {
    const text = section(FORMAT, heading);
    const [plan, ...otherPlans] = blocks(text, 'json');
    const [dump, ...otherDumps] = blocks(text, 'hex');
    expect([otherPlans, otherDumps]).toEqual([[], []]);
    expect(dumped(dump as string)).toEqual(new Uint8Array((await pack(plan as string)).bytes));
  });

  it('has every clause once, in order', () => {
    const counts = { E: 7, H: 7, T: 6, M: 4, B: 4, L: 6, C: 6, W: 9, V: 4 };
    const clauses = Object.entries(counts).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
    );
    const found = [...FORMAT.matchAll(/^### <a id="([a-z0-9]+)"><\/a>([A-Z][0-9])\. /gm)];
    expect(found.map(([, , clause]) => clause)).toEqual(clauses);
    expect(found.map(([, anchor]) => anchor)).toEqual(clauses.map(clauseAnchor));
  });

  it('has an anchor for every clause of the error table', () => {
    const clauses = Object.values<ErrorRow>(ERROR_TABLE).flatMap((row) => row.clauses);
    const missing = clauses.filter((clause) => !FORMAT.includes(`<a id="${clauseAnchor(clause)}"></a>`));
    expect(missing).toEqual([]);
  });

  it('names places of pins that exist', () => {
    const rows = section(FORMAT, '## Where the pins are')
      .split('\n')
      .filter((line) => line.includes('` in `src/'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const [place = '', file = ''] = row.split(' | ').at(-1)?.split(' in ') ?? [];
      const source = read(file.replace(/^`|` \|$/g, ''));
      for (const [, name] of place.matchAll(/`(\w+)`/g)) {
        expect(source, row).toMatch(new RegExp(`(const|function\\*?) ${name}\\b`));
      }
    }
  });
});

describe('plan.md', () => {
  it('shows a complete plan without a fault', () => {
    const report = new Diagnostics();
    const [plan] = blocks(section(PLAN, '## A complete plan'), 'json');
    const { assets } = readPlan(new TextEncoder().encode(plan), report);
    expect(report.list).toEqual([]);
    expect(assets).toHaveLength(3);
    const members = new Set(Object.keys(Object.assign({}, ...(JSON.parse(plan as string).assets as object[]))));
    expect(members).toEqual(new Set(AssetSchema.fields.map(({ name }) => name)));
  });

  it('explains every member of a plan', () => {
    const members = section(PLAN, '## Members');
    const names = [
      ...PlanSchema.fields.map(({ name }) => name),
      ...LayoutSchema.fields.map(({ name }) => `layout.${name}`),
      ...AssetSchema.fields.map(({ name }) => name),
      'preload.slot',
    ];
    expect(names.filter((name) => !members.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  it('explains every member of the metadata companion', () => {
    const text = section(PLAN, '### asset_table_metadata.json');
    const names = AssetTableMetadataSchema.fields.flatMap((field) => {
      const inner = field.fieldKind === 'message' || field.fieldKind === 'list' ? (field.message?.fields ?? []) : [];
      const base = field.fieldKind === 'list' ? `${field.name}[]` : field.name;
      return inner.length === 0 ? [base] : inner.map(({ name }) => `${base}.${name}`);
    });
    expect(names.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
  });

  it('shows the companions of the example with two assets', async () => {
    const [plan] = blocks(section(FORMAT, '### Two assets'), 'json');
    const { companions } = await pack(plan as string);
    for (const [name, bytes] of companions) {
      const [shown] = blocks(section(PLAN, `### ${name}`), 'json');
      expect(JSON.parse(shown as string), name).toEqual(JSON.parse(new TextDecoder().decode(bytes)));
    }
    expect(companions.size).toBe(3);
  });

  it('shows results that fit their schema, and explains every member', () => {
    const schema = JSON.parse(read('src/schema/results/v1.schema.json'));
    const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(schema);
    const text = section(PLAN, '## Results');
    const examples = blocks(text, 'json').map((each) => JSON.parse(each));
    for (const each of examples) expect(validate(each), JSON.stringify(validate.errors)).toBe(true);
    expect(new Set(examples.map(({ command }) => command))).toEqual(new Set(schema.properties.command.enum));
    for (const command of schema.properties.command.enum) {
      const members = section(text, `### ${command}`);
      const unexplained = Object.keys(schema.$defs[command].properties).filter(
        (name) => !members.includes(`\`${name}`),
      );
      expect(unexplained, command).toEqual([]);
    }
  });

  it('has a results schema that notices what it does not describe', () => {
    const validate = new Ajv2020().compile(JSON.parse(read('src/schema/results/v1.schema.json')));
    const failed = { schema_version: 1, command: 'pack', ok: false, diagnostics: [], diagnostics_omitted: 0 };
    expect(validate(failed)).toBe(true);
    expect(validate({ ...failed, ok: true })).toBe(false);
    expect(validate({ ...failed, extra: 1 })).toBe(false);
    expect(validate({ ...failed, file_size: 1 })).toBe(false);
    expect(validate({ ...failed, command: 'inspect', file_size: 1 })).toBe(true);
  });
});

/** Every document that users see. */
function documents(): string[] {
  const roots = ['README.md', 'CHANGELOG.md'].filter((name) => existsSync(join(ROOT, name)));
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return [...roots, ...below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

const withoutCode = (text: string): string => text.replace(/^```.*?^```$/gms, '').replace(/^ {4}.*$/gm, '');

/** What a link may name within a document: explicit anchors and headings, as GitHub makes addresses of them. */
function anchors(text: string): Set<string> {
  const prose = withoutCode(text);
  const explicit = [...prose.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id as string);
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title as string)
      .replace(/<[^>]*>/g, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...explicit, ...headings]);
}

describe('links', () => {
  it.each(documents())('%s links to what exists', (name) => {
    const broken = [...withoutCode(read(name)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? name : normalize(join(dirname(name), decodeURIComponent(file)));
      if (target.startsWith('..') || !existsSync(join(ROOT, target))) return [link];
      const isDocument = target.endsWith('.md') && statSync(join(ROOT, target)).isFile();
      return anchor === undefined || (isDocument && anchors(read(target)).has(anchor)) ? [] : [link];
    });
    expect(broken).toEqual([]);
  });

  it.each(['docs/plan.md', 'docs/workspace.md', 'docs/versioning.md', 'docs/errors.md'])(
    '%s names codes that exist',
    (name) => {
      const named = [...withoutCode(read(name)).matchAll(/`([A-Z]+(?:_[A-Z0-9]+)+)`/g)].map(
        ([, code]) => code as string,
      );
      expect(named.filter((code) => !Object.hasOwn(ERROR_TABLE, code))).toEqual([]);
    },
  );
});
