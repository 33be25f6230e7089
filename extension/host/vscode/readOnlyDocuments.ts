// Texts that are shown in an editor and belong to nobody's files: closing one asks nothing.
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";

const SCHEME = "forkchat";
const SHOW_PREVIEW = "markdown.showPreview";

export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  /** By path; those that are open. */
  readonly #texts = new Map<string, string>();
  /** Paths of those that a preview shows: it reads them again after their document has closed. */
  readonly #previewed = new Set<string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #parts = new DisposableStore();
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#parts.add(this.#changed);
    this.#parts.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.#parts.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME && !this.#previewed.has(uri.path)) this.#texts.delete(uri.path);
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  #put(title: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    return uri;
  }

  /** Shows a text under a title, in place of what was shown under it before; from 0, the line to begin at. */
  async show(title: string, text: string, line = 0): Promise<void> {
    const uri = this.#put(title, text);
    const document = await vscode.workspace.openTextDocument(uri);
    const selection = new vscode.Range(line, 0, line, 0);
    await vscode.window.showTextDocument(document, { preview: true, selection });
  }

  /** Shows Markdown rendered, or as it is where VS Code's own Markdown extension is turned off. */
  async preview(title: string, markdown: string): Promise<void> {
    const uri = this.#put(title, markdown);
    this.#previewed.add(uri.path);
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
