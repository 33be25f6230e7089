// Notebooks. Their editors show what is saved, and not what the text document of the file holds.
import * as vscode from "vscode";

export function hasUnsavedCells(uri: vscode.Uri): boolean {
  return openNotebook(uri)?.isDirty === true;
}

/** VS Code shows the file as a notebook, or will when it is opened. */
export function isNotebook(uri: vscode.Uri): boolean {
  if (openNotebook(uri) !== undefined) return true;
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const isText = tabs.some(({ input }) => input instanceof vscode.TabInputText && isSame(input.uri, uri));
  return uri.path.endsWith(".ipynb") && !isText;
}

/** What has changed in the text document of a notebook appears only then. */
export async function saveNotebook(uri: vscode.Uri): Promise<void> {
  await vscode.workspace.textDocuments.find((each) => each.isDirty && isSame(each.uri, uri))?.save();
}

function openNotebook(uri: vscode.Uri): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find((each) => isSame(each.uri, uri));
}

function isSame(one: vscode.Uri, other: vscode.Uri): boolean {
  return one.toString() === other.toString();
}
