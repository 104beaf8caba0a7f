/**
 * How long a pack keeps its caller's event loop from other work:
 *
 *     node bench/event-loop.mjs PLAN OUT_DIR [DIGEST,...]
 *     node bench/event-loop.mjs beside COMMAND [ARGUMENT...]
 *
 * Packs by the library (`dist/`) while a timer asks for its turn each millisecond. Prints a JSON object with the longest and the 99th percentile of
 * the times between two turns, in milliseconds: `checks` until the first payload byte, `bytes` while payload bytes move, `rest` after the last one.
 * The process shares the machine with its own threads, and where there are fewer processors than threads, waiting for one counts as well:
 * `longest_at_work_ms` is the longest time between two turns without what the kernel says that the thread has waited so (Linux, `schedstat`). The second
 * form packs nothing and has a command run beside the timer: what the machine alone makes an idle program wait, all of it counted as `bytes`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { packAssets, toDirectory } from '../dist/lib/index.js';

const words = process.argv.slice(2);
if (words.length < 2) {
  process.stderr.write('usage: node bench/event-loop.mjs PLAN OUT_DIR [DIGEST,...] | beside COMMAND [ARGUMENT...]\n');
  process.exit(2);
}

/** What time it is, and how long this thread was ready to run by now and had no processor; milliseconds. */
function moment() {
  const waited = Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  return { at: performance.now(), waited };
}

const turns = { checks: [], bytes: [], rest: [] };
let phase = 'checks';
let last = moment();
const timer = setInterval(() => {
  const now = moment();
  const between = now.at - last.at;
  turns[phase].push({ between, atWork: between - (now.waited - last.waited) });
  last = now;
}, 1);

async function pack([plan, out, digests = 'xxh64']) {
  const bytes = readFileSync(plan);
  last = moment();
  await packAssets(bytes, toDirectory(out), {
    folder: dirname(plan),
    digests: digests.split(','),
    onProgress: ({ assets, totalAssets }) => {
      phase = assets === totalAssets ? 'rest' : 'bytes';
    },
  });
}

async function runBeside([command, ...operands]) {
  phase = 'bytes';
  const [code] = await once(spawn(command, operands, { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error(`exit ${code}: ${command}`);
}

const started = performance.now();
await (words[0] === 'beside' ? runBeside(words.slice(1)) : pack(words));
clearInterval(timer);

function summary(all) {
  const sorted = all.map(({ between }) => between).sort((a, b) => a - b);
  const round = (value = 0) => Math.round(10 * value) / 10;
  return {
    turns: sorted.length,
    p99_ms: round(sorted[Math.floor(0.99 * sorted.length)]),
    longest_ms: round(sorted.at(-1)),
    longest_at_work_ms: round(all.reduce((most, { atWork }) => Math.max(most, atWork), 0)),
  };
}

const seconds = Math.round(performance.now() - started) / 1_000;
const figures = Object.fromEntries(Object.entries(turns).map(([name, all]) => [name, summary(all)]));
process.stdout.write(`${JSON.stringify({ seconds, ...figures })}\n`);
