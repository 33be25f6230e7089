// A process that does nothing until it is resumed. It stops some time after it is told to: on a busy machine its threads run on.
import type { ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Between two looks at its threads. */
const LOOK_MS = 2;

/** Resolves when every thread stands. It keeps its connections, and what is sent to it waits. */
export async function pauseProcess(child: ChildProcess): Promise<void> {
  child.kill("SIGSTOP");
  while (await runs(child)) await delay(LOOK_MS);
}

export function resumeProcess(child: ChildProcess): void {
  child.kill("SIGCONT");
}

/** Only Linux tells. */
async function runs({ pid, exitCode, signalCode }: ChildProcess): Promise<boolean> {
  if (process.platform !== "linux" || exitCode !== null || signalCode !== null) return false;
  const folder = `/proc/${String(pid)}/task`;
  // A thread, or all of them, can end between two looks.
  const threads = await readdir(folder).catch(() => []);
  const stats = threads.map((thread) => readFile(`${folder}/${thread}/stat`, "utf8").catch(() => ""));
  return (await Promise.all(stats)).some((stat) => stateIn(stat) !== "T");
}

/** The field after the name, which is in parentheses and may hold any character. */
function stateIn(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(")") + 1).trim()[0];
}
