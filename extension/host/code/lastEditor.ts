// The text editor that the user is in, or was in before another part of VS Code took the focus.
import * as vscode from "vscode";
import { DisposableStore } from "../vscode/disposableStore.ts";

/** Editors that show something other than a file's text. */
const NO_TEXT = new Set(["output", "debug", "comment", "forkchat"]);

export class LastEditor {
  readonly #parts = new DisposableStore();
  #last: vscode.TextEditor | undefined;

  constructor() {
    const { window } = vscode;
    this.#remember(window.activeTextEditor);
    this.#parts.add(window.onDidChangeActiveTextEditor((editor) => this.#remember(editor)));
  }

  /** Undefined if its tab was closed. An editor that another tab covers still counts, with its cursor. */
  get current(): vscode.TextEditor | undefined {
    if (this.#last !== undefined && !this.#last.document.isClosed) return this.#last;
    return vscode.window.visibleTextEditors.find(isText);
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #remember(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && isText(editor)) this.#last = editor;
  }
}

function isText({ document }: vscode.TextEditor): boolean {
  return !NO_TEXT.has(document.uri.scheme);
}
