/** The rooms of `src/` and the one way in which they import (docs/design.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Each room and the rooms that it may import, beside itself. */
const ROOMS: { readonly [room: string]: readonly string[] } = {
  format: [],
  'error-table': [],
  errors: ['error-table', 'format'],
  schema: [],
  codec: ['format', 'error-table', 'errors', 'schema'],
  host: ['format', 'error-table', 'errors'],
  plan: ['format', 'error-table', 'errors', 'schema', 'codec', 'host'],
  write: ['format', 'error-table', 'errors', 'schema', 'codec', 'host', 'plan'],
  workspace: ['format', 'error-table', 'errors', 'schema', 'codec', 'host', 'plan'],
  read: ['format', 'error-table', 'errors', 'schema', 'codec', 'host'],
  report: ['format', 'error-table', 'errors', 'schema', 'codec', 'host', 'read'],
  vectors: ['format', 'error-table', 'errors', 'schema', 'codec', 'host', 'plan', 'write', 'read', 'report'],
  page: ['format', 'error-table', 'errors', 'codec', 'read', 'report'],
  cli: [
    'format',
    'error-table',
    'errors',
    'schema',
    'codec',
    'host',
    'plan',
    'write',
    'read',
    'workspace',
    'report',
    'vectors',
  ],
  index: ['format', 'error-table', 'errors', 'schema', 'codec', 'host', 'plan', 'write', 'read', 'report'],
};

/** Rooms that may touch the machine. */
const MACHINE_ROOMS = ['host', 'workspace', 'cli'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

/** A file's text without its comments. */
function codeOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

/** The specifiers that a file imports, types and dynamic imports included. */
function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] as string);
}

function roomOf(file: string): string {
  return (file.split('/')[0] as string).replace(/(\.d)?\.ts$/, '');
}

function target(file: string, specifier: string): string {
  return relative(SRC, resolve(SRC, dirname(file), specifier)).replace(/\.js$/, '.ts');
}

describe('architecture', () => {
  it('has only known rooms', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it('finds the imports of a file', () => {
    expect(importsOf('codec/prelude.ts')).toEqual(['restructure', '../errors.js', '../format.js']);
    expect(importsOf('cli/main.ts')).toContain('./pack.js');
  });

  it.each(files)('%s imports only from rooms below its own', (file) => {
    const room = roomOf(file);
    const foreign = importsOf(file)
      .filter((specifier) => specifier.startsWith('.') && room !== 'schema')
      .map((specifier) => roomOf(target(file, specifier)))
      .filter((other) => other !== room && !ROOMS[room]?.includes(other));
    expect(foreign).toEqual([]);
  });

  it.each(files)('%s leaves the machine to the rooms that may touch it', (file) => {
    const machine = importsOf(file).filter((specifier) => specifier.startsWith('node:'));
    expect(MACHINE_ROOMS.includes(roomOf(file)) ? [] : machine).toEqual([]);
  });

  it('has no import cycles', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => target(file, specifier)),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('prints only from the command line', () => {
    const printing = files.filter((file) => /\bconsole\.|process\.std(out|err)/.test(codeOf(file)));
    expect(printing.filter((file) => roomOf(file) !== 'cli')).toEqual([]);
  });
});
