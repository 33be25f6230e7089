// Texts that are shown in an editor and belong to nobody's files: closing one asks nothing.
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";

const SCHEME = "forkchat";

export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  /** By path; those that are open. */
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #parts = new DisposableStore();
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#parts.add(this.#changed);
    this.#parts.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.#parts.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.#texts.delete(uri.path);
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  /** Shows a text under a title, in place of what was shown under it before; from 0, the line to begin at. */
  async show(title: string, text: string, line = 0): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const selection = new vscode.Range(line, 0, line, 0);
    await vscode.window.showTextDocument(document, { preview: true, selection });
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
