// Opens a link to lines on a code forge in one's own clone of that repository.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { linesOf } from "../../core/code/lines.ts";
import { parsePermalink, readings, refsOf, type Permalink } from "../../core/code/permalink.ts";
import { showInfo } from "../vscode/notify.ts";
import type { FileOpener } from "./fileOpener.ts";
import { committedText } from "./gitFiles.ts";
import { type Clone, clonesOf } from "./repositories.ts";
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
    for (const clone of await clonesOf(permalink.repository)) {
      const meant = await readingIn(clone, permalink);
      if (meant === null) continue;
      await this.#show(meant, permalink);
      return true;
    }
    return false;
  }

  async #show({ file, revision, then }: Reading, { line, toLine }: Permalink): Promise<void> {
    const lines = line === undefined ? {} : { line, ...(toLine === undefined ? {} : { toLine }) };
    if (then === null || line === undefined) return this.#open(file, lines);
    const own = await vscode.workspace.openTextDocument(file);
    const cut = (text: string): string =>
      linesOf(text)
        .slice(line - 1, toLine ?? line)
        .join("\n");
    if (cut(then.text) === cut(own.getText())) return this.#open(file, lines);
    const path = file.scheme === "file" ? file.fsPath : file.path;
    const git = file.with({ scheme: "git", query: JSON.stringify({ path, ref: then.ref }) });
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

type Reading = {
  readonly file: vscode.Uri;
  readonly revision: string;
  /** The file at that revision, if that is here. */
  readonly then: { readonly ref: string; readonly text: string } | null;
};

/**
 * A revision's name may have slashes: of several files that may be meant, the one whose revision is here, or else the one
 * with the shortest revision.
 */
async function readingIn({ root, remote }: Clone, permalink: Permalink): Promise<Reading | null> {
  let first: Reading | null = null;
  for (const { revision, path } of readings(permalink)) {
    const [file] = await openFiles([vscode.Uri.joinPath(root, path)]);
    if (file === undefined) continue;
    const then = await textAt(file, refsOf(revision, remote));
    if (then !== null) return { file, revision, then };
    first ??= { file, revision, then };
  }
  return first;
}

async function textAt(file: vscode.Uri, refs: readonly string[]): Promise<Reading["then"]> {
  for (const ref of refs) {
    const text = await committedText(file, ref);
    if (text !== null) return { ref, text };
  }
  return null;
}
