// Which files of a change set are not applied, whatever they hold.
import { pathFault, pathKey, type NameFault } from "../../../protocol/fileNames.ts";
import type { ChangeSet, FileChange } from "../../../protocol/changes.ts";

export type Refusal =
  | NameFault
  /** A symbolic link could lead out of the folder. */
  | "link"
  | "submodule"
  /** A notebook with edits here that are not saved. */
  | "notebook"
  /** A file that is not in an open folder. */
  | "closed"
  /** A file that becomes executable. */
  | "executable"
  /** Another file of the set is made of the same file, or would be the same file on some systems, or the folder that it is in. */
  | "twin";

/** By path. Files that are not in it may be applied. */
export function refusalsOf({ files }: ChangeSet, onWindows: boolean): ReadonlyMap<string, Refusal> {
  const twins = twinsOf(files);
  const refusals = new Map<string, Refusal>();
  for (const file of files) {
    const refusal = modeRefusal(file) ?? faultOf(file, onWindows) ?? (twins.has(file) ? "twin" : null);
    if (refusal !== null) refusals.set(file.path, refusal);
  }
  return refusals;
}

function modeRefusal(file: FileChange): Refusal | null {
  const was = "wasMode" in file ? file.wasMode : null;
  const is = "isMode" in file ? file.isMode : null;
  if (was === "120000" || is === "120000") return "link";
  if (was === "160000" || is === "160000") return "submodule";
  return is === "100755" && was !== "100755" ? "executable" : null;
}

function faultOf(file: FileChange, onWindows: boolean): NameFault | null {
  const old = "oldPath" in file ? pathFault(file.oldPath, onWindows) : null;
  return pathFault(file.path, onWindows) ?? old;
}

function twinsOf(files: readonly FileChange[]): ReadonlySet<FileChange> {
  const [named, written] = [new Map<string, Named[]>(), new Map<string, FileChange[]>()];
  const add = <Value>(map: Map<string, Value[]>, key: string, value: Value): void => {
    const values = map.get(key);
    if (values === undefined) map.set(key, [value]);
    else values.push(value);
  };
  for (const file of files) {
    add(named, pathKey(file.path), { file, path: file.path });
    if ("oldPath" in file) add(named, pathKey(file.oldPath), { file, path: file.oldPath });
    if (file.kind !== "deleted") add(written, pathKey(file.path), file);
  }
  const twins = new Set<FileChange>();
  const taken = new Map<string, FileChange[]>();
  for (const file of files)
    if (file.kind !== "added") add(taken, "oldPath" in file ? file.oldPath : file.path, file);
  for (const same of taken.values()) if (same.length > 1) for (const file of same) twins.add(file);
  for (const same of named.values())
    for (const { file, path } of same)
      if (same.some((other) => other.file !== file && other.path !== path)) twins.add(file);
  for (const file of files) {
    if (file.kind === "deleted") continue;
    const names = pathKey(file.path).split("/");
    for (let i = 1; i < names.length; i += 1)
      for (const folder of written.get(names.slice(0, i).join("/")) ?? []) twins.add(folder).add(file);
  }
  return twins;
}

/** A path of a file, before or after. */
type Named = { readonly file: FileChange; readonly path: string };
