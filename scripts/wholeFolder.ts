// Makes a folder that is there as a whole or not at all, for programs that are downloaded once.
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./processTree.ts";

const PARTIAL = "partial-";

/**
 * Fills the folder unless it exists. Concurrent callers each fill a folder of their own, and the first one to finish renames
 * it: a folder with the final name is always complete. Interrupted installs are removed.
 */
export async function ensureFolder(home: string, fill: (partial: string) => Promise<void>): Promise<void> {
  if (await exists(home)) return;
  await mkdir(dirname(home), { recursive: true });
  await removeLeftovers(dirname(home));
  const partial = join(dirname(home), `${PARTIAL}${process.pid}-${basename(home)}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await fill(partial);
    await rename(partial, home);
  } catch (failure) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(home))) throw failure;
  }
}

/** Keeps what running installs still need. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^partial-(\d+)/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
