/** From any form of a plan to a checked draft. */
import { withOffsets } from '../codec/locate.js';
import { isPause, runSteps, type Steps } from '../codec/steps.js';
import { AssetsPaError, Diagnostics } from '../errors.js';
import { readBinaryPlan } from './binary-plan.js';
import { type OnAsset, PLAN_VERSION, PlanChecker, unsupportedPlan } from './check.js';
import { readJsonPlan } from './json-plan.js';
import type { DraftPlan, PlanInput } from './model.js';

/**
 * Reads a plan: a JSON or binary document, or the object that a program built.
 *
 * @param plan Bytes are JSON when they begin with `{`, white space or a byte-order mark, else protobuf.
 * @param report Receives every fault that needs no look at the payloads.
 * @throws AssetsPaError `VERSION_UNSUPPORTED` or `PLAN_SYNTAX`, alone
 * @throws TypeError a program passed something that no document can hold
 */
export function readPlan(plan: Uint8Array | PlanInput, report: Diagnostics): DraftPlan {
  return runSteps(planSteps(plan, report));
}

/** {@link readPlan}, in steps. */
export function* planSteps(plan: Uint8Array | PlanInput, report: Diagnostics, onAsset?: OnAsset): Steps<DraftPlan> {
  if (!(plan instanceof Uint8Array)) return yield* readProgramPlan(plan, report, onAsset);
  const found = new Diagnostics();
  const isJson = isJsonText(plan);
  const checker = new PlanChecker(isJson ? 'json' : 'binary', found, onAsset);
  yield* (isJson ? readJsonPlan : readBinaryPlan)(plan, checker, found);
  const draft = yield* checker.finish();
  report.absorb(locateInPlan(plan, found));
  return draft;
}

const JSON_STARTS = [...'{ \t\r\n'].map((c) => c.charCodeAt(0));

/** The form of a document, told by its first byte; an empty one counts as JSON. */
export function isJsonText(bytes: Uint8Array): boolean {
  const first = bytes[0];
  return first === undefined || JSON_STARTS.includes(first) || first === 0xef;
}

/**
 * Adds to each diagnostic the byte of the plan's text that its pointer names, which also puts them in the order of the text.
 *
 * @param plan As {@link readPlan} took it; only JSON has such places.
 */
export function locateInPlan(plan: Uint8Array | PlanInput, report: Diagnostics): Diagnostics {
  if (!(plan instanceof Uint8Array) || !isJsonText(plan) || report.total === 0) return report;
  const located = new Diagnostics();
  located.absorb(report, withOffsets(plan, report.list, 'plan', 0));
  return located;
}

function* readProgramPlan(plan: PlanInput, report: Diagnostics, onAsset?: OnAsset): Steps<DraftPlan> {
  if (typeof plan !== 'object' || plan === null) throw new TypeError('a plan is an object or the bytes of a document');
  const { schemaVersion = (plan as { schema_version?: unknown }).schema_version } = plan as { schemaVersion?: unknown };
  if (typeof schemaVersion === 'number' && schemaVersion !== PLAN_VERSION) {
    throw new AssetsPaError([unsupportedPlan(schemaVersion)]);
  }
  const checker = new PlanChecker('program', report, onAsset);
  for (const [name, value] of Object.entries(plan)) {
    if (value === undefined) continue;
    const member = checker.member(name);
    if (member !== 'assets' || !Array.isArray(value)) {
      if (member !== undefined) checker.value(member, name, value);
      continue;
    }
    for (const [i, asset] of value.entries()) {
      if (isPause(i)) yield;
      checker.asset(asset);
    }
  }
  return yield* checker.finish();
}
