// Opens a link to lines on a code forge in one's own clone of that repository.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { linesOf } from "../../core/code/lines.ts";
import { parsePermalink, readings, type Permalink } from "../../core/code/permalink.ts";
import { showInfo } from "../vscode/notify.ts";
import type { FileOpener } from "./fileOpener.ts";
import { committedText } from "./gitFiles.ts";
import { clonesOf } from "./repositories.ts";
import { openFiles } from "./workspaceFiles.ts";

export class PermalinkOpener {
  readonly #files: FileOpener;

  constructor(files: FileOpener) {
    this.#files = files;
  }

  /** Resolves with whether it was opened here. */
  async open(link: string): Promise<boolean> {
    const permalink = parsePermalink(link);
    if (permalink === null) return false;
    for (const root of await clonesOf(permalink.repository)) {
      const meant = await readingIn(root, permalink);
      if (meant === null) continue;
      await this.#show(meant.file, meant.revision, permalink);
      return true;
    }
    return false;
  }

  async #show(file: vscode.Uri, revision: string, { line, toLine }: Permalink): Promise<void> {
    const lines = line === undefined ? {} : { line, ...(toLine === undefined ? {} : { toLine }) };
    const then = line === undefined ? null : await textAt({ file, revision });
    if (then === null || line === undefined) return this.#open(file, lines);
    const own = await vscode.workspace.openTextDocument(file);
    const cut = (text: string): string =>
      linesOf(text)
        .slice(line - 1, toLine ?? line)
        .join("\n");
    if (cut(then) === cut(own.getText())) return this.#open(file, lines);
    const path = file.scheme === "file" ? file.fsPath : file.path;
    const git = file.with({ scheme: "git", query: JSON.stringify({ path, ref: revision }) });
    const editor = await this.#files.show(git, lines);
    const compare = l10n.t("Compare with Working Tree");
    const name = vscode.workspace.asRelativePath(file);
    const answer = await showInfo(
      l10n.t("{0} has changed at these lines since {1}. This is how it was then.", name, revision),
      compare,
    );
    if (answer !== compare) return;
    await vscode.commands.executeCommand("vscode.diff", git, file, `${name} (${revision})`, {
      selection: editor.selection,
      ...(editor.viewColumn === undefined ? {} : { viewColumn: editor.viewColumn }),
    });
  }

  async #open(file: vscode.Uri, lines: { line?: number; toLine?: number }): Promise<void> {
    await this.#files.show(file, lines);
  }
}

type Reading = { readonly file: vscode.Uri; readonly revision: string };

/**
 * A revision's name may have slashes: of several files that may be meant, the one whose revision is here, or else the one
 * with the shortest revision.
 */
async function readingIn(root: vscode.Uri, permalink: Permalink): Promise<Reading | null> {
  const possible: Reading[] = [];
  for (const { revision, path } of readings(permalink)) {
    const [file] = await openFiles([vscode.Uri.joinPath(root, path)]);
    if (file !== undefined) possible.push({ file, revision });
  }
  if (possible.length > 1) for (const each of possible) if ((await textAt(each)) !== null) return each;
  return possible[0] ?? null;
}

async function textAt({ file, revision }: Reading): Promise<string | null> {
  return revision.startsWith("-") ? null : committedText(file, revision);
}
