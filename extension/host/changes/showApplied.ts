// What the user sees once changes are applied: the first conflict in an editor, and a notification.
import * as vscode from "vscode";
import { showInfo } from "../vscode/notify.ts";
import { firstOf, texts } from "./changeTexts.ts";
import type { Undo } from "./changeUndo.ts";
import { leaveChat } from "./leaveChat.ts";
import { isDirty, placeOf } from "./ownFiles.ts";

export type Applied = {
  readonly folder: vscode.WorkspaceFolder;
  readonly paths: readonly string[];
  /** Those of the files that have conflict markers. */
  readonly marked: readonly string[];
  readonly undo: Undo | null;
  readonly onUndone: () => void;
};

export async function showApplied(applied: Applied): Promise<void> {
  const { folder, marked, undo, onUndone } = applied;
  const [conflict] = marked;
  const opened = conflict === undefined ? null : openAtMarker(placeOf(folder.uri, conflict));
  const told = showInfo(textOf(applied), ...(undo === null ? [] : [texts.undo]));
  const [choice] = await Promise.all([told, opened]);
  if (undo === null || choice !== texts.undo) return;
  const end = await undo();
  if (end === texts.undone) onUndone();
  await showInfo(end);
}

function textOf({ folder, paths, marked }: Applied): string {
  const isOnly = vscode.workspace.workspaceFolders?.length === 1;
  const sentences = [
    // Where it could have been another folder, the text names the folder.
    isOnly ? texts.applied(paths.length) : texts.appliedIn(folder.name, paths.length),
    ...(marked.length === 0 ? [] : [texts.resolve(firstOf(marked).join(", "))]),
    ...(staysUnsaved(folder.uri, paths) ? [texts.unsaved] : []),
  ];
  return sentences.join(" ");
}

function staysUnsaved(root: vscode.Uri, paths: readonly string[]): boolean {
  const isManual = vscode.workspace.getConfiguration("files", root).get("autoSave") === "off";
  return isManual && paths.some((path) => isDirty(placeOf(root, path)));
}

async function openAtMarker(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const marker = document.positionAt(document.getText().search(/^<{7} /mu));
  await leaveChat();
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(marker, marker) });
}
