/** Plans as JSON text, written member by member so that a row can say exactly what is wrong. */
import { AssetsPaError, type Diagnostic, Diagnostics } from '../../src/errors.js';
import type { DraftPlan, PlanInput } from '../../src/plan/model.js';
import { readPlan } from '../../src/plan/read-plan.js';

/** Members as raw JSON text, by raw name; undefined takes a default away. */
export type RawMembers = Readonly<Record<string, string | undefined>>;

/** An object of raw members. */
export function raw(members: RawMembers): string {
  const parts = Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${value}`]));
  return `{${parts.join(',')}}`;
}

/** An asset of an empty payload; `members` replace or take away, and stand in alphabetical order with the rest. */
export function asset(id: number, members: RawMembers = {}): string {
  const all: RawMembers = {
    asset_id: String(id),
    asset_name: `"a${id}"`,
    bank_type: '"SOUNDS"',
    inline: '""',
    ...members,
  };
  return raw(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A plan of these assets. */
export function plan(...assets: string[]): string {
  return root({}, ...assets);
}

/** A plan with other root members. */
export function root(members: RawMembers, ...assets: string[]): string {
  const all: RawMembers = { assets: `[${assets.join(',')}]`, schema_version: '1', ...members };
  return raw(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A value of `levels` nested arrays. */
export function nest(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

/** The same with objects. */
export function nestObjects(levels: number): string {
  return `${'{"o":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What reading a plan gave. */
export interface Judgement {
  /** Absent when the reading stopped early. */
  readonly draft: DraftPlan | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly omitted: number;
}

/** Reads a plan in any form; only an error that is none of ours gets out. */
export function judge(document: string | Uint8Array | PlanInput): Judgement {
  const report = new Diagnostics();
  try {
    const draft = readPlan(typeof document === 'string' ? utf8(document) : document, report);
    return { draft, diagnostics: report.list, omitted: report.omitted };
  } catch (error) {
    if (!(error instanceof AssetsPaError)) throw error;
    return { draft: undefined, diagnostics: error.diagnostics, omitted: error.diagnosticsOmitted };
  }
}

/** A code and the place in the plan; undefined: a place in the bytes only. */
export type Fault = readonly [code: string, plan: string | undefined];

/** `[code, where.plan]` of each. */
export function faults(diagnostics: readonly Diagnostic[]): Fault[] {
  return diagnostics.map(({ code, where }) => [code, where.plan] as const);
}
