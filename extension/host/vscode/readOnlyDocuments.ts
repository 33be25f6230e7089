// Read-only texts in an editor that are not files, so closing one asks nothing.
import * as vscode from "vscode";
import { allOrNothing, type DisposableStore } from "./disposableStore.ts";

/** The scheme of these documents. */
export const READ_ONLY = "forkchat";
/** A document that is always there, and empty. */
export const EMPTY_DOCUMENT = vscode.Uri.from({ scheme: READ_ONLY, path: "/empty" });

/** Texts that are kept, beyond those that are open: two diffs of as many files as can be sent. */
const TEXTS = 2_000;

const SHOW_PREVIEW = "markdown.showPreview";

export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  /** Texts of open documents; see `keyOf`. */
  readonly #texts = new Map<string, string>();
  /** Keys of previewed documents: a preview reads them again after their document was closed. */
  readonly #previewed = new Set<string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #parts: DisposableStore;
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#parts = allOrNothing((parts) => {
      parts.add(this.#changed);
      parts.add(vscode.workspace.registerTextDocumentContentProvider(READ_ONLY, this));
      parts.add(
        vscode.workspace.onDidCloseTextDocument(({ uri }) => {
          if (uri.scheme === READ_ONLY && !this.#previewed.has(keyOf(uri))) this.#texts.delete(keyOf(uri));
        }),
      );
      return parts;
    });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(keyOf(uri)) ?? "";
  }

  /**
   * Makes a text readable under a title, in place of its previous text.
   * @param which tells texts apart whose title is the path of a file; it is not shown
   */
  put(title: string, text: string, which = ""): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: READ_ONLY, path: `/${title}`, query: which });
    this.#texts.delete(keyOf(uri));
    this.#texts.set(keyOf(uri), text);
    if (this.#texts.size > TEXTS) this.#forgetUnopened();
    this.#changed.fire(uri);
    return uri;
  }

  /** A diff of many files opens only those that are scrolled to: others are never closed. */
  #forgetUnopened(): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => keyOf(uri)));
    for (const key of this.#texts.keys()) {
      if (this.#texts.size <= TEXTS) return;
      if (!open.has(key) && !this.#previewed.has(key)) this.#texts.delete(key);
    }
  }

  /** Whether a document is open, or is about to be. */
  has(uri: vscode.Uri): boolean {
    return this.#texts.has(keyOf(uri));
  }

  /** Shows a text under a title, replacing its previous text; `line` is where it opens, from 0. */
  async show(title: string, text: string, line = 0): Promise<void> {
    const uri = this.put(title, text);
    const document = await vscode.workspace.openTextDocument(uri);
    const selection = new vscode.Range(line, 0, line, 0);
    await vscode.window.showTextDocument(document, { preview: true, selection });
  }

  /** Shows rendered Markdown, or its source if VS Code's own Markdown extension is disabled. */
  async preview(title: string, markdown: string): Promise<void> {
    const uri = this.put(title, markdown);
    this.#previewed.add(keyOf(uri));
    try {
      await vscode.commands.executeCommand(SHOW_PREVIEW, uri);
    } catch {
      await this.show(title, markdown);
    }
  }

  dispose(): void {
    this.#parts.dispose();
  }
}

/** Where a document's text is kept. */
function keyOf({ path, query }: vscode.Uri): string {
  return `${path}?${query}`;
}
