// The files here that a set of changes is for, with unsaved edits, and whether they are still as they were read.
import * as vscode from "vscode";
import type { ChangeSet, FileChange } from "../../../protocol/changes.ts";
import { changeLimits } from "../../../protocol/changesPart.ts";
import type { FileHere } from "../../core/changes/plan.ts";
import type { Refusal } from "../../core/changes/refusals.ts";
import { baseTag } from "../code/codeHashes.ts";
import { committedText } from "../code/gitFiles.ts";
import { ownSpelling } from "./caseRenames.ts";
import { hasUnsavedCells, isNotebook } from "./notebooks.ts";
import { blockOf, isInOpenFolder, placeOf, statOf } from "./places.ts";

/** Texts and bytes that are read for one set of changes, in UTF-8 units. Files beyond that are not changed. */
const SET_BYTES = 8 * changeLimits.bytes;

type Read = {
  /** Null for a file that is not there. */
  readonly stat: vscode.FileStat | null;
  /** An editor has edits of it that are not saved, whether or not the file is there. */
  readonly isDirty: boolean;
  readonly document?: { readonly of: vscode.TextDocument; readonly version: number };
};

export type FilesHere = {
  readonly files: ReadonlyMap<string, FileHere>;
  /** Texts before the change that are in the repository here. */
  readonly bases: ReadonlyMap<string, string>;
  /** Paths of changes outside the open folders. Nothing is read of them. */
  readonly outside: ReadonlySet<string>;
  /** New paths of files of which only the case changes. The file is at the old one or at this one. */
  readonly respelled: ReadonlySet<string>;
  /** Paths that lead through a link, and so perhaps out of the folder, and notebooks with unsaved edits. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** Paths of files that VS Code shows as notebooks. They are saved once they are edited. */
  readonly notebooks: ReadonlySet<string>;
  /** Files that stand where the folder of a path would have to be, by that path. */
  readonly inTheWay: ReadonlyMap<string, string>;
  readonly documents: ReadonlyMap<string, vscode.TextDocument>;
  /** Whether a file is another one than was read, or was edited since. */
  readonly isStale: () => Promise<boolean>;
  /** Paths of the files that are other ones than were read, or were edited since. */
  readonly changed: () => Promise<readonly string[]>;
};

export async function readFilesHere(
  { salt, files: changes }: ChangeSet,
  root: vscode.Uri,
): Promise<FilesHere> {
  const [files, bases] = [new Map<string, FileHere>(), new Map<string, string>()];
  const [documents, refused] = [new Map<string, vscode.TextDocument>(), new Map<string, Refusal>()];
  const notebooks = new Set<string>();
  const [outside, respelled] = [new Set<string>(), new Set<string>()];
  const inTheWay = new Map<string, string>();
  const reads = new Map<string, Read>();
  let left = SET_BYTES;
  for (const change of changes) {
    const paths = "oldPath" in change ? [change.oldPath, change.path] : [change.path];
    if (!paths.every((path) => isInOpenFolder(placeOf(root, path)))) {
      outside.add(change.path);
      continue;
    }
    const own = change.kind === "renamed" ? await ownSpelling(change, root) : null;
    if (own !== null) respelled.add(change.path);
    for (const path of own === null ? paths : [own]) {
      const blocked = await blockOf(root, path);
      if (blocked?.why === "link") {
        refused.set(change.path, "link");
        continue;
      }
      if (blocked !== null) inTheWay.set(path, blocked.at);
      const uri = placeOf(root, path);
      if (isNotebook(uri)) notebooks.add(path);
      if (notebooks.has(path) && isDirty(uri)) {
        refused.set(change.path, "notebook");
        continue;
      }
      const { read, file } = await readHere(uri, left);
      reads.set(path, read);
      if (read.document !== undefined) documents.set(path, read.document.of);
      if (file !== null) files.set(path, file);
      if (file !== null && !("size" in file)) left -= read.stat?.size ?? 0;
    }
    if (refused.has(change.path)) continue;
    const base = await baseHere(salt, change, root);
    if (base === null || base.length > left) continue;
    left -= base.length;
    bases.set("oldPath" in change ? change.oldPath : change.path, base);
  }
  const changed = async (): Promise<readonly string[]> => {
    const paths: string[] = [];
    for (const [path, read] of reads) if (await isChanged(placeOf(root, path), read)) paths.push(path);
    return paths;
  };
  const isStale = async (): Promise<boolean> => {
    if ((await changed()).length > 0) return true;
    for (const path of reads.keys()) if ((await blockOf(root, path))?.why === "link") return true;
    return false;
  };
  return { files, bases, outside, respelled, refused, notebooks, inTheWay, documents, isStale, changed };
}

/** Editors show nothing of a file that is not text: its bytes are read instead. */
async function readHere(
  uri: vscode.Uri,
  left: number,
): Promise<{ readonly read: Read; readonly file: FileHere | null }> {
  const read = { stat: await statOf(uri), isDirty: isDirty(uri) };
  const { stat } = read;
  // To create a file would discard what its editor holds, although the file is gone.
  if (stat === null) return { read, file: read.isDirty ? { size: 0 } : null };
  const { type, size } = stat;
  if (type !== vscode.FileType.File || size > Math.min(left, changeLimits.bytes))
    return { read, file: { size } };
  try {
    const of = await vscode.workspace.openTextDocument(uri);
    const encoding = of.encoding.replace(/bom$/, "");
    const bom = of.encoding !== encoding || encoding.startsWith("utf16");
    const document = { of, version: of.version };
    return { read: { ...read, document }, file: { text: of.getText(), encoding, bom } };
  } catch {
    const bytes = await bytesOf(uri);
    return { read, file: bytes === null ? { size } : { bytes } };
  }
}

async function bytesOf(uri: vscode.Uri): Promise<Uint8Array | null> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch {
    return null;
  }
}

export function isDirty(uri: vscode.Uri): boolean {
  const isText = vscode.workspace.textDocuments.some(
    (each) => each.isDirty && each.uri.toString() === uri.toString(),
  );
  return isText || hasUnsavedCells(uri);
}

async function isChanged(uri: vscode.Uri, read: Read): Promise<boolean> {
  const stat = await statOf(uri);
  if (stat?.mtime !== read.stat?.mtime || stat?.size !== read.stat?.size) return true;
  if (isDirty(uri) !== read.isDirty) return true;
  const { document } = read;
  return document !== undefined && (document.of.isClosed || document.of.version !== document.version);
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
