// The memory of a process after garbage collection.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as v from "valibot";

/** Only when memory is measured: programs other than Node.js have no such flag. */
function exposedCollector(): () => unknown {
  setFlagsFromString("--expose-gc");
  return v.parse(v.pipe(v.function(), v.args(v.tuple([]))), runInNewContext("gc"));
}

/** In bytes; `heapUsed` includes external memory. */
export const MemoryUse = v.object({ heapUsed: v.number(), rss: v.number() });
export type MemoryUse = v.InferOutput<typeof MemoryUse>;

export function memoryUse(): MemoryUse {
  const collect = exposedCollector();
  // Objects released by finalizers are collected the second time.
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapUsed: heapUsed + external, rss };
}
