// What the user sees once changes are applied: the first conflict in an editor, and a notification.
import * as vscode from "vscode";
import { showInfo } from "../vscode/notify.ts";
import type { ChangeRoot } from "./changeRoots.ts";
import { firstOf, texts } from "./changeTexts.ts";
import type { Undo } from "./changeUndo.ts";
import { leaveChat } from "./leaveChat.ts";
import { isDirty } from "./ownFiles.ts";
import { placeOf } from "./places.ts";

export type Applied = {
  readonly root: ChangeRoot;
  /** Where the files are for VS Code. */
  readonly paths: readonly string[];
  /** Those of the files that have conflict markers. */
  readonly marked: readonly string[];
  readonly undo: Undo | null;
  readonly onUndone: () => void;
};

export async function showApplied(applied: Applied): Promise<void> {
  const { root, marked, undo, onUndone } = applied;
  const [conflict] = marked;
  const opened = conflict === undefined ? null : openAtMarker(placeOf(root.uri, conflict));
  const told = showInfo(textOf(applied), ...(undo === null ? [] : [texts.undo]));
  const [choice] = await Promise.all([told, opened]);
  if (undo === null || choice !== texts.undo) return;
  const end = await undo();
  if (end === texts.undone) onUndone();
  await showInfo(end);
}

function textOf({ root, paths, marked }: Applied): string {
  const [first, ...others] = vscode.workspace.workspaceFolders ?? [];
  const isOnly = others.length === 0 && first?.uri.toString() === root.uri.toString();
  const sentences = [
    // Where the paths could have been those of another folder, the text names the folder.
    isOnly ? texts.applied(paths.length) : texts.appliedIn(root.name, paths.length),
    ...(marked.length === 0 ? [] : [texts.resolve(firstOf(marked).join(", "))]),
    ...(staysUnsaved(root.uri, paths) ? [texts.unsaved] : []),
  ];
  return sentences.join(" ");
}

function staysUnsaved(root: vscode.Uri, paths: readonly string[]): boolean {
  const isManual = (uri: vscode.Uri): boolean =>
    vscode.workspace.getConfiguration("files", uri).get("autoSave") === "off";
  return paths.map((path) => placeOf(root, path)).some((uri) => isDirty(uri) && isManual(uri));
}

async function openAtMarker(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const marker = document.positionAt(document.getText().search(/^<{7} /mu));
  await leaveChat();
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(marker, marker) });
}
