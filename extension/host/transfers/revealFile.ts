// Shows a saved file where the user can use it: in the system's file manager, or in VS Code if the window is in a browser.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { showInfo } from "../vscode/notify.ts";

export async function revealFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    await showInfo(l10n.t("{0} is no longer where it was saved.", basename(path)));
    return;
  }
  const uri = vscode.Uri.file(path);
  await vscode.commands.executeCommand(commandFor(uri), uri);
}

function commandFor(uri: vscode.Uri): string {
  if (vscode.env.uiKind === vscode.UIKind.Desktop) return "revealFileInOS";
  return vscode.workspace.getWorkspaceFolder(uri) === undefined ? "vscode.open" : "revealInExplorer";
}
