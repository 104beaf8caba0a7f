/** A sink that asks once more before anything becomes visible. */
import type { Sink } from './sink.js';

/**
 * @param check Runs after the last byte and before the commit; what it throws fails the pack, and the sink is as it was.
 */
export function guarded(sink: Sink, check: () => Promise<void>): Sink {
  return {
    keepsCompanions: sink.keepsCompanions,
    takesShared: sink.takesShared ?? false,
    ...(sink.openSpool && { openSpool: () => (sink as Required<Sink>).openSpool() }),
    ...(sink.lend && { lend: (append) => (sink as Required<Sink>).lend(append) }),
    open: () => sink.open(),
    begin: (size) => sink.begin(size),
    write: (bytes) => sink.write(bytes),
    companion: (name, chunks) => sink.companion(name, chunks),
    commit: async () => {
      await check();
      await sink.commit();
    },
    abort: (reason) => sink.abort(reason),
  };
}
