// From what git says of files to what was done to each.
import assert from "node:assert/strict";
import { pairsOf, uncommittedPairs, type GitChange } from "../../../../extension/core/changes/gitStatus.ts";

const change = (status: string, path: string, oldPath = path): GitChange => ({ status, path, oldPath });
const pair = (was: string | null, is: string | null) => ({ was, is });
const all = (staged: readonly GitChange[], unstaged: readonly GitChange[], ...edited: string[]) =>
  uncommittedPairs(staged, unstaged, edited);

describe("git's list of changes", () => {
  it("says where each file was and is", () => {
    const changes = [
      ...[change("INDEX_MODIFIED", "a"), change("INDEX_ADDED", "b"), change("INDEX_DELETED", "c")],
      ...[change("INDEX_RENAMED", "e", "d"), change("INDEX_COPIED", "g", "f")],
      ...[change("BOTH_MODIFIED", "h"), change("IGNORED", "i")],
    ];
    assert.deepEqual(pairsOf(changes), [
      ...[pair("a", "a"), pair(null, "b"), pair("c", null), pair("d", "e"), pair(null, "g")],
    ]);
  });

  it("of staged and other changes together is from the last commit to now", () => {
    const renamed = [change("INDEX_RENAMED", "b", "a")];
    assert.deepEqual(all(renamed, [change("MODIFIED", "b")]), [pair("a", "b")]);
    assert.deepEqual(all(renamed, [change("DELETED", "b")]), [pair("a", null)]);
    assert.deepEqual(all(renamed, [change("INTENT_TO_RENAME", "c", "b")]), [pair("a", "c")]);
    assert.deepEqual(all([change("INDEX_ADDED", "a")], [change("DELETED", "a")]), []);
    assert.deepEqual(all([change("INDEX_ADDED", "a")], [change("MODIFIED", "a")]), [pair(null, "a")]);
    assert.deepEqual(all([change("INDEX_DELETED", "a")], [change("UNTRACKED", "a")]), [pair("a", "a")]);
    assert.deepEqual(all([], [change("DELETED", "a"), change("UNTRACKED", "b")]), [
      ...[pair(null, "b"), pair("a", null)],
    ]);
  });

  it("does not have files that are only edited, and not saved", () => {
    assert.deepEqual(all([change("INDEX_RENAMED", "b", "a")], [], "b", "c"), [
      pair("a", "b"),
      pair("c", "c"),
    ]);
  });
});
