// Lets one server at a time use a data folder: two would overwrite each other's names. A lock names the process that has it,
// and the host where that process id means something; what a crash has left counts no more.
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
/** Another host has no other sign of life than the lock's date. */
const FRESH_MS = 4 * BEAT_MS;

const Holder = v.object({ pid: v.number(), host: v.string(), started: v.string() });
type Holder = v.InferOutput<typeof Holder>;

export type DataLock = {
  /** Throws when another server has taken the folder meanwhile. */
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
  // Someone may delete the lock by hand: it is put back. After a standstill, another server may have come, written and gone.
  const holds = (): boolean => read(path) === own || (Date.now() - lastBeat < FRESH_MS && create(path, own));
  const beat = setInterval(() => {
    try {
      if (!holds()) return;
      touch(path);
      lastBeat = Date.now();
    } catch {
      // The next write of names tells what is wrong.
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

/** False when there is one already. */
function create(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Of two servers that find the same one stale, one succeeds: a lock that is fresh again is put back. */
function removeStale(path: string, found: string | undefined): boolean {
  const aside = `${path}.${randomId()}`;
  try {
    renameSync(path, aside);
    if (read(aside) === found) return true;
    linkSync(aside, path);
    return false;
  } catch {
    // Another server was quicker.
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

/** Shows other hosts that the lock is in use. */
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

/** Where this process has its id: on one machine, since one start, in one container. */
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

/** When a process was started, as Linux counts; empty elsewhere. Tells two apart that had one id. */
function startOf(pid: number): string {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // Behind the program's name, which may hold anything.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
