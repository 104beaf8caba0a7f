/** The committed generated code is what the schemas give. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

function contents(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

it('src/schema/gen is fresh (npm run schema:generate makes it so)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assets-pa-schema-'));
  try {
    cpSync(join(ROOT, 'src/schema'), folder, { recursive: true });
    rmSync(join(folder, 'gen'), { recursive: true });
    const bin = join(ROOT, 'node_modules/.bin');
    execFileSync(join(bin, 'buf'), ['generate'], {
      cwd: folder,
      env: { ...process.env, PATH: bin + delimiter + process.env['PATH'] },
    });
    const generated = contents(join(folder, 'gen'));
    expect(Object.keys(generated)).toHaveLength(6);
    expect(contents(join(ROOT, 'src/schema/gen'))).toEqual(generated);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
