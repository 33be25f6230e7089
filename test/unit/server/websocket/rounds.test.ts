import assert from "node:assert/strict";
import fc from "fast-check";
import { Rounds } from "../../../../server/websocket/rounds.ts";

describe("rounds", () => {
  it("visit everyone once per round, in equal parts", () => {
    const met: number[] = [];
    const rounds = new Rounds(new Set([1, 2, 3, 4, 5, 6, 7, 8]), (member) => met.push(member));
    const after = (progress: number): number => {
      rounds.advance(progress);
      return met.length;
    };
    assert.deepEqual([after(0.25), after(0.5), after(0.5), after(0.99)], [2, 4, 4, 8]);
    assert.deepEqual([after(1), after(1.5), after(2)], [8, 12, 16]);
    assert.deepEqual(met.slice(0, 8), met.slice(8));
  });

  it("visit everyone who is left when they run late, and skip what was slept through", () => {
    const met: number[] = [];
    const rounds = new Rounds(new Set([1, 2]), (member) => met.push(member));
    rounds.advance(0.5);
    rounds.advance(7);
    assert.deepEqual(met, [1, 2]);
    rounds.advance(8);
    assert.deepEqual(met, [1, 2, 1, 2]);
  });

  it("visit each member that stays a whole round once, while others join and leave", () => {
    const change = fc.record({ comes: fc.boolean(), who: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { minLength: 10, maxLength: 10 }), (steps) => {
        const members = new Set([100, 101, 102, 103]);
        const met: number[] = [];
        const rounds = new Rounds(members, (member) => met.push(member));
        steps.forEach((changes, step) => {
          for (const { comes, who } of changes) {
            if (comes) members.add(who);
            else members.delete(who);
          }
          rounds.advance((step + 1) / steps.length);
        });
        for (const member of [100, 101, 102, 103]) {
          assert.equal(met.filter((other) => other === member).length, 1);
        }
      }),
    );
  });
});
