// What the samples of messages share: ids, and parts with everything that can be said of them.
import { parse } from "valibot";
import { FileId, Sha256, type FilePart } from "../../protocol/bulk.ts";
import type { ChangesPart } from "../../protocol/changesPart.ts";
import type { CodePart } from "../../protocol/part.ts";
import { messageId, pin, sid, TOKEN } from "./core.ts";

/** Of each type of message, at least one. */
export type Samples<M extends { readonly type: string }> = {
  readonly [T in M["type"]]: Extract<M, { type: T }>[];
};

export const file = parse(FileId, "f".repeat(21) + "A");
export const sha256 = parse(Sha256, "s".repeat(42) + "A");
export const id = messageId("w.1");
export const session = sid("bobby");
export const key = pin("bobby");

/** Lines of a file, with everything that can be said of them. */
export const somePart: CodePart = {
  kind: "code",
  path: "src/a.ts",
  range: { from: 12, to: 13 },
  language: "typescript",
  at: 0,
  salt: TOKEN,
  before: "0a1b",
  after: "ffff0000",
  base: { tag: "t".repeat(22), from: 10, to: 11 },
  unsaved: true,
};
/** A file that is offered, with everything that can be said of it. */
export const someFile: FilePart = { kind: "file", id: file, name: "a.png", size: 3, type: "image/png" };
/** Changes of files, with everything that can be said of them. */
export const someChanges: ChangesPart = {
  ...{ kind: "changes", at: 0, id: file, size: 900, sha256, files: 4, added: 5, removed: 1 },
  list: [
    { kind: "renamed", path: "b.ts", oldPath: "a.ts", lines: { added: 2, removed: 1 } },
    { kind: "added", path: "c.ts", lines: { added: 3, removed: 0 } },
    { kind: "modified", path: "d.png" },
  ],
  bases: { id: file, size: 1_200, sha256 },
};
