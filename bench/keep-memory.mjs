/** Memory as a program keeps it that packs streams and may decide such things for its whole process (docs/api.md). */
import { setFlagsFromString } from 'node:v8';

/**
 * As the command line keeps it (`src/cli/freed-memory.ts`, `src/cli/young-generation.ts`), and collected in one go: V8, which sees tens of MB of new
 * buffers between two collections, would begin one that goes along with the program again and again, on the second processor.
 */
export function keepMemory() {
  new ArrayBuffer(33_000_000);
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--no-incremental-marking');
}
