// Keeps held names in the data folder, over a restart of the server: written aside and moved, so that a crash leaves the
// former file whole. A damaged file is kept aside, and what is whole in it is used; what cannot be written is logged and
// tried again.
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../protocol/result.ts";
import { fileProblem, openDataFolder, reasonOf } from "./dataFolder.ts";
import { lockDataFolder, type DataLock } from "./dataLock.ts";
import type { HeldName } from "./heldNames.ts";
import type { Log } from "./log.ts";
import { readNames, writeNames } from "./namesFile.ts";

export type NameStore = {
  /** Names of the run before. */
  readonly before: readonly HeldName[];
  /** Keeps the names soon; `names` is asked then. */
  readonly changed: (names: () => HeldName[]) => void;
  /** Keeps at once what was to be kept soon, and lets another server have the folder. */
  readonly close: () => void;
};

const FILE = "names.json";
/** A damaged file becomes this with the time behind it. */
const ASIDE = `${FILE}.damaged-`;
/** Damaged files that are kept; the oldest go first. */
const MOST_ASIDE = 8;
/** Far more than all names there can be. */
const MOST_BYTES = 32 * 1024 * 1024;

const WRITE_MS = 200;
const RETRY_MS = 10_000;

/** Opens the store, and makes the folder if there is none. The error is a sentence: nothing was changed then. */
export function openNameStore(folder: string, log: Log, wallTime: () => number): Result<NameStore, string> {
  const opened = openDataFolder(folder);
  if (!opened.ok) return opened;
  const path = join(opened.value, FILE);
  const aside = `${path}.new`;
  const problem = fileProblem(path) ?? fileProblem(aside);
  if (problem !== undefined) return err(problem);
  let lock: DataLock | undefined;

  const write = (names: readonly HeldName[]): void => {
    lock?.check();
    // Made anew: a link that somebody has put there is removed, not followed.
    rmSync(aside, { force: true });
    writeFileSync(aside, writeNames(names), { flag: "wx", mode: 0o600 });
    renameSync(aside, path);
  };
  let before: readonly HeldName[];
  try {
    const locked = lockDataFolder(opened.value);
    if (!locked.ok) return locked;
    lock = locked.value;
    before = readOrRecover(opened.value, write, log, wallTime());
  } catch (error) {
    lock?.release();
    return err(`${path} cannot be used: ${reasonOf(error)}.`);
  }

  let timer: NodeJS.Timeout | undefined;
  let latest: (() => HeldName[]) | undefined;
  let failing = false;
  const keep = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (latest === undefined) return;
    try {
      write(latest());
      latest = undefined;
      if (failing) log("info", "names-kept-again");
      failing = false;
    } catch (error) {
      if (!failing) log("error", "names-not-kept", { reason: reasonOf(error) });
      failing = true;
      timer = setTimeout(keep, RETRY_MS);
    }
  };
  return ok({
    before,
    changed(names) {
      latest = names;
      timer ??= setTimeout(keep, WRITE_MS);
    },
    close() {
      keep();
      clearTimeout(timer);
      lock.release();
    },
  });
}

/** What the file holds. One that is damaged is moved aside, and what was whole in it written anew. */
function readOrRecover(
  folder: string,
  write: (names: readonly HeldName[]) => void,
  log: Log,
  now: number,
): readonly HeldName[] {
  const path = join(folder, FILE);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return [];
  const { names, damage } =
    size > MOST_BYTES ? { names: [], damage: "it is too large" } : readNames(readFileSync(path, "utf8"), now);
  if (damage === undefined) return names;
  const kept = `${ASIDE}${new Date(now).toISOString().replaceAll(":", "-")}`;
  renameSync(path, join(folder, kept));
  write(names);
  forgetOldest(folder);
  log("error", "names-damaged", { reason: damage, recovered: names.length, kept });
  return names;
}

function forgetOldest(folder: string): void {
  const kept = readdirSync(folder).filter((name) => name.startsWith(ASIDE));
  for (const name of kept.sort().slice(0, -MOST_ASIDE)) rmSync(join(folder, name), { force: true });
}
