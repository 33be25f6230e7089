// The one gate to VS Code's notifications. They render `[text](command:…)` as a link that runs a command, and their
// sentences may hold what a server or a peer has said.
import * as vscode from "vscode";

export function showInfo(text: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plain(text), ...actions);
}

export function showWarning(text: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plain(text), ...actions);
}

export function showError(text: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plain(text), ...actions);
}

/** The text without what would make a link of it, and without control and bidirectional characters. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ").replace(/\]\s*\(/gu, "] - (");
}
