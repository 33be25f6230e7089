// The notes that the user has put away stay away, and what is kept of them names no one.
import assert from "node:assert/strict";
import { ResolvedNotes } from "../../../../extension/host/code/resolvedNotes.ts";
import { mapMemory } from "../../../support/mapMemory.ts";

describe("resolved notes", () => {
  const values = new Map<string, unknown>();
  const memory = mapMemory(() => values);
  beforeEach(() => values.clear());

  it("stay resolved after a reload, and others do not become it", () => {
    new ResolvedNotes(memory).add("session-bobby 1700000000000 bobby");
    const again = new ResolvedNotes(memory);
    assert.ok(again.has("session-bobby 1700000000000 bobby"));
    assert.ok(!again.has("session-bobby 1700000000001 bobby"));
  });

  it("leave no names on the disk", () => {
    new ResolvedNotes(memory).add("session-bobby 1700000000000 bobby");
    assert.doesNotMatch(JSON.stringify([...values]), /bobby|1700000000000/);
  });

  it("are the latest five hundred", () => {
    const notes = new ResolvedNotes(memory);
    for (let at = 0; at < 501; at += 1) notes.add(String(at));
    assert.deepEqual([notes.has("0"), notes.has("1"), notes.has("500")], [false, true, true]);
  });
});
