// How often this process has looked through all that it knows for memory without use.
import { constants, PerformanceObserver } from "node:perf_hooks";
import * as v from "valibot";

const Collection = v.object({ detail: v.object({ kind: v.number() }) });

let count = 0;
let observer: PerformanceObserver | undefined;

/** Full collections since the first call. */
export function collections(): number {
  if (observer === undefined) {
    observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (v.parse(Collection, entry).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) count += 1;
    });
    observer.observe({ entryTypes: ["gc"] });
  }
  return count;
}
