/** Our codec against `spec-vectors/canonical-json/`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/codec/canonical.js';
import { JsonSyntaxError } from '../../src/codec/json.js';
import { parseTree, type TreeFault } from '../../src/codec/json-tree.js';
import { firstInvalidUtf8 } from '../../src/codec/utf8.js';
import type { ErrorCode } from '../../src/errors.js';
import { DEPTH_MAX, type JsonValue } from '../../src/format.js';

interface Case {
  readonly name: string;
  readonly verdict: 'accept' | 'reject';
  readonly code?: string;
  readonly files: { readonly input: string; readonly output?: string; readonly outhex?: string };
}

const FOLDER = join(import.meta.dirname, '../../spec-vectors/canonical-json');
const { cases } = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as { cases: Case[] };
const accepted = cases.filter(({ verdict }) => verdict === 'accept');
const rejected = cases.filter(({ verdict }) => verdict === 'reject');

function bytesOf(path: string | undefined): Buffer {
  return readFileSync(join(FOLDER, path ?? expect.unreachable('the index names no file')));
}

const CODES: Record<TreeFault['kind'], ErrorCode> = {
  duplicate: 'HEADER_DUPLICATE_MEMBER',
  number: 'HEADER_NUMBER',
  'negative zero': 'HEADER_NUMBER',
  surrogate: 'HEADER_STRING',
  depth: 'HEADER_TOO_DEEP',
};

/** The canonical text of a text, or the codes of what is wrong with it. */
function canonicalize(bytes: Uint8Array): string | readonly ErrorCode[] {
  if (firstInvalidUtf8(bytes) >= 0) return ['HEADER_NOT_UTF8'];
  try {
    // Level 0 and the levels below it.
    const { tree, faults } = parseTree(bytes, 1 + DEPTH_MAX);
    return faults.length > 0 ? faults.map(({ kind }) => CODES[kind]) : canonicalText(tree as JsonValue);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return ['HEADER_NOT_JSON'];
    throw error;
  }
}

describe('canonical-json', () => {
  it('has cases of both kinds, and no file without a case', () => {
    expect(accepted.length).toBeGreaterThan(0);
    expect(rejected.length).toBeGreaterThan(0);
    const listed = cases.flatMap(({ files }) => Object.values(files));
    const found = ['input', 'output', 'outhex'].flatMap((folder) =>
      readdirSync(join(FOLDER, folder)).map((file) => `${folder}/${file}`),
    );
    expect(found.sort()).toEqual(listed.sort());
  });

  it.each(accepted)('$name has this canonical form', ({ files }) => {
    const output = bytesOf(files.output).toString();
    expect(canonicalize(bytesOf(files.input))).toBe(output);
    expect(canonicalize(bytesOf(files.output))).toBe(output);
  });

  it.each(accepted)('$name has the same bytes in hex', ({ files }) => {
    expect(Buffer.from(bytesOf(files.outhex).toString().replaceAll(/\s/g, ''), 'hex')).toEqual(bytesOf(files.output));
  });

  it.each(rejected)('$name is $code', ({ files, code }) => {
    expect(canonicalize(bytesOf(files.input))).toEqual([code]);
  });
});
