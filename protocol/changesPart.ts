// The part of a message that brings changes of files: what its card shows before any of them is fetched.
import * as v from "valibot";
import { FileId, Sha256, type FilePart } from "./bulk.ts";
import { listOf } from "./fields.ts";
import { CodePath, TextOffset } from "./partFields.ts";

export const changeLimits = {
  files: 500,
  /** UTF-8 bytes of a change set, or of base texts, as JSON. */
  bytes: 8 * 1024 * 1024,
  /** Files that the part lists. */
  listed: 8,
} as const;

const count = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

const lineCounts = { added: count(0, changeLimits.bytes), removed: count(0, changeLimits.bytes) };

/** One file of the set. A binary one has no `lines`. */
export const ListedChange = v.object({
  kind: v.picklist(["added", "deleted", "modified", "renamed"]),
  path: CodePath,
  oldPath: v.exactOptional(CodePath),
  lines: v.exactOptional(v.object(lineCounts)),
});
export type ListedChange = v.InferOutput<typeof ListedChange>;

/** A body that is fetched like a file, with the hash of its bytes. */
const Body = v.object({ id: FileId, size: count(1, changeLimits.bytes), sha256: Sha256 });
export type ChangesBody = v.InferOutput<typeof Body>;

export const ChangesPart = v.object({
  kind: v.literal("changes"),
  at: TextOffset,
  /** Of the change set (see changes.ts). */
  ...Body.entries,
  /** Of the whole set. */
  files: count(1, changeLimits.files),
  ...lineCounts,
  /** As many of its files as have room, those with a warning first. */
  list: listOf(ListedChange, changeLimits.listed),
  /** The files before the change, for receivers that do not have them. */
  bases: v.exactOptional(Body),
});
export type ChangesPart = v.InferOutput<typeof ChangesPart>;

/** What a body is called among the files that are on their way. */
export const BODY_NAME = "changes.json";

/** A body as the file that it is while it is on its way. */
export function bodyFile({ id, size }: Pick<ChangesBody, "id" | "size">): FilePart {
  return { kind: "file", id, name: BODY_NAME, size };
}

/** The bodies that go with a part. */
export function bodiesOf({ id, size, sha256, bases }: ChangesPart): readonly ChangesBody[] {
  return [{ id, size, sha256 }, ...(bases === undefined ? [] : [bases])];
}
