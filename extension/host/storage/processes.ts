// Whether another process lives, by its id: files of windows bear it, so that those of dead ones can be taken over. An id
// means something only where it was given: on one machine, since one start, in one container.
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

const boot = orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
const container = orEmpty(() => readlinkSync("/proc/self/ns/pid"));

/** Behind the program's name. */
const STARTED = 19;

/** Whether `HOST` changes when the machine starts anew. */
export const KNOWS_BOOT = boot !== "";

/** Where this process has its id. */
export const HOST = createHash("sha256")
  .update(JSON.stringify([hostname(), boot, container]))
  .digest("hex")
  .slice(0, 12);

/** When the machine has started, as far as its clock was right then; milliseconds since 1970. */
export function bootedAt(): number {
  return Date.now() - uptime() * 1000;
}

/** True as well for an id that the system has given to somebody else meanwhile. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process was started, as its system counts; tells two apart that had one id. Empty where that is not told. */
export function startOf(pid: number): string {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name of a program, in brackets, may hold anything.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[STARTED] ?? "";
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    // Another system.
    return "";
  }
}
