/** Short forms of diagnostics for tables of expectations. */
import { expect } from 'vitest';
import { AssetsPaError, type Diagnostic } from '../../src/errors.js';

/** The error that `work` throws; a test fails when it throws none, or another one. */
export function failureOf(work: () => unknown): AssetsPaError {
  try {
    work();
  } catch (error) {
    if (error instanceof AssetsPaError) return error;
    throw error;
  }
  return expect.unreachable('nothing was thrown');
}

/** `[code, pointer, byte offset]`. */
export function places(
  diagnostics: readonly Diagnostic[],
): (readonly [string, string | undefined, number | undefined])[] {
  return diagnostics.map(({ code, where }) => [code, where.pointer, where.offset] as const);
}

/** `[code, pointer]`. */
export function pointers(diagnostics: readonly Diagnostic[]): (readonly [string, string | undefined])[] {
  return diagnostics.map(({ code, where }) => [code, where.pointer] as const);
}
