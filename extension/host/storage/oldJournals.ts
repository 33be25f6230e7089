// Journals that no window returned to, and damaged ones: which may be deleted, and what is kept.
import { existsSync, rmSync, statSync } from "node:fs";
import type { SavedWindow } from "../../core/saved/savedWindow.ts";
import { keepDamaged } from "./damagedFiles.ts";
import { isNewerJournal, isOwned, readJournal } from "./journal.ts";
import { agreedTime, filesOf } from "./startTimes.ts";

const FORGET_MS = 30 * 24 * 3_600_000;

/** Deletes journals that two starts agree are too old. A journal with waiting messages is never deleted. */
export function forgetOldJournals(folder: string, now: number): void {
  const oldest = agreedTime(folder, now).time - FORGET_MS;
  for (const path of filesOf(folder)) {
    try {
      if (statSync(path).mtimeMs < oldest && isForgettable(path)) rmSync(path, { force: true });
    } catch {
      // Another window was faster.
    }
  }
}

/**
 * Copies a damaged journal before it is rewritten. An unrecoverable one is moved away; one of a later version stays.
 * Returns the path of the copy that has the rest; null if nothing is missing.
 */
export function keepDamagedJournal(path: string, log: { warn(text: string): void }): string | null {
  const kept = readJournal(path);
  if (!existsSync(path) || kept?.isDamaged === false || isNewerJournal(path)) return null;
  let copy = path;
  try {
    copy = keepDamaged(path, log);
    if (kept === null) rmSync(path, { force: true });
  } catch (error) {
    log.warn(`A damaged file could not be copied: ${String(error)}`);
  }
  return kept?.isComplete === true ? null : copy;
}

function isForgettable(path: string): boolean {
  if (!path.endsWith(".journal")) return true;
  const kept = readJournal(path);
  if (kept === null) return false;
  return !hasPending(kept.window) && !isOwned(path, kept);
}

function hasPending({ lobby, peers }: SavedWindow): boolean {
  return [lobby, ...peers].some(({ pending }) => pending.length > 0);
}
