// Whether another process is running, by its id: windows' files contain it, so that files of dead ones can be taken
// over. An id is valid only on one machine, for one boot, in one container.
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

const boot = orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
const container = orEmpty(() => readlinkSync("/proc/self/ns/pid"));

/** Index of the start time among the fields after the program's name. */
const STARTED = 19;

/** Whether `HOST` changes with each boot. */
export const KNOWS_BOOT = boot !== "";

/** The scope of this process's id. */
export const HOST = createHash("sha256")
  .update(JSON.stringify([hostname(), boot, container]))
  .digest("hex")
  .slice(0, 12);

/** When the machine booted, as far as its clock was right; milliseconds since 1970. */
export function bootedAt(): number {
  return Date.now() - uptime() * 1000;
}

/** Also true if the id has been reused by another process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, but belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The start time of a process in its system's units, which distinguishes two with the same id. Empty if unknown. */
export function startOf(pid: number): string {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The program's name, in parentheses, may contain anything.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[STARTED] ?? "";
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    // Not Linux.
    return "";
  }
}
