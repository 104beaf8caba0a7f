/** What `verify` found, as text. */
import { printable } from '../errors.js';
import type { Verification } from '../read/verify.js';
import { bytesText, counted, groups } from './figures.js';
import type { Paint } from './text.js';

/**
 * One line a file: whether it is valid, and what was checked.
 *
 * @param held What else it was held against: its companions, its plan.
 */
export function verifyText(verification: Verification, held: readonly string[], paint: Paint): string {
  const { path, ok, diagnostics, diagnosticsOmitted, checked, digests } = verification;
  const count = (severity: string) => diagnostics.filter((each) => each.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const facts = [
    verdictText(verification, paint),
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(diagnosticsOmitted > 0 ? [`${groups(diagnosticsOmitted)} more not listed`] : []),
    `${groups(checked.entries)} ${checked.entries === 1 ? 'entry' : 'entries'}`,
    `${bytesText(checked.payloadBytes)} of payload`,
    ...(ok ? held.map((each) => `${each} agree${each.endsWith('s') ? '' : 's'}`) : []),
    ...(ok ? Object.values(digests).map((digest) => paint('dim', digest)) : []),
  ];
  return `${paint('bold', printable(path))}: ${facts.join(', ')}`;
}

/** A file that could not be read. */
export function unreadText(path: string, paint: Paint): string {
  return `${paint('bold', printable(path))}: ${paint('red', 'not read')}`;
}

function verdictText({ ok, runtime }: Verification, paint: Paint): string {
  if (runtime === undefined) return ok ? paint('green', 'valid') : paint('red', 'invalid');
  if (runtime.verdict === 'accept') return paint('green', 'accepted by a runtime');
  if (runtime.verdict === 'reject') return paint('red', `rejected by a runtime (${runtime.class})`);
  return paint('yellow', 'unspecified for a runtime');
}
