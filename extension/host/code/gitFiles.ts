// Reads committed files through the git extension's read-only file system.
import * as vscode from "vscode";
import { decodedText } from "../vscode/decodedText.ts";

/** A longer file is not compared. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The git extension answers at once, or is still looking for repositories. */
const PATIENCE_MS = 2_000;

/**
 * A file at a commit, or ("") in the index: without bytes also where it is not there. Null without git, in Restricted Mode,
 * outside of repositories, and for longer files.
 * @param patienceMs git may take longer for a partial clone, of which it fetches what it reads
 */
export async function committedBytes(
  uri: vscode.Uri,
  ref: string,
  patienceMs = PATIENCE_MS,
): Promise<Uint8Array | "late" | null> {
  if (uri.scheme !== "file" && uri.scheme !== "vscode-remote") return null;
  const path = uri.scheme === "file" ? uri.fsPath : uri.path;
  const git = vscode.Uri.from({ scheme: "git", path: uri.path, query: JSON.stringify({ path, ref }) });
  const bytes = await inTime(vscode.workspace.fs.readFile(git), patienceMs);
  return bytes !== null && bytes.length > MOST_BYTES ? null : bytes;
}

/** A committed file's text. Null also for a file that is not there, or binary. */
export async function committedText(uri: vscode.Uri, ref: string): Promise<string | null> {
  const bytes = await committedBytes(uri, ref);
  return bytes === null || bytes === "late" || bytes.length === 0 ? null : decodedText(bytes, uri);
}

async function inTime(reading: Thenable<Uint8Array>, ms: number): Promise<Uint8Array | "late" | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  try {
    return await Promise.race([reading, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
