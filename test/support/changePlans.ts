// Change sets, and what applying them would do to one's own files.
import assert from "node:assert/strict";
import * as v from "valibot";
import { buildChanges, type FileSide } from "../../extension/core/changes/buildChanges.ts";
import { planOf, type FileHere, type OwnFile } from "../../extension/core/changes/plan.ts";
import type { ChangeSet, FileMode } from "../../protocol/changes.ts";
import { Token } from "../../protocol/fields.ts";

export const SALT = v.parse(Token, "A".repeat(22));
export const text = (of: string, encoding = "utf8", bom = false) => ({ text: of, encoding, bom });
export const side = (path: string, content: OwnFile, mode: FileMode = "100644"): FileSide => ({
  path,
  mode,
  ...content,
});

export const BASE = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join("");
export const THEIRS = BASE.replace("line 10\n", "their line\n");

/** A set with one file. */
export function change(was: FileSide | null, is: FileSide | null): ChangeSet {
  const set = buildChanges(SALT, [{ was, is }]);
  assert.ok(set.ok);
  return set.value;
}

/** What is planned for the one file of a set. */
export function plan(
  set: ChangeSet,
  files: Readonly<Record<string, FileHere>>,
  bases: Readonly<Record<string, string>> = {},
) {
  const own = {
    files: new Map(Object.entries(files)),
    bases: new Map(Object.entries(bases)),
    onWindows: false,
  };
  const [planned] = planOf(set, own);
  assert.ok(planned);
  return planned;
}
