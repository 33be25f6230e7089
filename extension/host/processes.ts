// Whether another process lives, by its id: files of windows bear it, so that those of dead ones can be taken over.
import { uptime } from "node:os";

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
