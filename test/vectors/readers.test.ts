/** The readers in other languages get every vector right. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import {
  type Answer,
  isRight,
  PYTHON_READER,
  runPython,
  VECTORS,
  type Vector,
  vectors,
  wrongAnswers,
} from './reader-runs.ts';

const { h64Raw } = await xxhash();

/** Runs a reader as the protocol says. */
function spawn(command: string, args: readonly string[], file: string): Answer {
  const { status, stdout, stderr } = spawnSync(command, [...args, file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return status === 0 ? JSON.parse(stdout) : { verdict: 'error', status, stderr };
}

function pathOf({ file }: Vector): string {
  return join(VECTORS, file);
}

describe('the Python reader', () => {
  it('gets every vector right', () => {
    const { reader } = runPython([]);
    expect(wrongAnswers(({ id }) => reader[id] ?? { verdict: 'none' })).toEqual([]);
  });

  it.each(['accept', 'reject', 'unspecified'])('follows the protocol: %s', (verdict) => {
    const vector = vectors.find(({ runtime }) => runtime.verdict === verdict) as Vector;
    const answer = spawn('python3', [PYTHON_READER], pathOf(vector));
    expect(isRight(vector, answer), JSON.stringify(answer)).toBe(true);
  });

  it('fails when there is no file to judge', () => {
    const { status, stdout } = spawnSync('python3', [PYTHON_READER, join(VECTORS, 'none.pa')], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
  });

  it('hashes any number of bytes, from any place', () => {
    const lengths = [...Array(130).keys(), 65_535, 65_536, 65_567, 65_568, 131_073];
    const bytes = Uint8Array.from({ length: 140_000 }, (_, i) => i * 7 + (i >> 8) * 13);
    const program =
      `import io, json, sys; sys.dont_write_bytecode = True; sys.path.insert(0, ${JSON.stringify(resolve(PYTHON_READER, '..'))})\n` +
      'from assets_pa_reader import xxh64\n' +
      'file = io.BytesIO(sys.stdin.buffer.read())\n' +
      `print(json.dumps([f"{xxh64(file, 3, size):016x}" for size in ${JSON.stringify(lengths)}]))`;
    const digests = JSON.parse(execFileSync('python3', ['-c', program], { input: bytes, encoding: 'utf8' }));
    expect(digests).toEqual(
      lengths.map((length) =>
        h64Raw(bytes.subarray(3, 3 + length))
          .toString(16)
          .padStart(16, '0'),
      ),
    );
  });
});

const CRATES = '/usr/share/cargo/registry';
const needs = [
  ...(spawnSync('cargo', ['--version']).status === 0 ? [] : ['cargo']),
  ...(existsSync(`${CRATES}/serde_json-1.0.87`) ? [] : ['librust-serde-json-dev']),
  ...(existsSync(`${CRATES}/serde_derive-1.0.152`) ? [] : ['librust-serde-derive-dev']),
  ...(existsSync(`${CRATES}/xxhash-rust-0.8.5`) ? [] : ['librust-xxhash-rust-dev']),
];
if (needs.length > 0) {
  const install = `apt-get install -y --no-install-recommends ${needs.join(' ')}`;
  process.stderr.write(`The Rust reader is not tested: on Debian 12, ${install}\n`);
}

describe.skipIf(needs.length > 0)('the Rust reader', () => {
  // cargo writes Cargo.lock beside Cargo.toml: so it builds a copy.
  const copy = resolve(import.meta.dirname, '../../node_modules/.cache/assets-pa-rust');
  const reader = join(copy, 'target/release/assets-pa-reader');

  beforeAll(() => {
    for (const part of ['Cargo.toml', '.cargo', 'src']) {
      const from = join(VECTORS, 'readers/rust', part);
      cpSync(from, join(copy, part), { recursive: true, preserveTimestamps: true });
    }
    const env = { ...process.env, CARGO_TARGET_DIR: join(copy, 'target') };
    execFileSync('cargo', ['build', '--release', '--quiet'], { cwd: copy, env, stdio: 'inherit' });
  }, 300_000);

  it('gets every vector right', () => {
    expect(wrongAnswers((vector) => spawn(reader, [], pathOf(vector)))).toEqual([]);
  });

  it('fails when there is no file to judge', () => {
    expect(spawn(reader, [], join(VECTORS, 'none.pa'))).toMatchObject({ verdict: 'error', status: 1 });
  });

  describe('takes or refuses by itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assets-pa-serde-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    const entry = (members: object = {}, metadata = '{}'): string => {
      const right = {
        asset_id: 1,
        asset_name: 'a',
        bank_type: 'SOUNDS',
        codec: 'NONE',
        offset: 0,
        size: 0,
        decoded_size: 0,
      };
      return `${JSON.stringify({ ...right, ...members }).slice(0, -1)},"metadata":${metadata}}`;
    };
    const nested = (containers: number): string => `{"a":${'['.repeat(containers)}${']'.repeat(containers)}}`;
    const rows: readonly (readonly [what: string, table: string, verdict: 'accept' | 'HEADER'])[] = [
      ['white space', ` ${entry()}\n`, 'accept'],
      ['a struct as an array', '[1,"a","SOUNDS","NONE",0,0,0,{}]', 'accept'],
      ['an unknown member', entry({ more: 1 }), 'accept'],
      ['a repeated member of metadata', entry({}, '{"a":1,"a":2}'), 'accept'],
      ['an integer beyond u64 in metadata', entry({}, '{"a":18446744073709551616}'), 'accept'],
      ['127 containers', entry({}, nested(123)), 'accept'],
      ['128 containers', entry({}, nested(124)), 'HEADER'],
      ['an integer beyond u64', entry().replace('"size":0', '"size":18446744073709551616'), 'HEADER'],
      ['1.0', entry().replace('"size":0', '"size":0.0'), 'HEADER'],
      ['1e3', entry().replace('"size":0', '"size":0e3'), 'HEADER'],
      ['-0', entry().replace('"size":0', '"size":-0'), 'HEADER'],
      ['a lone surrogate', entry({ asset_name: '\ud800' }), 'HEADER'],
      ['a repeated member of an entry', entry().replace('"size":0', '"size":0,"size":0'), 'HEADER'],
    ];

    it.each(rows)('%s', (what, table, verdict) => {
      const file = join(folder, `${what}.pa`);
      const header = Buffer.from(`{"asset_table":[${table}],"preload":[]}`);
      const prelude = Buffer.alloc(32);
      prelude.write('ASPA');
      prelude.writeUInt32LE(1, 4);
      prelude.writeUInt32LE(header.length, 8);
      prelude.writeBigUInt64LE(BigInt(32 + header.length), 12);
      writeFileSync(file, Buffer.concat([prelude, header]));
      const answer = spawn(reader, [], file);
      expect(answer.class ?? answer.verdict).toBe(verdict);
    });
  });
});
