/** What a run prints, and where it leaves the inputs on which an oracle said no. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Found } from './engine.ts';

const FOLDER = resolve(import.meta.dirname, '../../build/fuzz');
/** Characters of what is wrong. */
const SHOWN = 600;

/** Prints the head of a table in Markdown: the first column holds names, the others numbers. */
export function printHead(...names: readonly string[]): void {
  printRow(...names);
  printRow('---', ...Array(names.length - 1).fill('---:'));
}

/** Prints a row. */
export function printRow(...cells: readonly unknown[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

/** Writes a finding's input to a file, says what is wrong, and has the process fail. */
export function reportFinding(name: string, { input, message }: Found): void {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`);
  writeFileSync(path, input);
  process.stderr.write(`${path}\n  ${message.slice(0, SHOWN)}\n`);
  process.exitCode = 1;
}
