// Which connection gives way.
import assert from "node:assert/strict";
import { Holdings } from "../../../../server/budgets/holdings.ts";

/** Takes what goes until nothing is left, and tells which. */
function takeAll(holdings: Holdings<string>): string[] {
  const gone: string[] = [];
  for (;;) {
    const item = holdings.toGo();
    if (item === undefined) return gone;
    holdings.delete(item);
    gone.push(item);
  }
}

describe("memory held for connections", () => {
  it("is freed from the address with the most, oldest first", () => {
    const holdings = new Holdings<string>();
    holdings.add("a1", "192.0.2.1");
    for (const item of ["b1", "b2", "b3"]) holdings.add(item, "192.0.2.2");
    holdings.add("c1", "192.0.2.3");
    assert.equal(holdings.oldestOf("192.0.2.2"), "b1");
    assert.deepEqual(takeAll(holdings), ["b1", "b2", "a1", "c1", "b3"]);
    assert.deepEqual([holdings.units, holdings.oldestOf("192.0.2.2")], [0, undefined]);
  });

  it("is weighed, not counted", () => {
    const holdings = new Holdings<string>();
    for (const item of ["a1", "a2", "a3"]) holdings.add(item, "192.0.2.1");
    holdings.add("b1", "192.0.2.2", 4);
    assert.equal(holdings.units, 7);
    assert.deepEqual(takeAll(holdings), ["b1", "a1", "a2", "a3"]);
  });

  it("is added up for an IPv6 /48, so that many addresses do not help", () => {
    const holdings = new Holdings<string>();
    for (const item of ["a1", "a2"]) holdings.add(item, "2001:db8:1:1::/64");
    for (let n = 0; n < 3; n++) holdings.add(`b${String(n)}`, `2001:db8:2:${String(n)}::/64`);
    assert.equal(holdings.toGo(), "b0");
  });

  it("counts as new again when it is added again", () => {
    const holdings = new Holdings<string>();
    for (const item of ["a1", "a2", "a1"]) holdings.add(item, "192.0.2.1");
    assert.deepEqual([holdings.units, holdings.has("a1")], [2, true]);
    assert.deepEqual(takeAll(holdings), ["a2", "a1"]);
    assert.equal(holdings.delete("a1"), false);
  });
});
