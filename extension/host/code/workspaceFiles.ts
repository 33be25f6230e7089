// Finds files in the open folders and nowhere else.
import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import * as vscode from "vscode";
import type { FileReference } from "../../../protocol/fileReference.ts";
import { isPlainOnWindows, isSurelyMeant, likeliest, writtenPath } from "../../core/code/referencePath.ts";

/** Maximum number of files with one name. */
const MOST_FILES = 200;

/** The files that a reference may mean. `isSure`: it is one, and no other can be meant. */
export type Meant = { readonly files: readonly vscode.Uri[]; readonly isSure: boolean };

export async function filesOf(reference: FileReference): Promise<Meant> {
  const path = writtenPath(reference);
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (path === null || folders.length === 0) return { files: [], isSure: false };
  const exact = await openFiles(folders.flatMap((folder) => placesIn(folder, path.names, path.isAbsolute)));
  if (exact.length > 0) return { files: exact, isSure: exact.length === 1 };
  const namesOf = (uri: vscode.Uri): string[] => uri.path.split("/");
  const { own, others } = await endingLike(path.names);
  const found = likeliest(path.names, [...own, ...others], namesOf);
  const likeliestOwn = found.filter((file) => own.includes(file));
  const files = likeliestOwn.length > 0 ? likeliestOwn : found;
  const [first] = files;
  return {
    files,
    isSure: first !== undefined && files.length === 1 && isSurelyMeant(path, namesOf(first)),
  };
}

/** The files of this name: those in a folder of the same name if there are any, because the others may be too many. */
async function endingLike(names: readonly string[]): Promise<Namesakes> {
  const [folder, name] = names.slice(-2);
  const found = name === undefined ? null : await filesEnding(`${folder ?? ""}/${name}`);
  return found === null || found.own.length + found.others.length === 0 ? namesakes(names.join("/")) : found;
}

/** Where a relative path leads in each open folder. */
export function placesOf(path: string): vscode.Uri[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => vscode.Uri.joinPath(uri, path));
}

/** `others`: those in folders that searches leave out, such as dependencies. */
export type Namesakes = { readonly own: readonly vscode.Uri[]; readonly others: readonly vscode.Uri[] };

/** The files in the open folders that have the same name, wherever they stand. */
export function namesakes(path: string): Promise<Namesakes> {
  return filesEnding(path.slice(path.lastIndexOf("/") + 1));
}

/** The files in the open folders at paths that end with these names. */
async function filesEnding(names: string): Promise<Namesakes> {
  const glob = `**/${escapeGlob(names)}`;
  const own = await ownFiles(glob, MOST_FILES);
  const isOwn = new Set(own.map(String));
  const all = await openFiles(await vscode.workspace.findFiles(glob, undefined, MOST_FILES));
  return { own, others: all.filter((file) => !isOwn.has(file.toString())) };
}

/** The files in the open folders that a search of the user would look at. */
export async function ownFiles(glob: string, most: number): Promise<vscode.Uri[]> {
  return openFiles(await vscode.workspace.findFiles(glob, notSearched(), most));
}

/** What searches leave out, as one glob: the setting, and what it says by default. */
function notSearched(): string {
  const excluded = vscode.workspace.getConfiguration("search").get<Record<string, unknown>>("exclude") ?? {};
  // Braces do not nest.
  const globs = Object.keys(excluded).filter((glob) => excluded[glob] === true && !/[{},]/u.test(glob));
  return `{${[...new Set(["**/node_modules", ...globs])].join(",")}}`;
}

/** What a path can mean in a folder. It may begin with the folder's own name; an absolute path must lead into the folder. */
function placesIn(
  { uri, name }: vscode.WorkspaceFolder,
  names: readonly string[],
  isAbsolute: boolean,
): vscode.Uri[] {
  const own = uri.path.split("/").filter((each) => each !== "");
  if (isAbsolute) {
    const isBelow = own.every((each, i) => isSameName(each, names[i] ?? ""));
    return isBelow ? [vscode.Uri.joinPath(uri, ...names.slice(own.length))] : [];
  }
  const below = vscode.Uri.joinPath(uri, ...names);
  return names[0] === name && names.length > 1
    ? [below, vscode.Uri.joinPath(uri, ...names.slice(1))]
    : [below];
}

function isSameName(one: string, other: string): boolean {
  return process.platform === "linux" ? one === other : one.toLowerCase() === other.toLowerCase();
}

/** The files that exist and are in an open folder after symlinks are resolved. */
export async function openFiles(uris: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const checked = await Promise.all(uris.map(async (uri) => ((await isInside(uri)) ? uri : null)));
  return checked.filter((uri) => uri !== null);
}

async function isInside(uri: vscode.Uri): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined) return false;
  const isOfWindows = uri.scheme === "file" && process.platform === "win32";
  if (isOfWindows && !isPlainOnWindows(uri.path.slice(folder.uri.path.length))) return false;
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0) return false;
    // Symlinks can only be resolved on this machine. Other file systems' files are refused if they are links.
    if (uri.scheme !== "file") return (type & vscode.FileType.SymbolicLink) === 0;
    const [file, ...roots] = await Promise.all(
      [uri, ...(vscode.workspace.workspaceFolders ?? []).map((each) => each.uri)]
        .filter(({ scheme }) => scheme === "file")
        .map(({ fsPath }) => realpath(fsPath)),
    );
    return roots.some((root) => file?.startsWith(root.endsWith(sep) ? root : root + sep) === true);
  } catch {
    return false;
  }
}

function escapeGlob(path: string): string {
  return path.replace(/[[\]{}*?]/gu, "[$&]");
}
