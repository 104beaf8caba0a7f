/** Programs that a test writes down, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/**
 * Runs the text of a module, which may import sources of the project by their path from its root.
 *
 * @param how What it finds as `process.argv[1]`.
 * @param flags Of Node. Defaults to none.
 * @returns The JSON document that it prints. Expects nothing on standard error.
 */
export function printedBy<T>(module: string, how: string, flags: readonly string[] = []): T {
  const argv = [...flags, '--import', 'tsx', '--input-type=module', '--eval', module, how];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
