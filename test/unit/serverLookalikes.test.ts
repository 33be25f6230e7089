// Names that look the same and are not.
import assert from "node:assert/strict";
import { Lookalikes } from "../../server/lookalikes.ts";

describe("names that look alike", () => {
  for (const [name, other] of [
    ["anna", "аnna"],
    ["paypal", "раураl"],
    ["Iris", "lris"],
    ["bill", "bi11"],
    ["bob", "b0b"],
    ["modern", "rnodern"],
    ["ΑΝΝΑ", "ANNA"],
  ] as const) {
    it(`are known, whichever was first: ${name} and ${other}`, () => {
      for (const [first, second] of [
        [name, other],
        [other, name],
      ] as const) {
        const names = new Lookalikes();
        assert.equal(names.has(second), false);
        names.add(first);
        assert.equal(names.has(second), true);
        assert.equal(names.has(first), false, "a name is no look-alike of itself");
      }
    });
  }

  it("are not those that are the same name, or another one", () => {
    const names = new Lookalikes();
    names.add("anna");
    for (const other of ["Anna", "ANNA", "ａｎｎａ", "anne", "anna_2", "hanna"])
      assert.equal(names.has(other), false, other);
  });

  it("count: a name that is there twice is gone when it has gone twice", () => {
    const names = new Lookalikes();
    names.add("anna");
    names.add("ANNA");
    names.remove("anna");
    assert.equal(names.has("аnna"), true);
    names.remove("anna");
    assert.equal(names.has("аnna"), false);
    names.remove("anna");
    names.add("anna");
    assert.equal(names.has("аnna"), true, "one remove too many counts for nothing");
  });
});
