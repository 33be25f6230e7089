// Reads committed files through the git extension's read-only file system.
import * as vscode from "vscode";

/** A longer file is not compared. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The git extension answers at once, or is still looking for repositories. */
const PATIENCE_MS = 2_000;

/**
 * A file's text at a commit, or ("") in the index. Null without git, in Restricted Mode, outside of repositories, and for
 * files that are not UTF-8.
 */
export async function committedText(uri: vscode.Uri, ref: string): Promise<string | null> {
  if (uri.scheme !== "file" && uri.scheme !== "vscode-remote") return null;
  const path = uri.scheme === "file" ? uri.fsPath : uri.path;
  const git = vscode.Uri.from({ scheme: "git", path: uri.path, query: JSON.stringify({ path, ref }) });
  const bytes = await inTime(vscode.workspace.fs.readFile(git));
  // The git extension answers with nothing for a file that is not there.
  if (bytes === null || bytes.length === 0 || bytes.length > MOST_BYTES) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function inTime(reading: Thenable<Uint8Array>): Promise<Uint8Array | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  try {
    return await Promise.race([reading, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
