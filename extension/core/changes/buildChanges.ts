// What travels of a change, made of the files before and after it.
import * as v from "valibot";
import { ChangeSet, type FileChange, type FileMode, type WholeText } from "../../../protocol/changes.ts";
import type { Token } from "../../../protocol/fields.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { toBase64 } from "./base64.ts";
import { hunksOf, type FileText } from "./hunks.ts";
import { newSteps, type Steps } from "./lineChanges.ts";
import { lineEndingOf } from "./textLines.ts";

/** A file on one side of a change: as text where both sides are text, else as bytes. */
export type FileSide = { readonly path: string; readonly mode: FileMode } & (
  FileText | { readonly bytes: Uint8Array }
);

/** `base` is the tag of the file before the change. Without `was` the file is new; without `is` it was deleted. */
export type ChangedFile = {
  readonly was: FileSide | null;
  readonly is: FileSide | null;
  readonly base?: string;
};

/**
 * Files without any difference are left out.
 * @returns `invalid` if a path, a text or the number of files cannot travel, if all together are too large, or if a file is text on
 *   one side only
 */
export function buildChanges(salt: Token, files: readonly ChangedFile[]): Result<ChangeSet, "invalid"> {
  if (files.some(isMixed)) return err("invalid");
  const steps = newSteps();
  const changes = files.flatMap((file) => changeOf(file, steps) ?? []);
  const set = v.safeParse(ChangeSet, { salt, files: changes }, { abortEarly: true });
  return set.success ? ok(set.output) : err("invalid");
}

function isMixed({ was, is }: ChangedFile): boolean {
  return was !== null && is !== null && "text" in was !== "text" in is;
}

function changeOf({ was, is, base }: ChangedFile, steps: Steps): FileChange | null {
  const tag = base === undefined ? {} : { base };
  if (was === null) {
    if (is === null) return null;
    return { kind: "added", path: is.path, isMode: is.mode, content: wholeOf(is) };
  }
  if (is === null)
    return { kind: "deleted", path: was.path, wasMode: was.mode, ...tag, content: wholeOf(was) };
  const changed = difference(was, is, steps);
  const rest = {
    wasMode: was.mode,
    isMode: is.mode,
    ...tag,
    ...(changed === null ? {} : { content: changed }),
  };
  if (was.path !== is.path) return { kind: "renamed", path: is.path, oldPath: was.path, ...rest };
  if (changed === null && was.mode === is.mode) return null;
  return { kind: "modified", path: is.path, ...rest };
}

type Content = Extract<FileChange, { kind: "modified" }>["content"];

function difference(was: FileSide, is: FileSide, steps: Steps): NonNullable<Content> | null {
  if ("text" in was && "text" in is) return hunksOf(was, is, steps);
  const [old, now] = [was, is].map((side) => ("bytes" in side ? toBase64(side.bytes) : ""));
  return old === now ? null : { as: "binary", was: old ?? "", is: now ?? "" };
}

function wholeOf(side: FileSide): WholeText | { as: "binary"; bytes: string } {
  if ("bytes" in side) return { as: "binary", bytes: toBase64(side.bytes) };
  const { text, encoding, bom } = side;
  return { as: "text", encoding, bom, eol: lineEndingOf(text), text };
}
