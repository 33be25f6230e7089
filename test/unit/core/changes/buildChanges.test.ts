// A change set is built of files before and after.
import assert from "node:assert/strict";
import { buildChanges } from "../../../../extension/core/changes/buildChanges.ts";
import { BASE, SALT, side, text } from "../../../support/changePlans.ts";

describe("building changes", () => {
  it("leaves out files without a difference", () => {
    const same = side("a", text(BASE));
    assert.ok(!buildChanges(SALT, [{ was: same, is: same }]).ok);
    const files = [
      { was: same, is: same },
      { was: null, is: side("b", text("")) },
    ];
    const set = buildChanges(SALT, files);
    assert.ok(set.ok);
    assert.deepEqual(
      set.value.files.map(({ path }) => path),
      ["b"],
    );
  });

  it("refuses what cannot travel", () => {
    const invalid = [
      { was: null, is: side("../a", text("a")) },
      { was: null, is: side("a", text("\ud800")) },
      { was: null, is: side("a", text("a".repeat(9_000_000))) },
      { was: side("a", text("a")), is: side("a", { bytes: Uint8Array.of(0) }) },
    ];
    for (const file of invalid) assert.ok(!buildChanges(SALT, [file]).ok);
  });
});
