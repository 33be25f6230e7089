// The files here that a set of changes is for, with unsaved edits, and whether they are still as they were read.
import * as vscode from "vscode";
import type { ChangeSet, FileChange } from "../../../protocol/changes.ts";
import type { OwnFile } from "../../core/changes/plan.ts";
import { baseTag } from "../code/codeHashes.ts";
import { committedText } from "../code/gitFiles.ts";

type Read =
  | { readonly kind: "document"; readonly document: vscode.TextDocument; readonly version: number }
  | { readonly kind: "binary"; readonly stat: vscode.FileStat }
  | { readonly kind: "absent" };

export type FilesHere = {
  readonly files: ReadonlyMap<string, OwnFile>;
  /** Texts before the change that are in the repository here. */
  readonly bases: ReadonlyMap<string, string>;
  /** Paths that lead through a link, and so perhaps out of the folder. */
  readonly linked: ReadonlySet<string>;
  readonly documents: ReadonlyMap<string, vscode.TextDocument>;
  /** Whether a file is another one than was read, or was edited since. */
  readonly isStale: () => Promise<boolean>;
};

export function placeOf(root: vscode.Uri, path: string): vscode.Uri {
  return vscode.Uri.joinPath(root, ...path.split("/"));
}

export async function readFilesHere(
  { salt, files: changes }: ChangeSet,
  root: vscode.Uri,
): Promise<FilesHere> {
  const [files, bases] = [new Map<string, OwnFile>(), new Map<string, string>()];
  const [documents, linked] = [new Map<string, vscode.TextDocument>(), new Set<string>()];
  const reads = new Map<string, Read>();
  for (const change of changes) {
    const paths = "oldPath" in change ? [change.oldPath, change.path] : [change.path];
    for (const path of paths) {
      if (await isLinked(root, path)) {
        linked.add(change.path);
        continue;
      }
      const uri = placeOf(root, path);
      const { read, file } = await readHere(uri);
      reads.set(path, read);
      if (read.kind === "document") documents.set(path, read.document);
      if (file !== null) files.set(path, file);
    }
    if (linked.has(change.path)) continue;
    const base = await baseHere(salt, change, root);
    if (base !== null) bases.set("oldPath" in change ? change.oldPath : change.path, base);
  }
  const isStale = async (): Promise<boolean> => {
    for (const [path, read] of reads) if (await isChanged(placeOf(root, path), read)) return true;
    return false;
  };
  return { files, bases, linked, documents, isStale };
}

/** Editors show nothing of a file that is too large or not text: its bytes are read instead. */
async function readHere(uri: vscode.Uri): Promise<{ readonly read: Read; readonly file: OwnFile | null }> {
  const stat = await statOf(uri);
  if (stat === null) return { read: { kind: "absent" }, file: null };
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const encoding = document.encoding.replace(/bom$/, "");
    const bom = document.encoding !== encoding || encoding.startsWith("utf16");
    const file = { text: document.getText(), encoding, bom };
    return { read: { kind: "document", document, version: document.version }, file };
  } catch {
    return { read: { kind: "binary", stat }, file: { bytes: await vscode.workspace.fs.readFile(uri) } };
  }
}

async function isChanged(uri: vscode.Uri, read: Read): Promise<boolean> {
  const stat = await statOf(uri);
  switch (read.kind) {
    case "absent":
      return stat !== null;
    case "binary":
      return stat?.mtime !== read.stat.mtime || stat.size !== read.stat.size;
    case "document":
      return stat === null || read.document.isClosed || read.document.version !== read.version;
  }
}

async function statOf(uri: vscode.Uri): Promise<vscode.FileStat | null> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return null;
  }
}

/** Whether the file or a folder above it, below the root, is a symbolic link. */
async function isLinked(root: vscode.Uri, path: string): Promise<boolean> {
  const names = path.split("/");
  for (let i = 1; i <= names.length; i += 1) {
    const stat = await statOf(vscode.Uri.joinPath(root, ...names.slice(0, i)));
    if (stat === null) return false;
    if ((stat.type & vscode.FileType.SymbolicLink) !== 0) return true;
  }
  return false;
}

/** The committed text, or the staged one, if it is the one that the change was made of. */
async function baseHere(salt: string, change: FileChange, root: vscode.Uri): Promise<string | null> {
  if (!("base" in change) || change.content?.as !== "hunks") return null;
  const uri = placeOf(root, "oldPath" in change ? change.oldPath : change.path);
  for (const ref of ["HEAD", ""]) {
    const text = await committedText(uri, ref);
    if (text !== null && baseTag(salt, text) === change.base) return text;
  }
  return null;
}
