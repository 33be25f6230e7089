// Who says farewell to the members of a server that is gone, and when.
import assert from "node:assert/strict";
import type { Command } from "../../../../server/hall/commands.ts";
import { Farewells } from "../../../../server/cluster/farewells.ts";
import { Replica } from "../../../../server/cluster/replica.ts";

const beat = { sent: 0, at: 0, applied: 0, hash: "", link: "", access: "" };

describe("the farewell to members of a server that is gone", () => {
  let replica: Replica;
  let timers: { readonly ms: number; readonly call: () => void }[];
  let said: Command[];
  let members: number;
  beforeEach(() => {
    [timers, said, members] = [[], [], 0];
    replica = new Replica({ state: undefined, apply: () => undefined, check: () => "" });
    for (const life of [1, 2, 3]) replica.beat({ ...beat, life });
  });

  const farewells = (life: number, of = replica): Farewells =>
    new Farewells({
      ...{ reader: { replica: of }, life, membersOf: () => members },
      lobbyLog: {
        append: (command) => {
          said.push(command);
          return () => false;
        },
      },
      later: (ms, call) => timers.push({ ms, call }),
    });

  it("is said by the eldest server, once", () => {
    const [eldest, other] = [farewells(1), farewells(2)];
    eldest.sayIfDue();
    assert.equal(timers.length, 0);
    replica.lost(3);
    for (const each of [eldest, other, eldest]) each.sayIfDue();
    assert.equal(timers.length, 1);
    timers[0]?.call();
    assert.deepEqual(said, [{ type: "lost", life: 3 }]);
    eldest.sayIfDue();
    assert.equal(timers.length, 1);
  });

  it("waits for the longer the more members are not back, but not for ever", () => {
    for (const [count, ms] of [
      [0, 500],
      [12, 524],
      [5_000, 10_500],
      [100_000, 15_000],
    ] as const) {
      members = count;
      replica.lost(3);
      farewells(1).sayIfDue();
      assert.equal(timers.at(-1)?.ms, ms);
    }
  });

  it("is said by the next server if the eldest goes as well, also from a saved state", () => {
    replica.lost(3);
    farewells(1).sayIfDue();
    replica.lost(1);
    const later = new Replica({ state: replica.state(), apply: () => undefined, check: () => "" });
    farewells(2, later).sayIfDue();
    assert.equal(timers.length, 3);
    for (const { call } of timers.slice(1)) call();
    assert.deepEqual(said, [
      { type: "lost", life: 3 },
      { type: "lost", life: 1 },
    ]);
    later.entry({ life: 2, n: 1, time: 1, commands: said }, "");
    assert.deepEqual([...later.gone], []);
  });
});
