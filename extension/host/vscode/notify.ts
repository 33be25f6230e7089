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

/** A modal dialog before what cannot be taken back. Resolves with true only if `action` was chosen. */
export async function confirmLoudly(
  text: string,
  detail: string,
  { action, instead }: { readonly action: string; readonly instead: string },
): Promise<boolean> {
  return (await chooseLoudly(text, detail, [instead, action])) === action;
}

/**
 * A modal dialog; resolves with undefined if it was closed. Its details can have several lines. Enter presses the first
 * button, perhaps of a user who is still typing: that one does no harm.
 */
export async function chooseLoudly(
  text: string,
  detail: string | readonly string[],
  actions: readonly string[],
): Promise<string | undefined> {
  const lines = typeof detail === "string" ? [detail] : detail;
  const options = { modal: true, detail: lines.map(plainText).join("\n") };
  return vscode.window.showWarningMessage(plainText(text), options, ...actions);
}
