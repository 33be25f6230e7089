// Files of a change set that are refused: by their kind, their name, or because two of them can be the same file.
import assert from "node:assert/strict";
import { buildChanges } from "../../../../extension/core/changes/buildChanges.ts";
import { planOf } from "../../../../extension/core/changes/plan.ts";
import type { FileMode } from "../../../../protocol/changes.ts";
import { SALT, side, text } from "../../../support/changePlans.ts";

describe("a refused file", () => {
  const file = (path: string, mode: FileMode = "100644") => ({ was: null, is: side(path, text("a"), mode) });

  function refusals(...files: Parameters<typeof buildChanges>[1]) {
    const set = buildChanges(SALT, files);
    assert.ok(set.ok);
    const planned = planOf(set.value, { files: new Map(), bases: new Map(), onWindows: true });
    return planned.map(({ outcome: { kind, ...rest } }) => ("refusal" in rest ? rest.refusal : kind));
  }

  it("is a link, a submodule, or becomes executable", () => {
    assert.deepEqual(refusals(file("a", "120000")), ["link"]);
    assert.deepEqual(refusals(file("a", "160000")), ["submodule"]);
    assert.deepEqual(refusals(file("a", "100755")), ["executable"]);
    const modes = (was: FileMode, is: FileMode) => ({
      was: side("a", text("a"), was),
      is: side("a", text("b"), is),
    });
    assert.deepEqual(refusals(modes("100644", "100755")), ["executable"]);
    assert.deepEqual(refusals(modes("120000", "100644")), ["link"]);
    assert.deepEqual(refusals(modes("100755", "100755")), ["conflict"]);
    assert.deepEqual(refusals({ was: side("a", text("a"), "160000"), is: null }), ["submodule"]);
  });

  it("has a name that does not pass the gate, before or after", () => {
    assert.deepEqual(refusals(file("x/.GIT/config"), file("nul.txt"), file("ab:c"), file("a.")), [
      ...["git", "device", "stream", "trailing"],
    ]);
    assert.deepEqual(refusals(file("a?")), ["characters"]);
    const moved = { was: side(".git/config", text("a")), is: side("b", text("a")) };
    assert.deepEqual(refusals(moved), ["git"]);
  });

  it("can be the same file as another one of the set, or the folder of one", () => {
    assert.deepEqual(refusals(file("A.ts"), file("a.ts"), file("b")), ["twin", "twin", "clean"]);
    assert.deepEqual(refusals(file("é"), file("e\u0301")), ["twin", "twin"]);
    assert.deepEqual(refusals(file("a"), file("A/b"), file("c/d")), ["twin", "twin", "clean"]);
    const deleted = { was: side("README", text("a")), is: null };
    assert.deepEqual(refusals(deleted, file("readme")), ["twin", "twin"]);
    assert.deepEqual(refusals(deleted, file("README/a")), ["already", "clean"]);
  });

  it("is made of the same file as another one", () => {
    const was = side("a", text("a"));
    const [moved, gone] = [
      { was, is: side("b", text("a")) },
      { was, is: null },
    ];
    assert.deepEqual(refusals(moved, gone), ["twin", "twin"]);
    assert.deepEqual(refusals(moved, { was, is: side("a", text("b")) }), ["twin", "twin"]);
    assert.deepEqual(refusals(moved, { was, is: side("c", text("a")) }), ["twin", "twin"]);
    assert.deepEqual(refusals(moved, file("a")), ["conflict", "clean"]);
  });

  it("has a short name of Windows, which can be that of another file", () => {
    for (const path of ["vscode~1/tasks.json", "a/PACKAG~1.JSO", "GITHUB~1/x.yml", "PA1F2C~1.JSO", "~1"])
      assert.deepEqual(refusals(file(path)), ["short"], path);
    for (const path of ["a~b.ts", "a~1.html", "longer-name~1", "~", "a.ts~1"])
      assert.deepEqual(refusals(file(path)), ["clean"], path);
  });

  it("is none that is renamed to other case, or that changes places with another", () => {
    const moved = (from: string, to: string) => ({ was: side(from, text("a")), is: side(to, text("a")) });
    assert.deepEqual(refusals(moved("a", "A")), ["conflict"]);
    assert.deepEqual(refusals(moved("a", "b"), moved("b", "a")), ["conflict", "conflict"]);
  });
});
