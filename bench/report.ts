/**
 * Prints what a machine's history says last of each case, as Markdown tables for docs/performance.md:
 *
 *     npm run bench:report -- [--history DIR] [--machine NAME]
 */

import { readRecorded } from './suite/report-options.ts';
import { reportText } from './suite/report-text.ts';

process.stdout.write(reportText(readRecorded().records));
