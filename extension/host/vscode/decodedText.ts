// The bytes of a file as an editor shows them.
import * as vscode from "vscode";

/** In the encoding of the file's editor, or in the one that VS Code would open it with. Null for a binary file. */
export async function decodedText(bytes: Uint8Array, uri: vscode.Uri): Promise<string | null> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    const decoding =
      open === undefined
        ? vscode.workspace.decode(bytes, { uri })
        : vscode.workspace.decode(bytes, { encoding: open.encoding });
    return (await decoding).replace(/^\ufeff/, "");
  } catch {
    return null;
  }
}
