// Chooses what the paths of changes are relative to: the open folder or the repository that has most of their files.
import * as vscode from "vscode";
import type { ChangeSet } from "../../../protocol/changes.ts";
import { showInfo } from "../vscode/notify.ts";
import { changeRoots, isSame, type ChangeRoot } from "./changeRoots.ts";
import { texts } from "./changeTexts.ts";
import { isInOpenFolder, placeOf, statOf } from "./places.ts";

/** Files that are looked for. */
const SAMPLE = 50;

/** Asks where it is not clear. Undefined if there is none, or the user closes the list. */
export async function chooseRoot(set: ChangeSet): Promise<ChangeRoot | undefined> {
  const roots = await likeliest(set);
  const [first, ...others] = roots;
  if (first === undefined) {
    await showInfo(texts.noFolder);
    return undefined;
  }
  if (others.length === 0) return first;
  const items = roots.map((root) => ({ label: root.name, description: root.uri.fsPath, root }));
  return (await vscode.window.showQuickPick(items, { placeHolder: texts.chooseFolder }))?.root;
}

/** Without asking. */
export async function likelyRoot(set: ChangeSet): Promise<vscode.Uri | undefined> {
  return (await likeliest(set))[0]?.uri;
}

async function likeliest(set: ChangeSet): Promise<readonly ChangeRoot[]> {
  const paths = set.files.slice(0, SAMPLE).map((file) => ("oldPath" in file ? file.oldPath : file.path));
  const all = await Promise.all((await changeRoots()).map((root) => rated(root, paths)));
  // A file outside the open folders is not changed, but tells where the paths begin.
  const best = most(
    most(all, ({ open }) => open),
    ({ found }) => found,
  );
  // Senders' paths begin at the root of a repository.
  const isSubfolder = ({ root: { above } }: Rated): boolean =>
    above !== null && best.some(({ root, reaches }) => reaches && isSame(root.uri, above));
  return best.filter((each) => !isSubfolder(each)).map(({ root }) => root);
}

type Rated = {
  readonly root: ChangeRoot;
  /** Files that are here. */
  readonly found: number;
  /** Those of them that are in open folders. */
  readonly open: number;
  /** Whether a path leads into an open folder. */
  readonly reaches: boolean;
};

async function rated(root: ChangeRoot, paths: readonly string[]): Promise<Rated> {
  const places = paths.map((path) => placeOf(root.uri, path));
  const stats = await Promise.all(places.map(statOf));
  const found = places.filter((_, i) => stats[i] !== null);
  const open = found.filter(isInOpenFolder).length;
  return { root, found: found.length, open, reaches: places.some(isInOpenFolder) };
}

function most(all: readonly Rated[], count: (rated: Rated) => number): readonly Rated[] {
  const highest = Math.max(...all.map(count));
  return all.filter((rated) => count(rated) === highest);
}
