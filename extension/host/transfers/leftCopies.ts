// Copies of files that were never offered. After a crash, or when the files of a closed window are cleared, no one else deletes them.
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Pin } from "../../../protocol/fields.ts";
import type { SavedSession } from "../storage/closedWindows.ts";
import { COPY, OUTGOING, sessionMark } from "./places.ts";

/**
 * Deletes the copies of the conversations with one key, or (null) of all, and those that belong to no session.
 * @param sessions those of all windows. The copies of open ones stay.
 */
export async function clearCopies(
  folder: string,
  pin: Pin | null,
  sessions: () => readonly SavedSession[],
): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  // Only now: a session is saved before it has copies.
  const kept = sessions().filter((session) => session.isOpen || (pin !== null && session.pin !== pin));
  const marks = kept.map(({ sid }) => sessionMark(sid));
  // Also those of an earlier session, whose composer this one has taken over.
  const composed = new Set(kept.flatMap(({ files }) => files.map((path) => basename(path))));
  for (const name of names) {
    const isOffered = names.includes(`${name.slice(0, -COPY.length)}${OUTGOING}`);
    if (!name.endsWith(COPY) || isOffered || composed.has(name)) continue;
    if (!marks.some((mark) => name.startsWith(mark))) await rm(join(folder, name), { force: true });
  }
}
