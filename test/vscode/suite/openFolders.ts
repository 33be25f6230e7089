// The open folders of this window. The suite runs without one: only which folders are open is not real.
import { basename } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";

/** Until mocks are restored. */
export function openFolders(...uris: readonly vscode.Uri[]): void {
  const folders = uris.map((uri, index) => ({ uri, name: basename(uri.path), index }));
  mock.getter(vscode.workspace, "workspaceFolders", () => folders);
  mock.method(vscode.workspace, "getWorkspaceFolder", (place: vscode.Uri) =>
    folders
      .filter(({ uri }) => uri.scheme === place.scheme && `${place.path}/`.startsWith(`${uri.path}/`))
      .sort((one, other) => other.uri.path.length - one.uri.path.length)
      .at(0),
  );
}
