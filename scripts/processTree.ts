// Starts processes with children of their own (VS Code hosts, servers, test layers) and ends them with all children, also
// when this process is ended.
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
}

export interface ProcessTree {
  readonly child: ChildProcess;
  /** Resolves when the process has ended, with its exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
  /** Ends the process and everything it started. May be called twice. */
  stop(): Promise<void>;
}

/** Time for a process to end by itself before it is killed. */
const GRACE_MS = 3000;
/** How soon the end of the parent of this process is noticed. */
const ORPHAN_CHECK_MS = 500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const running = new Set<{ readonly tree: ProcessTree; readonly pid: number }>();
let guarded = false;

/** Starts a process in its own group, which never outlives this process. Rejects if it cannot be started. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessTree> {
  guard();
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      if (child.pid === undefined) reject(new Error(`${command} has no process id`));
      else resolve(child.pid);
    });
  });
  let stopping: Promise<void> | undefined;
  const tree: ProcessTree = { child, ended, stop: () => (stopping ??= stopTree(pid, ended)) };
  const entry = { tree, pid };
  running.add(entry);
  void ended.then(() => running.delete(entry));
  return tree;
}

/** Whether a process with this ID exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function stopTree(pid: number, ended: Promise<unknown>): Promise<void> {
  // Terminals create their own sessions, so the group is not enough. Descendants are read before anything ends, because
  // orphans can no longer be found.
  const family = descendants(pid);
  signalAll(pid, family, "SIGTERM");
  const late = AbortSignal.timeout(GRACE_MS);
  const expired = new Promise<void>((resolve) => late.addEventListener("abort", () => resolve()));
  await Promise.race([ended, expired]);
  signalAll(pid, family, "SIGKILL");
  await ended;
}

function signalAll(pid: number, family: readonly number[], signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    try {
      execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    } catch {
      // It has ended already.
    }
    return;
  }
  for (const target of [-pid, ...family]) {
    try {
      process.kill(target, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** All current descendants of a process. Empty on Windows, where taskkill finds them. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of processTable()) {
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const queue = [root];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const below = children.get(next) ?? [];
    found.push(...below);
    queue.push(...below);
  }
  return found;
}

function processTable(): [pid: number, parent: number][] {
  if (process.platform === "win32") return [];
  if (process.platform !== "linux") {
    const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    return table.split("\n").flatMap((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return pid === undefined || parent === undefined ? [] : [[pid, parent]];
    });
  }
  // A minimal Debian has no `ps`.
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The program's name, in parentheses, may contain anything. The parent is the second field after it.
        const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
        return [[Number(name), Number(parent)]];
      } catch {
        return [];
      }
    });
}

/** Stops everything started here: in order if there is time, otherwise at once. */
export async function stopAllProcesses(): Promise<void> {
  await Promise.all([...running].map(({ tree }) => tree.stop()));
}

function guard(): void {
  if (guarded) return;
  guarded = true;
  process.on("exit", () => {
    for (const { pid } of running) signalAll(pid, descendants(pid), "SIGKILL");
  });
  const stopWith = (code: number): void => {
    void stopAllProcesses().finally(() => process.exit(code));
  };
  for (const signal of SIGNALS) process.on(signal, () => stopWith(128 + constants.signals[signal]));
  // A signal to npm ends the shell in between, which does not pass it on.
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) stopWith(128 + constants.signals.SIGTERM);
  }, ORPHAN_CHECK_MS);
  watch.unref();
}
