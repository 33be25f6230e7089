// Checks the data folder before the server starts: no one else may change its contents or choose which files are written.
import { lstatSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync, type Stats } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { err, ok, type Result } from "../../protocol/result.ts";
import { randomId } from "../base/randomIds.ts";

/** Creates the folder if it is missing. Returns its absolute path. The error is a sentence. */
export function openDataFolder(folder: string): Result<string, string> {
  // Without the final slash, which would make a link look like the folder that it points to.
  const path = resolve(folder);
  try {
    const parentsProblem = problemAbove(path);
    if (parentsProblem !== undefined) return err(parentsProblem);
    makeFolder(path);
    const problem = folderProblem(path, look(path));
    if (problem !== undefined) return err(problem);
    probe(path);
    return ok(path);
  } catch (error) {
    return err(`Cannot use the data folder ${path}: ${reasonOf(error)}. Choose another one with --data.`);
  }
}

/** Why a file in the folder cannot be used, as a sentence; undefined if it can, or is missing. */
export function fileProblem(path: string): string | undefined {
  const found = look(path);
  if (found === undefined) return undefined;
  if (found.isFile()) return isOpenToAll(found) ? openToAllText(path) : undefined;
  return `${path} is ${found.isSymbolicLink() ? "a symbolic link" : "not a file"}. Remove it, or choose another folder with --data.`;
}

/** A system error's own words, without the path, which the message already has. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return error.message.replace(/, \w+ '.*$/u, "");
}

function folderProblem(path: string, found: Stats | undefined): string | undefined {
  if (found === undefined) return `Cannot create the data folder ${path}. Choose another one with --data.`;
  if (found.isSymbolicLink())
    return `The data folder ${path} is a symbolic link. Use the path of the folder itself with --data.`;
  if (!found.isDirectory()) return `The data folder ${path} is not a folder. Choose another one with --data.`;
  return isOpenToAll(found) ? openToAllText(path) : undefined;
}

/** Anyone who can write to a parent folder can replace the folder. In a sticky one, such as /tmp, only its owner can. */
function problemAbove(path: string): string | undefined {
  for (let above = dirname(path); ; above = dirname(above)) {
    const found = statSync(above, { throwIfNoEntry: false });
    if (found !== undefined && isOpenToAll(found) && (found.mode & 0o1000) === 0) return openToAllText(above);
    // The link's target counts as well as its own place.
    if (look(above)?.isSymbolicLink() === true && found !== undefined) {
      const behind = problemAbove(realpathSync(above));
      if (behind !== undefined) return behind;
    }
    if (above === dirname(above)) return undefined;
  }
}

/** Windows has no such permission bits; Node invents some. */
export function isOpenToAll({ mode }: Stats): boolean {
  return process.platform !== "win32" && (mode & 0o002) !== 0;
}

function openToAllText(path: string): string {
  return `Every user on this machine can write to ${path}. Run chmod o-w on it, or choose another folder with --data.`;
}

/** Not `recursive`, which never returns in folders that accept no others, such as /proc. */
function makeFolder(path: string): void {
  if (look(path) !== undefined) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** Writes a real file: permissions do not show a read-only or full disk. */
function probe(folder: string): void {
  const path = join(folder, `.write-test-${randomId()}`);
  try {
    writeFileSync(path, "ok\n", { flag: "wx", mode: 0o600 });
  } finally {
    rmSync(path, { force: true });
  }
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
