/** Builds `dist/` once before the tests, so that what they run is what users run. */
import { execFileSync } from 'node:child_process';

export function setup(): void {
  execFileSync('npm', ['exec', '--', 'tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
  execFileSync(process.execPath, ['src/bundle.mjs'], { stdio: 'inherit' });
}
