// Loaded before a program (`--import`): simulates another machine, container or process id, as given in JSON in the
// environment variable MACHINE.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

export type Machine = {
  readonly pid: number;
  readonly host: string;
  readonly boot: string;
  readonly container: number;
  readonly started: number;
  /** Milliseconds by which its clock is ahead. */
  readonly ahead?: number;
  /** Whether its file system has stable inode numbers. */
  readonly numbered?: boolean;
  /** Once it has read a saved conversation with messages, it waits for a byte. */
  readonly pauses?: boolean;
};

const machine = JSON.parse(process.env["MACHINE"] ?? "{}") as Machine;
const { pid, host, boot, container, started, ahead = 0, numbered = true } = machine;
const { readFileSync, readlinkSync, statSync, fstatSync } = fs;
const { now } = Date;

Object.defineProperty(process, "pid", { value: pid });
os.hostname = () => host;
Date.now = () => now() + ahead;
// No other process exists on that machine.
process.kill = (id) => {
  if (id === pid) return true;
  throw Object.assign(new Error("no such process"), { code: "ESRCH" });
};

let hasPaused = machine.pauses !== true;
function pause(path: string, content: string): void {
  if (hasPaused || !path.endsWith(".history") || !content.includes('"message"')) return;
  hasPaused = true;
  fs.writeSync(1, "read\n");
  for (;;) {
    try {
      fs.readSync(0, Buffer.alloc(1));
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
  const path = String(args[0]);
  if (path === "/proc/sys/kernel/random/boot_id") return `${boot}\n`;
  if (path === `/proc/${pid}/stat`) return `${pid} (node) S ${"0 ".repeat(18)}${started} 0`;
  if (/^\/proc\/\d+\/stat$/u.test(path)) throw new Error("no such process");
  const content = readFileSync(...args);
  pause(path, String(content));
  return content;
}) as typeof readFileSync;
fs.readlinkSync = ((...args: Parameters<typeof readlinkSync>) =>
  args[0] === "/proc/self/ns/pid" ? `pid:[${container}]` : readlinkSync(...args)) as typeof readlinkSync;

let numbers = 0;
function renumbered<T>(stat: T): T {
  if (numbered || typeof stat !== "object" || stat === null || !("ino" in stat)) return stat;
  numbers += 1;
  return Object.assign(stat, { ino: typeof stat.ino === "bigint" ? BigInt(numbers) : numbers });
}
Object.assign(fs, {
  statSync: (...args: Parameters<typeof statSync>) => renumbered(statSync(...args)),
  fstatSync: (...args: Parameters<typeof fstatSync>) => renumbered(fstatSync(...args)),
});
syncBuiltinESMExports();
