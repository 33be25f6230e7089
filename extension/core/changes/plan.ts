// What applying a change set would do to one's own files. Nothing is written.
import type { ChangeSet, FileChange, WholeText } from "../../../protocol/changes.ts";
import { fromBase64, isBase64Of } from "./base64.ts";
import { withHunks, type FileText } from "./hunks.ts";
import { newSteps, type Steps } from "./lineChanges.ts";
import { hasChange, mergeFile, type Merge } from "./mergeFile.ts";
import { placeHunks } from "./placeHunks.ts";
import { refusalsOf, type Refusal } from "./refusals.ts";
import { riskOf, type Risk } from "../../../protocol/risks.ts";
import { hasBom, isSameText, withBom } from "./textLines.ts";

/** A file as it is here, with unsaved edits. */
export type OwnFile = FileText | { readonly bytes: Uint8Array };

/** Something at a path that is not read: a file that is too large to be one of a change, a folder, or what cannot be read. */
export type Unread = { readonly size: number };

export type FileHere = OwnFile | Unread;

/** Files by path. `bases` has files before the change, as they are here or as the sender has sent them. */
export type OwnFiles = {
  readonly files: ReadonlyMap<string, FileHere>;
  readonly bases: ReadonlyMap<string, string>;
  readonly onWindows: boolean;
};

export type Conflict =
  /** The same lines were changed here. With `from` the file is still there. */
  | {
      readonly why: "lines";
      readonly merge: Extract<Merge, { kind: "conflict" }>;
      readonly from: string | null;
    }
  /** A file that the change is for is not here. */
  | { readonly why: "gone" }
  /** A new file, or the new name of one, is taken. */
  | { readonly why: "exists" }
  /** A binary file, or one to be deleted, is not as it was. */
  | { readonly why: "changed" }
  /** A file that is changed here is not read. */
  | { readonly why: "unread" };

export type Outcome =
  /** `file` is what `path` then holds; null deletes it. With `from` it was there before. */
  | { readonly kind: "clean"; readonly file: FileHere | null; readonly from: string | null }
  | { readonly kind: "already" }
  | { readonly kind: "conflict"; readonly conflict: Conflict }
  /** The sender has to be asked for the file before the change. */
  | { readonly kind: "missingBase"; readonly path: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A file with a risk is not part of "apply all". */
export type PlannedFile = { readonly path: string; readonly outcome: Outcome; readonly risk: Risk | null };

export function planOf(set: ChangeSet, own: OwnFiles): readonly PlannedFile[] {
  return [...planned(set, own)];
}

/** One file at a time: together they can take seconds. */
export function* planned(set: ChangeSet, own: OwnFiles): Generator<PlannedFile, void> {
  const steps = newSteps();
  const refusals = refusalsOf(set, own.onWindows);
  for (const change of set.files) {
    const refusal = refusals.get(change.path);
    const outcome: Outcome =
      refusal === undefined ? outcomeOf(change, own, steps) : { kind: "refused", refusal };
    const old = change.kind === "renamed" ? riskOf(change.oldPath) : null;
    yield { path: change.path, outcome, risk: riskOf(change.path) ?? old };
  }
}

const ALREADY: Outcome = { kind: "already" };

function conflict(why: "gone" | "exists" | "changed" | "unread"): Outcome {
  return { kind: "conflict", conflict: { why } };
}

function outcomeOf(change: FileChange, own: OwnFiles, steps: Steps): Outcome {
  switch (change.kind) {
    case "added":
      return added(change.content, own.files.get(change.path));
    case "deleted":
      return deleted(change.content, own.files.get(change.path));
    case "modified": {
      const mine = own.files.get(change.path);
      return mine === undefined ? conflict("gone") : changed(change, change.path, mine, own, steps);
    }
    case "renamed": {
      const [mine, there] = [own.files.get(change.oldPath), own.files.get(change.path)];
      if (mine !== undefined && there !== undefined) return conflict("exists");
      if (there !== undefined) return changed(change, change.oldPath, there, own, steps);
      if (mine === undefined) return conflict("gone");
      const outcome = changed(change, change.oldPath, mine, own, steps);
      if (outcome.kind === "already") return { kind: "clean", file: mine, from: change.oldPath };
      if (outcome.kind === "conflict" && outcome.conflict.why === "lines")
        return { kind: "conflict", conflict: { ...outcome.conflict, from: change.oldPath } };
      return outcome.kind === "clean" ? { ...outcome, from: change.oldPath } : outcome;
    }
  }
}

type Whole = WholeText | { readonly as: "binary"; readonly bytes: string };

function added(content: Whole, mine: FileHere | undefined): Outcome {
  const { as } = content;
  const file = as === "binary" ? { bytes: fromBase64(content.bytes) } : fileText(content);
  if (mine === undefined) return { kind: "clean", file, from: null };
  return isContent(mine, content) ? ALREADY : conflict("exists");
}

function deleted(content: Whole, mine: FileHere | undefined): Outcome {
  if (mine === undefined) return ALREADY;
  if ("size" in mine) return conflict("unread");
  return isContent(mine, content) ? { kind: "clean", file: null, from: null } : conflict("changed");
}

function fileText({ text, encoding, bom }: WholeText): FileText {
  return { text, encoding, bom };
}

function isContent(mine: FileHere, content: Whole): boolean {
  if (content.as === "binary") return "bytes" in mine && isBase64Of(content.bytes, mine.bytes);
  return "text" in mine && isSameText(mine.text, content.text);
}

/** @param basePath where the file was before the change */
function changed(
  { content }: Extract<FileChange, { kind: "modified" | "renamed" }>,
  basePath: string,
  mine: FileHere,
  { bases }: OwnFiles,
  steps: Steps,
): Outcome {
  if (content === undefined) return ALREADY;
  if ("size" in mine) return conflict("unread");
  if (content.as === "binary") {
    if (!("bytes" in mine)) return conflict("changed");
    if (isBase64Of(content.is, mine.bytes)) return ALREADY;
    if (!isBase64Of(content.was, mine.bytes)) return conflict("changed");
    return { kind: "clean", file: { bytes: fromBase64(content.is) }, from: null };
  }
  if (!("text" in mine)) return conflict("changed");
  const { was, is } = content;
  const base = bases.get(basePath);
  const theirs = base === undefined ? null : withHunks(base, content);
  const placed = theirs === null ? placeHunks(mine.text, content, steps) : null;
  if (theirs === null && placed === null) return { kind: "missingBase", path: basePath };
  const before = placed?.base ?? withBom(base ?? "", was.bom);
  const after = placed?.theirs ?? withBom(theirs?.text ?? "", is.bom);
  const own = withBom(mine.text, mine.bom);
  const merged = mergeFile(before, own, after, steps);
  // Also rather than to make the change a second time.
  const has = merged.kind === "already" || hasChange(before, own, after, steps);
  const merge: Merge = has ? { kind: "already" } : merged;
  const encoding = was.encoding === is.encoding ? mine.encoding : is.encoding;
  const isEncoded = encoding === mine.encoding;
  switch (merge.kind) {
    case "already":
      return isEncoded ? ALREADY : { kind: "clean", file: { ...mine, encoding }, from: null };
    case "merged": {
      const file = { text: withBom(merge.text, false), encoding, bom: hasBom(merge.text) };
      return { kind: "clean", file, from: null };
    }
    case "conflict":
      return { kind: "conflict", conflict: { why: "lines", merge, from: null } };
  }
}
