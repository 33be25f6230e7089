// Shows changes that someone has sent in VS Code's own diff, and writes them as a patch. Neither touches the files they are for.
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ChangeSet } from "../../../protocol/changes.ts";
import { newSteps } from "../../core/changes/lineChanges.ts";
import { patchOf } from "../../core/changes/patch.ts";
import { reviewSides, type ReviewSides } from "../../core/changes/reviewSides.ts";
import { showInfo, showWarning } from "../vscode/notify.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import { likelyRoot } from "./changeRoot.ts";
import { leaveChat } from "./leaveChat.ts";
import { readFilesHere } from "./ownFiles.ts";
import { isInOpenFolder, placeOf } from "./places.ts";

const texts = {
  title: (from: string): string => l10n.t("Changes from {0}", from),
  binary: (bytes: number): string => l10n.t("A binary file of {0} bytes.", bytes),
  left: (paths: string): string => l10n.t("A patch cannot hold these files: {0}", paths),
  nothing: l10n.t("A patch cannot hold any of these files."),
} as const;

/** Files that a notification lists. */
const LISTED = 5;

/** The files have the paths that they have here. In Restricted Mode as well: nothing is written. */
export async function reviewChanges(
  set: ChangeSet,
  from: string,
  documents: Pick<ReadOnlyDocuments, "put">,
): Promise<void> {
  const root = await likelyRoot(set);
  const own = root === undefined ? NONE : await readFilesHere(set, root);
  const title = texts.title(from);
  const steps = newSteps();
  // Senders choose the salt: two sets with the same one would share their documents.
  const digest = digestOf(set);
  const files: (readonly (vscode.Uri | undefined)[])[] = [];
  for (const change of set.files) {
    // The window goes on between two files.
    await setImmediate();
    const sides = reviewSides(change, own, steps);
    const put = (side: "was" | "is"): vscode.Uri | undefined => {
      const text = textOf(sides[side]);
      const path = side === "was" && "oldPath" in change ? change.oldPath : change.path;
      return text === null ? undefined : documents.put(path, text, `${digest}/${side}`);
    };
    const [was, is] = [put("was"), put("is")];
    const here = root === undefined ? undefined : placeOf(root, change.path);
    const isOpen = here !== undefined && isInOpenFolder(here);
    files.push([isOpen ? here : (is ?? was), was, is]);
  }
  await leaveChat();
  await vscode.commands.executeCommand("vscode.changes", title, files);
}

function digestOf(set: ChangeSet): string {
  return createHash("sha256").update(JSON.stringify(set)).digest("base64url");
}

const NONE = { files: new Map(), bases: new Map() } as const;

function textOf(side: ReviewSides["was"]): string | null {
  return side === null || typeof side === "string" ? side : texts.binary(side.bytes);
}

export async function saveAsPatch(set: ChangeSet): Promise<void> {
  const { text, leftOut } = patchOf(set);
  if (text === "") {
    await showWarning(texts.nothing);
    return;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    filters: { [l10n.t("Patch")]: ["patch", "diff"] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, "changes.patch") }),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  if (leftOut.length === 0) return;
  const listed = leftOut.slice(0, LISTED).join(", ");
  await showInfo(texts.left(leftOut.length > LISTED ? `${listed}, …` : listed));
}
