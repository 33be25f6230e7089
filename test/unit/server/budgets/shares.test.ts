// Which entry of a full table goes.
import assert from "node:assert/strict";
import fc from "fast-check";
import { networkKey } from "../../../../protocol/ipAddress.ts";
import { Shares } from "../../../../server/budgets/shares.ts";
import { pin } from "../../../support/core.ts";

const owner = (name: string, address: string, since: number) => ({ pin: pin(name), address, since });

/** Takes what goes until so many are left, and tells which. */
function shrink(shares: Shares<string>, left: number): string[] {
  const gone: string[] = [];
  while (shares.size > left) {
    const item = shares.toGo();
    assert.ok(item !== undefined && shares.delete(item));
    gone.push(item);
  }
  return gone;
}

describe("a shared table", () => {
  it("drops the newest key while no address has many entries", () => {
    const shares = new Shares<string>();
    for (const [name, address, since] of [
      ["anna", "192.0.2.1", 3],
      ["bobby", "192.0.2.1", 1],
      ["carmen", "192.0.2.2", 4],
      ["dora", "192.0.2.3", 2],
    ] as const)
      shares.add(name, owner(name, address, since));
    assert.deepEqual(shrink(shares, 0), ["carmen", "anna", "dora", "bobby"]);
  });

  it("drops entries of the address with the most, however old they are", () => {
    const shares = new Shares<string>();
    for (let n = 0; n < 100; n++) shares.add(`m${n}`, owner(`m${n}`, "192.0.2.9", n));
    shares.add("anna", owner("anna", "192.0.2.1", 1_000));
    assert.deepEqual(shrink(shares, 98), ["m99", "m98", "m97"]);
  });

  it("counts an IPv6 /48 as one network", () => {
    const shares = new Shares<string>();
    shares.add("anna", owner("anna", "192.0.2.1", 1_000));
    for (let n = 0; n < 100; n++) shares.add(`m${n}`, owner(`m${n}`, `2001:db8:1:${n.toString(16)}::/64`, n));
    assert.ok(
      shrink(shares, 60)
        .slice(0, 36)
        .every((name) => name.startsWith("m")),
    );
    assert.equal(networkKey("2001:db8:1:ff::/64"), networkKey("2001:db8:1:0::/64"));
    assert.notEqual(networkKey("2001:db8:1:ff::/64"), networkKey("2001:db8:2:ff::/64"));
    assert.equal(networkKey("192.0.2.1"), "192.0.2.1");
  });

  it("keeps its counts right through all additions and removals", () => {
    const step = fc.record({
      item: fc.nat(20).map(String),
      who: fc.nat(5).map(String),
      address: fc.constantFrom("192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64", "2001:db8:1:2::/64"),
      since: fc.nat(4),
      add: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const shares = new Shares<string>();
        const model = new Map<string, string>();
        for (const { item, who, address, since, add } of steps) {
          if (add) {
            shares.add(item, owner(who, address, since));
            model.delete(item);
            model.set(item, who);
          } else assert.equal(shares.delete(item), model.delete(item));
          assert.equal(shares.size, model.size);
          for (let n = 0; n <= 5; n++) {
            const of = [...model].filter(([, each]) => each === String(n)).map(([each]) => each);
            assert.deepEqual([...shares.of(pin(String(n)))], of);
          }
          const goes = shares.toGo();
          assert.equal(goes !== undefined && model.has(goes), model.size > 0);
        }
        assert.equal(shrink(shares, 0).length, model.size);
        assert.equal(shares.toGo(), undefined);
      }),
    );
  });
});
