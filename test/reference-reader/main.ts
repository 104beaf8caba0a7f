/**
 * The reference reader as a command, for `assets-pa conform`:
 *
 *     tsx test/reference-reader/main.ts [--profile strict] PATH
 */
import { readFileSync } from 'node:fs';
import { readRuntime } from './runtime.ts';
import { readStrict } from './strict.ts';

/** What the protocol wants to hear of a file. */
function answer(file: Uint8Array, profile: string): object {
  const outcome = readRuntime(file);
  const fault = profile === 'strict' ? readStrict(file)[0] : undefined;
  if (fault === undefined) return outcome;
  const [code, where] = fault;
  // What a runtime need not notice has no class.
  return { verdict: 'reject', ...(outcome.verdict === 'reject' && { class: outcome.class }), code, where };
}

const [path, ...options] = process.argv.slice(2).toReversed();
const profile = options
  .toReversed()
  .join(' ')
  .match(/^--profile[= ](runtime|strict)$/)?.[1];
if (path === undefined || (options.length > 0 && profile === undefined)) {
  process.stderr.write('usage: main.ts [--profile runtime|strict] PATH\n');
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(answer(readFileSync(path), profile ?? 'runtime'))}\n`);
}
