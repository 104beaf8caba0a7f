/** What the documents of a workspace ask of members beside their types. */
import type { DiagnosticParts } from '../errors.js';
import type { ReadFields } from '../plan/fields.js';

/** Reports each required member that is not there. */
export function missingMembers(
  { fields }: ReadFields,
  required: readonly string[],
  at: string,
  report: (pointer: string, parts: DiagnosticParts) => void,
): void {
  for (const name of required) {
    if (!Object.hasOwn(fields, name)) report(at, { what: 'a member is missing', expected: name });
  }
}
