// Files that are renamed so that only the case of their names changes. Where the file system ignores case, both paths mean one file.
import * as vscode from "vscode";
import type { FileChange } from "../../../protocol/changes.ts";
import { pathKey } from "../../../protocol/fileNames.ts";
import { placeOf, statOf } from "./places.ts";

type Renamed = Extract<FileChange, { kind: "renamed" }>;

/** Which of two paths that differ in case only is the file's here. Null for other paths, and where there are two files. */
export async function ownSpelling({ oldPath, path }: Renamed, root: vscode.Uri): Promise<string | null> {
  // On Linux, VS Code takes every file system for one with case, and renames no file to a name that exists.
  const hasCase = root.scheme === "file" && process.platform === "linux";
  if (hasCase || pathKey(oldPath) !== pathKey(path)) return null;
  const [old, now] = await Promise.all([oldPath, path].map((each) => statOf(placeOf(root, each))));
  if (!now) return oldPath;
  if (!old) return path;
  if (old.size !== now.size || old.mtime !== now.mtime || (await areApart(root, oldPath, path))) return null;
  const [was, is] = [oldPath, path].map((each) => each.slice(each.lastIndexOf("/") + 1));
  // A folder keeps its name: it has other files as well.
  if (is === undefined || was === is) return path;
  return (await namesBeside(placeOf(root, path)))?.includes(is) === true ? path : oldPath;
}

/** Whether there is a folder that has both spellings of a name, or that cannot be read. */
async function areApart(root: vscode.Uri, oldPath: string, path: string): Promise<boolean> {
  const [old, now] = [oldPath.split("/"), path.split("/")];
  for (const [i, name] of now.entries()) {
    const former = old[i];
    if (former === undefined || former === name) continue;
    const names = await namesBeside(placeOf(root, old.slice(0, i + 1).join("/")));
    if (names === null || (names.includes(former) && names.includes(name))) return true;
  }
  return false;
}

/** The names in the folder of a file, as they are spelled. */
async function namesBeside(place: vscode.Uri): Promise<readonly string[] | null> {
  try {
    return (await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(place, ".."))).map(([name]) => name);
  } catch {
    return null;
  }
}
