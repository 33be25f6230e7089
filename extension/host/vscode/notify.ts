// The only module that calls VS Code's notifications. They render `[text](command:…)` as a link that runs a command,
// and texts may contain what a server or a peer has sent.
import * as vscode from "vscode";
import { plainText } from "./plainText.ts";

export function showInfo(text: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plainText(text), ...actions);
}

export function showWarning(text: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plainText(text), ...actions);
}

export function showError(text: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plainText(text), ...actions);
}

/** A modal dialog; resolves with true if the action was chosen. */
export async function confirmLoudly(text: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail: plainText(detail) };
  return (await vscode.window.showWarningMessage(plainText(text), options, action)) === action;
}

/** A modal dialog with several actions; resolves with undefined if it was closed. Its details can have several lines. */
export async function chooseLoudly(
  text: string,
  detail: string | readonly string[],
  actions: readonly string[],
): Promise<string | undefined> {
  const lines = typeof detail === "string" ? [detail] : detail;
  const options = { modal: true, detail: lines.map(plainText).join("\n") };
  return vscode.window.showWarningMessage(plainText(text), options, ...actions);
}
