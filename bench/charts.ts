/**
 * Draws a machine's history as SVG for docs/performance.md:
 *
 *     npm run bench:charts -- [--history DIR] [--machine NAME] [--out DIR]      (default: docs/images)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf } from './suite/charts.ts';
import { readRecorded } from './suite/report-options.ts';
import { svgOf } from './suite/svg.ts';

const { machine, records, out } = readRecorded();
mkdirSync(out, { recursive: true });
for (const { name, ...chart } of chartsOf(machine, records)) {
  const file = join(out, `bench-${name}.svg`);
  writeFileSync(file, svgOf(chart));
  process.stdout.write(`${file}\n`);
}
