/**
 * How long a pack keeps its caller's event loop from other work:
 *
 *     node bench/event-loop.mjs PLAN OUT_DIR [DIGEST,...]
 *     node bench/event-loop.mjs beside COMMAND [ARGUMENT...]
 *
 * Packs by the library (`dist/`) while a timer asks for its turn each millisecond. Prints a JSON object, in milliseconds: `checks` until the first
 * payload byte, `bytes` while payload bytes move, `rest` after the last one. Of the times between two turns, the longest and the 99th percentile; and
 * because the machine makes a program wait as well,
 *
 * - `longest_active_ms`: the most of such a time that the event loop was not at rest (`performance.eventLoopUtilization`). It has no processor in some
 *   of it, when there are more threads than processors;
 * - `longest_ran_ms`: the most that its thread was on a processor (Linux, `schedstat`).
 *
 * A long time between two turns with little of either is one in which the loop waited for its timer, and the machine stood still. The second form packs
 * nothing and has a command run beside the timer: what the machine alone makes an idle program wait, all of it counted as `bytes`.
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

/** What time it is, how long the event loop was not at rest by now, and how long its thread was on a processor; milliseconds. */
function moment() {
  const [ran] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ');
  return { at: performance.now(), active: performance.eventLoopUtilization().active, ran: Number(ran) / 1e6 };
}

const turns = { checks: [], bytes: [], rest: [] };
let phase = 'checks';
let last = moment();
const timer = setInterval(() => {
  const now = moment();
  turns[phase].push({ between: now.at - last.at, active: now.active - last.active, ran: now.ran - last.ran });
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
  const round = (value = 0) => Math.round(10 * value) / 10;
  const sorted = (of) => all.map((turn) => turn[of]).sort((a, b) => a - b);
  const longest = (of) => round(sorted(of).at(-1));
  return {
    turns: all.length,
    p99_ms: round(sorted('between')[Math.floor(0.99 * all.length)]),
    longest_ms: longest('between'),
    longest_active_ms: longest('active'),
    longest_ran_ms: longest('ran'),
  };
}

const seconds = Math.round(performance.now() - started) / 1_000;
const figures = Object.fromEntries(Object.entries(turns).map(([name, all]) => [name, summary(all)]));
process.stdout.write(`${JSON.stringify({ seconds, ...figures })}\n`);
