// Journals that nobody came back to: which of them may be deleted.
import { rmSync, statSync } from "node:fs";
import type { SavedWindow } from "../core/savedWindow.ts";
import { readJournal } from "./journal.ts";
import { isAlive } from "./processes.ts";
import { agreedTime, filesOf } from "./startTimes.ts";

const FORGET_MS = 30 * 24 * 3_600_000;

/** Deletes what is too old by the word of two starts. A journal with messages that wait is never too old. */
export function forgetOldJournals(folder: string, now: number): void {
  const oldest = agreedTime(folder, now) - FORGET_MS;
  for (const path of filesOf(folder)) {
    try {
      if (statSync(path).mtimeMs < oldest && isForgettable(path)) rmSync(path, { force: true });
    } catch {
      // Another window was quicker.
    }
  }
}

function isForgettable(path: string): boolean {
  if (!path.endsWith(".journal")) return true;
  const kept = readJournal(path);
  if (kept === null) return false;
  return !hasPending(kept.window) && (kept.owner === null || !isAlive(kept.owner));
}

function hasPending({ lobby, peers }: SavedWindow): boolean {
  return [lobby, ...peers].some(({ pending }) => pending.length > 0);
}
