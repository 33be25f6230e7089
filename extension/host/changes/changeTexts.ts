// Sentences about changes that others have sent.
import * as l10n from "@vscode/l10n";
import type { Outcome } from "../../core/changes/plan.ts";
import type { Refusal } from "../../core/changes/refusals.ts";
import type { Risk } from "../../../protocol/risks.ts";

export const texts = {
  restricted: l10n.t("Changes can be applied only in a trusted workspace. You can review them here."),
  noFolder: l10n.t("Open the folder that these changes are for, then apply them."),
  chooseFolder: l10n.t("Choose the folder that these changes are for"),
  already: l10n.t("You already have these changes."),
  moving: l10n.t("Your files changed while the changes were being applied. Nothing was applied. Try again."),
  failed: l10n.t("VS Code could not apply the changes. Nothing was applied."),
  failedHalfway: (paths: string): string =>
    l10n.t("VS Code could not apply all of the changes. Check these files, which have changed: {0}", paths),
  chooseRisky: l10n.t("These files can run code on your machine. Choose which to change as well"),
  someNot: l10n.t("Some changes cannot be applied"),
  rest: l10n.t("Apply the Rest"),
  late: (from: string): string => l10n.t("The changes from {0} have arrived. Apply them now?", from),
  apply: l10n.t("Apply"),
  markers: l10n.t("Write Conflict Markers"),
  mine: l10n.t("your version"),
  applied: (count: number): string =>
    count === 1 ? l10n.t("Changed 1 file.") : l10n.t("Changed {0} files.", count),
  appliedIn: (folder: string, count: number): string =>
    count === 1
      ? l10n.t("Changed 1 file in {0}.", folder)
      : l10n.t("Changed {0} files in {1}.", count, folder),
  resolve: (paths: string): string => l10n.t("Resolve the conflicts in {0}.", paths),
  unsaved: l10n.t("Edited files are not saved yet."),
  undo: l10n.t("Undo"),
  undone: l10n.t("The changes were undone."),
  changedSince: l10n.t("These files have changed since. Nothing was undone."),
  undoneHalfway: (paths: string): string =>
    l10n.t("Not everything could be undone. Check these files: {0}", paths),
  onlyEncoding: l10n.t("only the encoding would change, and yours stays"),
  encodingStays: (paths: string): string => l10n.t("The encoding of these files stays as it was: {0}", paths),
  conflicts: (count: number): string =>
    count === 1
      ? l10n.t("1 conflict with your own edits")
      : l10n.t("{0} conflicts with your own edits", count),
  more: (count: number): string => l10n.t("and {0} more", count),
} as const;

/** Files that a dialog or a notification lists. */
const LISTED = 12;

export function firstOf(lines: readonly string[]): readonly string[] {
  const hidden = lines.length - LISTED;
  return hidden > 0 ? [...lines.slice(0, LISTED), texts.more(hidden)] : lines;
}

/** Why a file is not changed. Null if it is. */
export function reasonOf(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case "clean":
    case "already":
      return null;
    case "missingBase":
      return l10n.t("your file is too different, and its earlier version is not available");
    case "refused":
      return refusalText(outcome.refusal);
    case "conflict": {
      const { conflict } = outcome;
      switch (conflict.why) {
        case "lines":
          return texts.conflicts(conflict.merge.conflicts.length);
        case "gone":
          return l10n.t("you do not have this file");
        case "exists":
          return l10n.t("you have another file at this path");
        case "changed":
          return l10n.t("your file is different");
        case "unread":
          return l10n.t("your file is too large, or cannot be read");
      }
    }
  }
}

export function refusalText(refusal: Refusal): string {
  switch (refusal) {
    case "link":
      return l10n.t("symbolic links are not changed");
    case "submodule":
      return l10n.t("submodules are not changed");
    case "notebook":
      return l10n.t("the notebook has unsaved edits; save it first");
    case "closed":
      return l10n.t("the file is not in an open folder");
    case "executable":
      return l10n.t("the file would become executable");
    case "twin":
      return l10n.t("another file in these changes can have the same path on some systems");
    case "git":
      return l10n.t("Git's own files are not changed");
    case "outside":
      return l10n.t("the path leads out of the folder");
    default:
      return l10n.t("the file name is not safe on every system");
  }
}

export function riskText(risk: Risk): string {
  switch (risk) {
    case "editor":
      return l10n.t("changes editor settings or tasks");
    case "git":
      return l10n.t("changes what Git does, or a hook");
    case "ci":
      return l10n.t("changes what runs after a push");
    case "scripts":
      return l10n.t("changes build scripts or packages");
    case "hidden":
      return l10n.t("changes a hidden file that programs may read");
  }
}
