// What a process holds in memory once everything that nobody needs is gone.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as v from "valibot";

/** Only when memory is measured: other programs than Node have no such flag. */
function exposedCollector(): () => unknown {
  setFlagsFromString("--expose-gc");
  return v.parse(v.pipe(v.function(), v.args(v.tuple([]))), runInNewContext("gc"));
}

/** In bytes; `heapUsed` with what hangs on it outside of the heap. */
export const MemoryUse = v.object({ heapUsed: v.number(), rss: v.number() });
export type MemoryUse = v.InferOutput<typeof MemoryUse>;

export function memoryUse(): MemoryUse {
  const collect = exposedCollector();
  // What a finalizer lets go of is gone with the second one.
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapUsed: heapUsed + external, rss };
}
