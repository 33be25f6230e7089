// Has VS Code watch a folder as it does those that are open, so that editors hear of what changes on the disk. Its Git extension
// hears of it as well, and opens repositories there.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { eventually } from "../driver/eventually.ts";

const PROBE = "heard-of.txt";

/** Resolves when a first change has been heard of. */
export async function watchFolder(path: string): Promise<vscode.Disposable> {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(path), "**");
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  let isHeard = false;
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
    event(() => (isHeard = true));
  let tries = 0;
  await eventually(`a change in ${path}`, async () => {
    if (!isHeard) await writeFile(join(path, PROBE), String((tries += 1)));
    return isHeard;
  });
  await rm(join(path, PROBE));
  return watcher;
}
