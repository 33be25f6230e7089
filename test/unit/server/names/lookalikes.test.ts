// Names that look the same and are not.
import assert from "node:assert/strict";
import { Lookalikes } from "../../../../server/names/lookalikes.ts";
import { freeNumbered, nameForm } from "../../../../server/names/nameForms.ts";

describe("names that look alike", () => {
  for (const [name, other] of [
    ["anna", "аnna"],
    ["paypal", "раураl"],
    ["Iris", "lris"],
    ["bill", "bi11"],
    ["bob", "b0b"],
    ["modern", "rnodern"],
    ["ΑΝΝΑ", "ANNA"],
    ["josé", "јоѕе́"],
    ["ó", "ό"],
    ["ops_2", "орѕ_2"],
    ["_2ه", "_2ο"],
    ["Modern", "rnodern"],
    ["MIlo", "rnllo"],
    ["א_2", "2_א"],
    ["iris", "i\u0307ris"],
    ["jan", "j\u0307an"],
    ["josé", "jose\u0301\u0301"],
    ["łukasz", "l\u0335ukasz"],
    ["ㄧㄚ", "一丫"],
    ["り田", "リ田"],
    ["ミ田", "三田"],
    ["ㅁ田", "口田"],
  ] as const) {
    it(`are detected, whichever came first: ${name} and ${other}`, () => {
      for (const [first, second] of [
        [name, other],
        [other, name],
      ] as const) {
        const names = new Lookalikes();
        assert.equal(names.has(nameForm(second)), false);
        names.add(first);
        assert.equal(names.has(nameForm(second)), true);
        assert.equal(names.has(nameForm(first)), false, "a name is no look-alike of itself");
      }
    });
  }

  it("are neither equal names nor different-looking ones", () => {
    const names = new Lookalikes();
    names.add("anna");
    for (const other of ["Anna", "ANNA", "ａｎｎａ", "anne", "anna_2", "hanna", "anná"])
      assert.equal(names.has(nameForm(other)), false, other);
  });

  it("are counted: a name that is added twice is gone when it is removed twice", () => {
    const names = new Lookalikes();
    names.add("anna");
    names.add("ANNA");
    names.remove("anna");
    assert.equal(names.has(nameForm("аnna")), true);
    names.remove("anna");
    assert.equal(names.has(nameForm("аnna")), false);
    names.remove("anna");
    names.add("anna");
    names.remove("аnna");
    assert.equal(names.has(nameForm("аnna")), true, "one remove too many counts for nothing");
  });
});

describe("names that only resemble each other", () => {
  for (const [name, other] of [
    ["Lisa", "Ilsa"],
    ["Kai", "Kal"],
    ["José", "Jose"],
    ["anna_2", "anna_3"],
    ["ольга", "олга"],
    ["רון_2", "רון_3"],
  ] as const) {
    it(`can coexist: ${name} and ${other}`, () => {
      const names = new Lookalikes();
      names.add(name);
      assert.equal(names.has(nameForm(other)), false);
    });
  }
});

describe("a numbered name", () => {
  it("is found in few steps, however many are taken: the first free one if there are no gaps", () => {
    for (const taken of [1, 2, 50, 99, 100, 101, 102, 1_000, 12_345]) {
      let steps = 0;
      const { name } = freeNumbered("anna", ({ name }) => {
        steps += 1;
        return Number(name.slice("anna_".length)) > taken;
      });
      assert.equal(name, `anna_${taken + 1}`);
      assert.ok(steps <= 130, `${steps} steps`);
    }
  });
});
