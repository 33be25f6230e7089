// A folder that VS Code watches as it does those that are open, so that editors hear of what changes on the disk.
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { eventually } from "../driver/eventually.ts";

export class WatchedFolder {
  readonly path: string;
  readonly #watcher: vscode.FileSystemWatcher;

  private constructor(path: string) {
    this.path = path;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path), "**");
    this.#watcher = vscode.workspace.createFileSystemWatcher(pattern);
  }

  /** Resolves when the first change has been heard of. */
  static async create(): Promise<WatchedFolder> {
    const folder = new WatchedFolder(await realpath(await mkdtemp(join(tmpdir(), "fork-chat-apply-"))));
    let isHeard = false;
    folder.#watcher.onDidCreate(() => (isHeard = true));
    let files = 0;
    await eventually("a change to be heard of", async () => {
      if (!isHeard) await writeFile(join(folder.path, String((files += 1))), "");
      return isHeard;
    });
    return folder;
  }

  async remove(): Promise<void> {
    this.#watcher.dispose();
    await rm(this.path, { recursive: true });
  }
}
