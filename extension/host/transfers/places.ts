// Where transfers are kept: one folder for all windows, which only the user can read. A peer chooses the ids of its offers, so
// that files are named by a hash.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileId } from "../../../protocol/bulk.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import { setMode } from "../storage/setMode.ts";

/** The bytes of a file that is coming. */
export const PART = ".part";
/** What is known of a file that is coming, and of one that is offered. */
export const INCOMING = ".in";
export const OUTGOING = ".out";
/** Behind one of these: the hashes that have come since it was saved. */
export const LOG = "-log";
/** The bytes of an offered file that is not on this disk. */
export const COPY = ".copy";

/** Windows has no such flag, and creates no symbolic links without a right of its own. */
export const NO_FOLLOW = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

/** What the names of all files of one session begin with. */
export function sessionMark(sid: SessionId): string {
  return hashed(sid).slice(0, 8);
}

/** The path of one transfer of one session, without its ending. */
export function transferPath(folder: string, sid: SessionId, id: FileId): string {
  return join(folder, `${sessionMark(sid)}${hashed(`${sid}/${id}`).slice(0, 24)}`);
}

function hashed(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await setMode(folder, 0o700);
}
