// Lets only one server use a data folder, because two would overwrite each other's names. The lock names its process and the
// host where that process ID is valid. Locks that a crash left behind do not count.
import { createHash } from "node:crypto";
import {
  linkSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { err, ok, type Result } from "../../protocol/result.ts";
import { fileProblem } from "./dataFolder.ts";
import { randomId } from "../base/randomIds.ts";

const FILE = "server.lock";
const BEAT_MS = 5_000;
/** The lock's date is the only sign of life that other hosts see. */
const FRESH_MS = 4 * BEAT_MS;

const Holder = v.object({ pid: v.number(), host: v.string(), started: v.string() });
type Holder = v.InferOutput<typeof Holder>;

export type DataLock = {
  /** Throws if another server has taken the folder. */
  readonly check: () => void;
  readonly release: () => void;
};

/** The error is a sentence. */
export function lockDataFolder(folder: string): Result<DataLock, string> {
  const path = join(folder, FILE);
  const problem = fileProblem(path);
  if (problem !== undefined) return err(problem);
  const own = JSON.stringify({
    pid: process.pid,
    host: hostId(),
    started: startOf(process.pid),
    id: randomId(),
  });
  if (!create(path, own)) {
    const found = read(path);
    const holder = found === undefined ? null : parse(found);
    if (isHeld(path, holder) || !removeStale(path, found) || !create(path, own))
      return err(inUse(folder, holder));
  }
  let lastBeat = Date.now();
  // Restores a lock that someone deleted by hand. After a standstill, another server may have used the folder in the
  // meantime.
  const holds = (): boolean => read(path) === own || (Date.now() - lastBeat < FRESH_MS && create(path, own));
  const beat = setInterval(() => {
    try {
      if (!holds()) return;
      touch(path);
      lastBeat = Date.now();
    } catch {
      // The next write of names reports the problem.
    }
  }, BEAT_MS).unref();
  return ok({
    check() {
      if (!holds()) throw new Error("another server is using the data folder");
    },
    release() {
      clearInterval(beat);
      if (read(path) === own) rmSync(path, { force: true });
    },
  });
}

function inUse(folder: string, holder: Holder | null): string {
  const isHere = holder?.host === hostId();
  const who = isHere ? `process ${holder.pid}` : "on another machine or in another container";
  const help = isHere ? "" : ` If it has already stopped, try again in ${FRESH_MS / 1000} seconds.`;
  return `The data folder ${folder} is in use by another server (${who}). Stop it, or choose another folder with --data.${help}`;
}

/** Returns false if there is a lock already. */
function create(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** If two servers find the same stale lock, only one removes it. A lock that was renewed meanwhile is put back. */
function removeStale(path: string, found: string | undefined): boolean {
  const aside = `${path}.${randomId()}`;
  try {
    renameSync(path, aside);
    if (read(aside) === found) return true;
    linkSync(aside, path);
    return false;
  } catch {
    // Another server was faster.
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isHeld(path: string, holder: Holder | null): boolean {
  if (holder?.host !== hostId()) return isFresh(path);
  if (!isAlive(holder.pid)) return false;
  return holder.started === "" ? isFresh(path) : holder.started === startOf(holder.pid);
}

function isFresh(path: string): boolean {
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.abs(Date.now() - touched) < FRESH_MS;
}

/** Renews the date, to show other hosts that the lock is in use. */
function touch(path: string): void {
  const now = new Date();
  utimesSync(path, now, now);
}

function parse(text: string): Holder | null {
  try {
    const holder = v.safeParse(Holder, JSON.parse(text));
    return holder.success ? holder.output : null;
  } catch {
    return null;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Identifies where process IDs are valid: one boot of one machine, or one container. */
function hostId(): string {
  const boot = orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const container = orEmpty(() => readlinkSync("/proc/self/ns/pid"));
  return createHash("sha256")
    .update(JSON.stringify([hostname(), boot, container]))
    .digest("hex")
    .slice(0, 12);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** A process's start time, as Linux counts it; empty elsewhere. Distinguishes processes that reuse an ID. */
function startOf(pid: number): string {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // After the program's name, which may contain anything.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
