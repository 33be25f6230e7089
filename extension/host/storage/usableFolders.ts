// Whether this machine's folders for the chat can be used at all. A full or read-only disk is no obstacle: what cannot be saved is
// told while chatting. Something that is no folder is: keys could not be read, and the user would be someone else to everyone.
import { statSync } from "node:fs";
import * as l10n from "@vscode/l10n";

/** Throws with a sentence for the user when something that is no folder, or cannot be looked at, is in the place of one. */
export function requireFolders(paths: readonly string[]): void {
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    const text = l10n.t("{0} is not a folder. Move or delete it.", path);
    if (found?.isDirectory() === false) throw new Error(text);
  }
}
