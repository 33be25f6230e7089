// Marks a file as received from elsewhere, as browsers do: Windows and macOS then warn before they open what can do harm.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A stream of the file with a text, or a program with its arguments. */
type Mark =
  | { readonly stream: string; readonly text: string }
  | { readonly program: string; readonly args: readonly string[] };

/** Milliseconds for the program. */
const MARK_MS = 5_000;

/** How a system marks the file. Null if it has no such mark. */
export function markOf(path: string, platform: NodeJS.Platform, now: number, event: string): Mark | null {
  // The zone of the internet.
  if (platform === "win32")
    return { stream: `${path}:Zone.Identifier`, text: "[ZoneTransfer]\r\nZoneId=3\r\n" };
  if (platform !== "darwin") return null;
  // A download, when it came, what received it, and a number of its own.
  const seconds = Math.floor(now / 1_000).toString(16);
  const value = `0081;${seconds};Fork Chat;${event.toUpperCase()}`;
  return { program: "/usr/bin/xattr", args: ["-w", "com.apple.quarantine", value, path] };
}

/** Never rejects: the file is worth more than its mark, which some disks cannot keep. */
export async function markReceived(
  path: string,
  mark = markOf(path, process.platform, Date.now(), randomUUID()),
): Promise<void> {
  if (mark === null) return;
  try {
    if ("stream" in mark) await writeFile(mark.stream, mark.text);
    else await promisify(execFile)(mark.program, mark.args, { timeout: MARK_MS });
  } catch {
    // The user has the file, without a mark.
  }
}
