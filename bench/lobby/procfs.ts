// The CPU time used by processes and by the machine, as Linux reports it.
import { readdirSync, readFileSync } from "node:fs";

const NANOSECONDS = 1e9;
/** A tick of /proc/stat; a hundred a second on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of processor time of a process with all of its threads. */
export function processSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // A thread that has just ended.
    }
  }
  return nanoseconds / NANOSECONDS;
}

/** Seconds for which processors were busy with any process, and for which others' machines had them. */
export function machineSeconds(): { readonly busy: number; readonly stolen: number } {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, , , , , stolen = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return { busy: (user + nice + system) / TICKS, stolen: stolen / TICKS };
}

/** Bytes of memory that a process has resident. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
