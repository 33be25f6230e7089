// Stores names in the data folder, across restarts and crashes: one file with all names, written aside and renamed, and a log
// of changes that grows up to the file's length. The cost of a change does not depend on the number of names. Damaged files are
// kept aside, and their intact entries are used. Failed writes are logged and retried.
import { closeSync, constants, openSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../../protocol/result.ts";
import { fileProblem, openDataFolder, reasonOf } from "../data/dataFolder.ts";
import { lockDataFolder, type DataLock } from "../data/dataLock.ts";
import type { HeldName } from "./heldNames.ts";
import type { Log } from "../base/log.ts";
import { applyLog, readNames, writeChange, writeLogHead, writeNames } from "./namesFile.ts";
import type { KeptName, NameChange, RecoveredNames } from "./namesFile.ts";
import { randomId } from "../base/randomIds.ts";

/** All names to keep at this time, in milliseconds since 1970. */
export type AllNames = (now: number) => readonly KeptName[];

/** Gets each change. `all` can be called later. */
export type NamesChanged = (change: NameChange, all: AllNames) => void;

export type NameStore = {
  /** Names from the previous run. */
  readonly before: readonly HeldName[];
  /** Saves a change soon. */
  readonly changed: NamesChanged;
  /** Saves pending changes at once, in one file, and releases the folder for other servers. */
  readonly close: () => void;
};

const FILE = "names.json";
const LOG = "names.log";
/** Name of a damaged file's copy, followed by the time. */
const ASIDE = `${FILE}.damaged-`;
/** Copies of damaged files; the oldest are deleted first. */
const MOST_ASIDE = 8;
/** Far more than the largest possible file of names. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Bytes that a log may always have; otherwise the length of the file. */
const LOG_BYTES = 64 * 1024;
/** Changes that may wait for a disk. Beyond it, the whole file is written instead. */
const WAITING_BYTES = 1024 * 1024;

const WRITE_MS = 200;
const RETRY_MS = 10_000;

/** Opens the store, and creates the folder if it is missing. The error is a sentence; then nothing was changed. */
export function openNameStore(folder: string, log: Log, wallTime: () => number): Result<NameStore, string> {
  const opened = openDataFolder(folder);
  if (!opened.ok) return opened;
  const path = join(opened.value, FILE);
  const problem = [path, `${path}.new`, join(opened.value, LOG)].map(fileProblem).find(Boolean);
  if (problem !== undefined) return err(problem);
  let lock: DataLock | undefined;
  let files: NameFiles;
  let before: readonly HeldName[];
  try {
    const locked = lockDataFolder(opened.value);
    if (!locked.ok) return locked;
    lock = locked.value;
    files = new NameFiles(opened.value, lock);
    before = readOrRecover(opened.value, files, log, wallTime());
  } catch (error) {
    lock?.release();
    return err(`Cannot use ${path}: ${reasonOf(error)}.`);
  }

  let timer: NodeJS.Timeout | undefined;
  let all: AllNames | undefined;
  let failing = false;
  const attempt = (write: () => void): void => {
    clearTimeout(timer);
    timer = undefined;
    try {
      write();
      if (failing) log("info", "names-kept-again");
      failing = false;
    } catch (error) {
      if (!failing) log("error", "names-not-kept", { reason: reasonOf(error) });
      failing = true;
      timer = setTimeout(keep, RETRY_MS);
    }
  };
  const names = (): readonly KeptName[] => all?.(wallTime()) ?? [];
  const keep = (): void => attempt(() => files.keep(names));
  return ok({
    before,
    changed(change, allNames) {
      all = allNames;
      files.change(change);
      timer ??= setTimeout(keep, WRITE_MS);
    },
    close() {
      if (all !== undefined) attempt(() => files.writeAll(names()));
      clearTimeout(timer);
      lock.release();
    },
  });
}

/** Writes the two files. After a failure, the next write is the file of all names. */
class NameFiles {
  readonly #path: string;
  readonly #log: string;
  readonly #lock: DataLock;
  #id = "";
  /** Bytes of the log, and their limit. 0: the file of all names must be written first. */
  #length = 0;
  #most = 0;
  #waiting = "";

  constructor(folder: string, lock: DataLock) {
    this.#path = join(folder, FILE);
    this.#log = join(folder, LOG);
    this.#lock = lock;
  }

  change(change: NameChange): void {
    this.#waiting += writeChange(change);
    if (this.#waiting.length <= WAITING_BYTES) return;
    this.#most = 0;
    this.#waiting = "";
  }

  keep(all: () => readonly KeptName[]): void {
    const text = (this.#length === 0 ? writeLogHead(this.#id) : "") + this.#waiting;
    const length = this.#length + Buffer.byteLength(text);
    const most = this.#most;
    if (length > most) {
      this.writeAll(all());
      return;
    }
    this.#most = 0;
    this.#lock.check();
    append(this.#log, text, this.#length === 0);
    this.#waiting = "";
    this.#length = length;
    this.#most = most;
  }

  writeAll(names: readonly KeptName[]): void {
    const aside = `${this.#path}.new`;
    const id = randomId();
    const text = writeNames(names, id);
    this.#most = 0;
    this.#lock.check();
    // Recreated, which removes a planted link instead of following it.
    rmSync(aside, { force: true });
    writeFileSync(aside, text, { flag: "wx", mode: 0o600 });
    renameSync(aside, this.#path);
    // From here on, the former log is obsolete.
    rmSync(this.#log, { force: true });
    this.#id = id;
    this.#waiting = "";
    this.#length = 0;
    this.#most = Math.max(LOG_BYTES, Buffer.byteLength(text));
  }
}

/** Never opens a link or a file that someone else planted. */
function append(path: string, text: string, isNew: boolean): void {
  const flags = constants.O_WRONLY | (isNew ? constants.O_CREAT | constants.O_EXCL : constants.O_APPEND);
  // Windows has no such flag.
  const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
  const file = openSync(path, flags | noFollow, 0o600);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

/** Reads the files. Damaged ones are moved aside, and their intact entries are rewritten. */
function readOrRecover(folder: string, files: NameFiles, log: Log, now: number): readonly HeldName[] {
  const path = join(folder, FILE);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return [];
  const file: RecoveredNames =
    size > MOST_BYTES
      ? { names: [], log: undefined, damage: "the file is too large" }
      : readNames(readFileSync(path, "utf8"), now);
  const logPath = join(folder, LOG);
  const logSize = statSync(logPath, { throwIfNoEntry: false })?.size ?? Infinity;
  const { names, damage } = logSize > MOST_BYTES ? file : applyLog(file, readFileSync(logPath, "utf8"), now);
  if (damage === undefined) return names;
  const kept = `${ASIDE}${new Date(now).toISOString().replaceAll(":", "-")}`;
  renameSync(path, join(folder, kept));
  if (logSize <= MOST_BYTES) renameSync(logPath, join(folder, `${kept}.log`));
  files.writeAll(names.map((name) => ({ name, here: false })));
  forgetOldest(folder);
  log("error", "names-damaged", { reason: damage, recovered: names.length, kept });
  return names;
}

function forgetOldest(folder: string): void {
  const kept = readdirSync(folder).filter((name) => name.startsWith(ASIDE));
  for (const name of kept.sort().slice(0, -MOST_ASIDE)) rmSync(join(folder, name), { force: true });
}
