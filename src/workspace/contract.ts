/** Whether the parts of an `asset.json` fit each other. */
import { checkCodec, checkMetadataRoot, copyFreeObject } from '../codec/entry-rules.js';
import { isSlot, slotRange } from '../codec/preload-rules.js';
import { type DiagnosticParts, Phrase } from '../errors.js';
import type { AuthoringType, BankEncoder } from './bank-encoder.js';
import type { Declaration } from './declaration.js';
import type { DocumentReport } from './document-report.js';
import { replacementOf } from './migration/declaration-v1.js';

/** What a type asks of the rest. */
interface TypeRule {
  /** Whether `output.decoded_size` has to be there; otherwise it must not. */
  readonly statesDecodedSize: boolean;
  /** Whether `build` may be there. */
  readonly hasBuild: boolean;
  /** Roles by name: how many files each takes. */
  readonly roles: { readonly [role: string]: { readonly least: number; readonly most: number } };
}

const RAW: TypeRule = { statesDecodedSize: true, hasBuild: false, roles: { payload: { least: 1, most: 1 } } };
const ANY = Number.POSITIVE_INFINITY;

const RULES: { readonly [type in AuthoringType]: TypeRule } = {
  glyph_bank: {
    statesDecodedSize: false,
    hasBuild: true,
    roles: { tiles: { least: 1, most: ANY }, palettes: { least: 0, most: ANY } },
  },
  sound_bank: RAW,
  scene_bank: RAW,
};

/**
 * Checks one asset without a look at its inputs.
 *
 * @param report Receives `OUTPUT_CONTRACT`, `CODEC_UNKNOWN`, `METADATA_COLLISION`, `PRELOAD_INVALID`, `PRELOAD_SLOT_RANGE`, and what free
 * objects must not hold.
 * @returns The encoder of its format; undefined when something is wrong.
 */
export function checkContract(
  declaration: Declaration,
  encoders: readonly BankEncoder[],
  report: DocumentReport,
): BankEncoder | undefined {
  const before = report.errors;
  const rule = RULES[declaration.type];
  const encoder = findEncoder(declaration, encoders, report);
  checkCodec(declaration.output.codec, (code, at, parts) => report.at(code, `/output${at}`, parts));
  checkRoles(declaration, rule, report);
  checkMembers(declaration, rule, report);
  checkFreeObjects(declaration, report);
  checkPreload(declaration, report);
  return report.errors === before ? encoder : undefined;
}

function inconsistent(report: DocumentReport, pointer: string, parts: DiagnosticParts): void {
  report.at('OUTPUT_CONTRACT', pointer, parts);
}

function findEncoder(
  { type, output: { format } }: Declaration,
  encoders: readonly BankEncoder[],
  report: DocumentReport,
): BankEncoder | undefined {
  const found = encoders.find((each) => each.format === format);
  if (found?.type === type) return found;
  const replacement = replacementOf('format', format);
  const legal = encoders.filter((each) => each.type === type).map((each) => each.format);
  inconsistent(report, '/output/format', {
    what: found === undefined ? 'no such format' : `this format is not one of type ${type}`,
    ...(legal.length > 0 && { expected: new Phrase(legal.join(', ')) }),
    actual: format,
    ...(replacement !== undefined && { hint: `${format} is retired: write ${replacement}` }),
  });
  return undefined;
}

function checkRoles({ type, inputs }: Declaration, { roles }: TypeRule, report: DocumentReport): void {
  for (const role of inputs.keys()) {
    if (Object.hasOwn(roles, role)) continue;
    const expected = new Phrase(Object.keys(roles).join(', '));
    inconsistent(report, `/inputs/${role}`, { what: `a ${type} has no inputs of this role`, expected, actual: role });
  }
  for (const [role, { least, most }] of Object.entries(roles)) {
    const count = inputs.get(role)?.length ?? 0;
    if (count >= least && count <= most) continue;
    const expected = new Phrase(most === ANY ? `at least ${least}` : `exactly ${least}`);
    const what = `the number of files of role ${role} does not fit type ${type}`;
    inconsistent(report, inputs.has(role) ? `/inputs/${role}` : '/inputs', { what, expected, actual: count });
  }
}

function checkMembers(
  { type, output, build }: Declaration,
  { statesDecodedSize, hasBuild }: TypeRule,
  report: DocumentReport,
): void {
  const isStated = output.decodedSize !== undefined;
  if (statesDecodedSize && !isStated) {
    inconsistent(report, '/output', {
      what: `a ${type} must state decoded_size`,
      hint: 'add "decoded_size", in bytes',
    });
  }
  if (!statesDecodedSize && isStated) {
    const what = `a ${type} must not state decoded_size, which its format gives`;
    inconsistent(report, '/output/decoded_size', { what, actual: output.decodedSize, hint: 'remove "decoded_size"' });
  }
  if (!hasBuild && build !== undefined) {
    inconsistent(report, '/build', { what: `a ${type} must not have "build"`, hint: 'remove "build"' });
  }
}

/** M3, H3-H6. */
function checkFreeObjects({ output }: Declaration, report: DocumentReport): void {
  const { metadata, codecConfiguration, pipeline } = output;
  const at: typeof report.at = (code, pointer, parts) => report.at(code, `/output${pointer}`, parts);
  checkMetadataRoot(metadata, codecConfiguration !== undefined, at);
  copyFreeObject(metadata, 0, '/metadata', at);
  if (codecConfiguration !== undefined) copyFreeObject(codecConfiguration, 1, '/codec_configuration', at);
  if (pipeline !== undefined) copyFreeObject(pipeline, 0, '/pipeline', at);
}

function checkPreload({ preload: { enabled, slot } }: Declaration, report: DocumentReport): void {
  if (slot === undefined) return;
  if (!enabled) report.at('PRELOAD_INVALID', '/preload/slot', { what: 'a slot is named, and preload is not enabled' });
  else if (!isSlot(slot)) report.at('PRELOAD_SLOT_RANGE', '/preload/slot', slotRange(slot));
}
