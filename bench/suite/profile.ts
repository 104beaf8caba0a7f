/** Reads a CPU profile of V8: which functions the time was spent in. */

/** A profile as `node --cpu-prof` writes it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** A function and the time in its own code. */
export interface SelfTime {
  readonly name: string;
  /** File and line; empty for what is not JavaScript. */
  readonly place: string;
  readonly seconds: number;
  readonly share: number;
}

/** The functions with the most time of their own, the first `count` of them. Idle time is no one's. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, count: number): SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, { name: string; place: string; seconds: number }>();
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const name = frame.functionName || '(anonymous)';
    const place = frame.url === '' ? '' : `${shortened(frame.url)}:${frame.lineNumber + 1}`;
    const seconds = (timeDeltas[i] ?? 0) / 1e6;
    const known = byFunction.get(`${name} ${place}`);
    if (known === undefined) byFunction.set(`${name} ${place}`, { name, place, seconds });
    else known.seconds += seconds;
    total += seconds;
  }
  return [...byFunction.values()]
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map((each) => ({ ...each, share: total === 0 ? 0 : each.seconds / total }));
}

/** A script's address without what is before the package's own folders. */
function shortened(url: string): string {
  return url.replace(/^.*\/(?=(?:dist|bench|node_modules)\/)/, '');
}
