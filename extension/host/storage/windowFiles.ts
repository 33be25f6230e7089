// The names of windows' files: which belong to one workspace, so that each of several windows on the same folder finds
// its own.
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ENDING = ".journal";

/**
 * The common prefix of the ids of all windows on a workspace; undefined for a window without one, which matches no
 * other.
 */
export function workspacePrefix(uri: string | undefined): string {
  return uri === undefined ? "" : createHash("sha256").update(uri).digest("hex").slice(0, 16);
}

export function windowFile(folder: string, windowId: string): string {
  return join(folder, `${windowId}${ENDING}`);
}

/** The ids of windows on a workspace that have saved something, newest first. */
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
    // There is no folder yet.
    return [];
  }
}

function touchedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    // It is gone, or cannot be looked at: a link to itself, say.
    return 0;
  }
}
