/** What a runtime must say of a file: the classes of its faults, and what the published texts leave open. */
import { ERROR_TABLE, type RuntimeClass } from '../error-table.js';
import type { Diagnostic } from '../errors.js';
import { ENTRY_MEMBERS, HEADER_MEMBERS, PRELOAD_MEMBERS } from '../format.js';

/** How far a reader goes: what a runtime must do, or the whole contract. */
export type Profile = 'runtime' | 'strict';

/** The classes in the order in which a runtime reader reports them. */
export const READER_CLASSES = ['TRUNCATED', 'MAGIC', 'VERSION', 'BOUNDS', 'HEADER', 'TABLE', 'PRELOAD'] as const;
/** A class that a runtime reader reports. */
export type ReaderClass = (typeof READER_CLASSES)[number];

/** What the runtime profile says of a file. */
export type RuntimeVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'unspecified' }
  | { readonly verdict: 'reject'; readonly class: ReaderClass };

/**
 * The runtime's verdict on a file.
 *
 * @param classes Of all its faults, as {@link runtimeClass} gives them.
 */
export function runtimeVerdict(classes: ReadonlySet<string>): RuntimeVerdict {
  const first = READER_CLASSES.find((each) => classes.has(each));
  if (first !== undefined) return { verdict: 'reject', class: first };
  return { verdict: classes.has('open') ? 'unspecified' : 'accept' };
}

/**
 * Strict diagnostics as the runtime profile sees them: a fault that it leaves open is no error there, any other carries its class.
 * What is wrong with companions, or against a plan, stays an error.
 */
export function inRuntimeProfile(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.map((each) => {
    const { severity, details } = each;
    const found = severity === 'error' ? runtimeClass(each) : '-';
    if (found === '-') return each;
    return { ...each, severity: found === 'open' ? 'info' : severity, details: { ...details, runtime: found } };
  });
}

const INSIDE_METADATA = /^\/asset_table\/\d+\/metadata\//;
const SIZE_MEMBER = /\/(offset|size|decoded_size)$/;
const BIG_INTEGER = /^[0-9]+(\.\.\.)?$/;

/**
 * The class of one fault: its code's, but for the cases that the published texts leave open; `-` for faults of other files: companions are
 * no business of a runtime.
 */
export function runtimeClass(diagnostic: Diagnostic): RuntimeClass {
  if (diagnostic.where.path !== undefined) return '-';
  return isOpen(diagnostic) ? 'open' : ERROR_TABLE[diagnostic.code].runtime;
}

function isOpen({ code, clause, where: { pointer = '' }, actual, details = {} }: Diagnostic): boolean {
  switch (code) {
    case 'HEADER_LENGTH':
      return details['past_end'] !== true;
    case 'PAYLOAD_OFFSET':
      return clause === 'T5';
    case 'HEADER_SHAPE': {
      const isAbsentPreload = pointer === '' && details['missing_member'] === 'preload';
      const isArray = details['expected_type'] === 'an object' && details['actual_type'] === 'an array';
      return 'unknown_member' in details || isAbsentPreload || isArray;
    }
    case 'HEADER_NUMBER': {
      const isLargeSize = SIZE_MEMBER.test(pointer) && BIG_INTEGER.test(String(actual));
      return INSIDE_METADATA.test(pointer) || isLargeSize || isPassedOver(pointer);
    }
    case 'HEADER_DUPLICATE_MEMBER':
      return INSIDE_METADATA.test(pointer) || isPassedOver(pointer);
    case 'HEADER_STRING':
      return isPassedOver(pointer);
    case 'ASSET_ID_RANGE':
      return Number(actual) < 0 && Number(actual) >= -(2 ** 31);
    default:
      return false;
  }
}

/**
 * In a member that the format does not have, or in an array in the place of an object: a reader may pass over what it does not look for.
 */
function isPassedOver(pointer: string): boolean {
  const [, list, index, member] = pointer.split('/');
  const isKnown = (names: readonly string[], name: string | undefined) => name === undefined || names.includes(name);
  if (!isKnown(HEADER_MEMBERS, list)) return true;
  return index !== undefined && !isKnown(list === 'preload' ? PRELOAD_MEMBERS : ENTRY_MEMBERS, member);
}
