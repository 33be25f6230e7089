// Applies changes that someone has sent to the files here. Nothing is written before the user has seen what cannot be applied.
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import type { ChangeSet } from "../../../protocol/changes.ts";
import { planned, type OwnFiles, type PlannedFile } from "../../core/changes/plan.ts";
import { withBom } from "../../core/changes/textLines.ts";
import { listedName } from "../vscode/plainText.ts";
import { chooseLoudly, showInfo, showWarning } from "../vscode/notify.ts";
import type { FileToWrite } from "./changeEdit.ts";
import { chooseRoot } from "./changeRoot.ts";
import { firstOf, reasonOf, riskText, texts } from "./changeTexts.ts";
import { replacedBy, undoOf } from "./changeUndo.ts";
import { prepareWriting } from "./changeWriter.ts";
import { offerTrust } from "./offerTrust.ts";
import { saveNotebook } from "./notebooks.ts";
import { readFilesHere, type FilesHere } from "./ownFiles.ts";
import { placeOf } from "./places.ts";
import { showApplied } from "./showApplied.ts";
import type { EditedTexts } from "./undoneChanges.ts";

/** Attempts while files change under the hands of the user. */
const ATTEMPTS = 3;

/** After a longer wait for the peer, the user is asked again: they may be doing something else. */
const LATE_MS = 30_000;

export type ReceivedChanges = {
  readonly set: ChangeSet;
  /** The name of the sender. */
  readonly from: string;
  /** Asks the sender for files as they were before the change. Those that are no longer available are left out. */
  readonly bases: (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** How long the sender has let the user wait so far, in milliseconds. */
  readonly waited: () => number;
  /** The changes have been applied, all or some of them. */
  readonly onApplied: (which: "all" | "some", edited: EditedTexts) => void;
  /** They have been taken back with the notification. */
  readonly onUndone: () => void;
};

export async function applyChanges(received: ReceivedChanges): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await offerTrust(texts.restricted);
    return;
  }
  const chosen = await chooseRoot(received.set);
  if (chosen === undefined) return;
  const root = chosen.uri;
  let isAsked = false;
  for (let i = 0; i < ATTEMPTS; i += 1) {
    const here = await readFilesHere(received.set, root);
    const plan = await planHere(received, here);
    if (!isAsked && received.waited() > LATE_MS) {
      isAsked = true;
      if ((await showInfo(texts.late(received.from), texts.apply)) === undefined) return;
      if (await here.isStale()) continue;
    }
    const files = await decide(plan, received.from, here);
    if (files === null) return;
    if (await here.isStale()) continue;
    const writing = await prepareWriting(files, root, here);
    const replaced = await replacedBy(files, root, here, writing);
    if (await here.isStale()) continue;
    if (!(await writing.write())) {
      await showWarning(failure(await here.changed()));
      return;
    }
    const notebooks = files.filter(({ path, from }) => here.notebooks.has(from ?? path));
    for (const { path } of notebooks) await saveNotebook(placeOf(root, path));
    const paths = files.map(({ path }) => path);
    received.onApplied(isAll(plan, paths) ? "all" : "some", writing.edited);
    const undo = replaced && (await undoOf(replaced, root));
    const conflicts = plan.filter(({ outcome }) => outcome.kind === "conflict").map(({ path }) => path);
    const marked = paths.filter((path) => conflicts.includes(path));
    const encoded = files.filter((file) => keepsEncoding(file, here)).map(({ path }) => path);
    const notes = encoded.length > 0 ? [texts.encodingStays(firstOf(encoded).join(", "))] : [];
    const told = showApplied({
      root: chosen,
      paths: writing.paths,
      marked,
      undo,
      onUndone: received.onUndone,
    });
    await Promise.all([told, ...notes.map((note) => showInfo(note))]);
    return;
  }
  await showWarning(texts.moving);
}

function isAll(plan: readonly PlannedFile[], written: readonly string[]): boolean {
  return plan.every(({ path, outcome }) => outcome.kind === "already" || written.includes(path));
}

/** VS Code does not take back what it has done before it fails. */
function failure(changed: readonly string[]): string {
  return changed.length === 0 ? texts.failed : texts.failedHalfway(firstOf(changed).join(", "));
}

async function planHere({ set, bases }: ReceivedChanges, here: FilesHere): Promise<readonly PlannedFile[]> {
  const onWindows = process.platform === "win32";
  const own = { files: here.files, bases: here.bases, onWindows };
  const plan = await planSlowly(set, own);
  const missing = plan.flatMap(({ outcome }) => (outcome.kind === "missingBase" ? [outcome.path] : []));
  const sent = missing.length === 0 ? new Map<string, string>() : await bases(missing);
  const all = { ...own, bases: new Map([...here.bases, ...sent]) };
  const full = sent.size === 0 ? plan : await planSlowly(set, all);
  return full.map((file) => {
    if (here.outside.has(file.path)) return { ...file, outcome: { kind: "refused", refusal: "closed" } };
    const refusal = here.refused.get(file.path);
    if (refusal !== undefined) return { ...file, outcome: { kind: "refused", refusal } };
    const inTheWay = here.inTheWay.get(file.path);
    const isFree =
      inTheWay === undefined || full.some((other) => other.path === inTheWay && isSurelyDeleted(other));
    return isFree ? file : { ...file, outcome: { kind: "conflict", conflict: { why: "exists" } } };
  });
}

/** The window goes on between two files. */
async function planSlowly(set: ChangeSet, own: OwnFiles): Promise<readonly PlannedFile[]> {
  const plan: PlannedFile[] = [];
  for (const file of planned(set, own)) {
    plan.push(file);
    await setImmediate();
  }
  return plan;
}

/** Without asking. A file with a risk may stay. */
function isSurelyDeleted({ outcome, risk }: PlannedFile): boolean {
  return outcome.kind === "clean" && outcome.file === null && risk === null;
}

/** The files to write. Null for none: the user does not want to, has nothing to apply, or has the changes. */
async function decide(
  plan: readonly PlannedFile[],
  from: string,
  here: FilesHere,
): Promise<readonly FileToWrite[] | null> {
  if (plan.every(({ outcome }) => outcome.kind === "already")) {
    await showInfo(texts.already);
    return null;
  }
  const all = plan.flatMap(({ path, outcome, risk }) =>
    outcome.kind === "clean" ? [{ path, file: outcome.file, from: outcome.from, risk }] : [],
  );
  const clean = all.filter((file) => !isOnlyEncoding(file, here));
  const problems = plan.flatMap(({ path, outcome }) => {
    const isLeftOut = outcome.kind === "clean" && !clean.some((file) => file.path === path);
    const reason = isLeftOut ? texts.onlyEncoding : reasonOf(outcome);
    return reason === null ? [] : [`${path}: ${reason}`];
  });
  const marked = plan.flatMap((file) => withMarkers(file, from, here) ?? []);
  let wanted: readonly FileToWrite[] = clean.filter(({ risk }) => risk === null);
  if (problems.length > 0) {
    const actions = [
      ...(clean.length > 0 ? [texts.rest] : []),
      ...(marked.length > 0 ? [texts.markers] : []),
    ];
    const choice = await chooseLoudly(texts.someNot, firstOf(problems), actions);
    if (choice === undefined) return null;
    if (choice === texts.markers) wanted = [...wanted, ...marked];
  }
  const risky = await chooseRisky(clean);
  if (risky === undefined) return null;
  const files = [...wanted, ...risky];
  return files.length === 0 ? null : files;
}

/** VS Code saves a text in the encoding of its file, which extensions cannot change. */
function keepsEncoding({ path, file, from }: FileToWrite, { files }: FilesHere): boolean {
  const own = files.get(from ?? path);
  if (file === null || own === undefined || !("text" in file && "text" in own)) return false;
  return file.encoding !== own.encoding || file.bom !== own.bom;
}

function isOnlyEncoding(change: FileToWrite, here: FilesHere): boolean {
  const { path, file, from } = change;
  const own = here.files.get(path);
  if (from !== null || file === null || own === undefined || !("text" in file && "text" in own)) return false;
  return file.text === own.text && keepsEncoding(change, here);
}

type CleanFile = FileToWrite & Pick<PlannedFile, "risk">;

/** Files with a risk are unticked. Undefined if the user closes the list. */
async function chooseRisky(clean: readonly CleanFile[]): Promise<readonly FileToWrite[] | undefined> {
  const items = clean.flatMap((file) =>
    file.risk === null ? [] : [{ label: listedName(file.path), description: riskText(file.risk), file }],
  );
  if (items.length === 0) return [];
  const options = { canPickMany: true, placeHolder: texts.chooseRisky } as const;
  return (await vscode.window.showQuickPick(items, options))?.map(({ file }) => file);
}

/** A file with a risk gets no markers, nor does a notebook: it could not be opened. */
function withMarkers(
  { path, outcome, risk }: PlannedFile,
  from: string,
  { files, notebooks }: FilesHere,
): FileToWrite | null {
  if (risk !== null || outcome.kind !== "conflict" || outcome.conflict.why !== "lines") return null;
  const { merge, from: old } = outcome.conflict;
  const own = files.get(old ?? path);
  if (own === undefined || !("text" in own) || notebooks.has(old ?? path)) return null;
  const text = withBom(merge.marked({ mine: texts.mine, theirs: from }), false);
  return { path, file: { ...own, text }, from: old };
}
