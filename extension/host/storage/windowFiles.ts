// The names of the files in which windows keep their chat: which of them are of one workspace, so that each of several windows
// on the same folder finds its own way back.
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ENDING = ".journal";

/** What the ids of all windows on a workspace begin with; nothing for a window without one, which none other is like. */
export function workspacePrefix(uri: string | undefined): string {
  return uri === undefined ? "" : createHash("sha256").update(uri).digest("hex").slice(0, 16);
}

export function windowFile(folder: string, windowId: string): string {
  return join(folder, `${windowId}${ENDING}`);
}

/** The ids of windows on a workspace that have kept something, the newest first. */
export function windowsOf(folder: string, prefix: string): string[] {
  if (prefix === "") return [];
  return names(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(ENDING))
    .map((name) => ({ id: name.slice(0, -ENDING.length), at: touchedAt(join(folder, name)) }))
    .sort((a, b) => b.at - a.at)
    .map(({ id }) => id);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No folder yet: nothing is kept.
    return [];
  }
}

function touchedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
