// Starts a process on its own CPU core, if `taskset` is available, with the highest allowed number of open files.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { startProcess, type ProcessOptions, type ProcessTree } from "../../scripts/processTree.ts";
import { Unavailable } from "../../scripts/unavailable.ts";

/** The server's core, and the load generator's. */
export const cores = { server: 0, generator: 1 } as const;

export const isPinned = cpus().length >= 2 && has("taskset");

/** Whether there is such a program on this machine. */
export function has(program: string): boolean {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Fails where there is no /proc to read processor time from. */
export function requireLinux(): void {
  if (process.platform !== "linux")
    throw new Unavailable("This part needs Linux, to read CPU times from /proc.");
}

/** Without a core, or where cores cannot be chosen, the system chooses. */
export function startPinned(
  core: number | undefined,
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessTree> {
  const words = core === undefined || !isPinned ? [] : ["taskset", "-c", String(core)];
  // A shell raises the number of open files as far as it may, and becomes the program.
  const script = 'ulimit -n "$(ulimit -Hn)"; exec "$@"';
  return startProcess("sh", ["-c", script, "sh", ...words, command, ...args], options);
}
