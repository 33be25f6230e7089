// Which server removes the members of a lost one, and when.
import assert from "node:assert/strict";
import type { Command } from "../../../../server/hall/commands.ts";
import { LostMembers } from "../../../../server/cluster/lostMembers.ts";
import { Replica } from "../../../../server/cluster/replica.ts";

const beat = { sent: 0, at: 0, applied: 0, hash: "", link: "", access: "" };

describe("the removal of members of a lost server", () => {
  let replica: Replica;
  let timers: { readonly ms: number; readonly call: () => void }[];
  let said: Command[];
  let members: number;
  beforeEach(() => {
    [timers, said, members] = [[], [], 0];
    replica = new Replica({ state: undefined, apply: () => undefined, check: () => "" });
    for (const life of [1, 2, 3]) replica.beat({ ...beat, life });
  });

  const lostMembers = (life: number, of = replica): LostMembers =>
    new LostMembers({
      ...{ reader: { replica: of }, life, membersOf: () => members },
      lobbyLog: {
        append: (command) => {
          said.push(command);
          return () => false;
        },
      },
      later: (ms, call) => timers.push({ ms, call }),
    });

  it("is done by the oldest server, once", () => {
    const [eldest, other] = [lostMembers(1), lostMembers(2)];
    eldest.removeIfDue();
    assert.equal(timers.length, 0);
    replica.lose(3);
    for (const each of [eldest, other, eldest]) each.removeIfDue();
    assert.equal(timers.length, 1);
    timers[0]?.call();
    assert.deepEqual(said, [{ type: "lost", life: 3 }]);
    eldest.removeIfDue();
    assert.equal(timers.length, 1);
  });

  it("waits longer for more members, but not forever", () => {
    for (const [count, ms] of [
      [0, 500],
      [12, 524],
      [5_000, 10_500],
      [100_000, 15_000],
    ] as const) {
      members = count;
      replica.lose(3);
      lostMembers(1).removeIfDue();
      assert.equal(timers.at(-1)?.ms, ms);
    }
  });

  it("is done by the next server if the oldest is lost, too, also from a snapshot", () => {
    replica.lose(3);
    lostMembers(1).removeIfDue();
    replica.lose(1);
    const later = new Replica({ state: replica.state(), apply: () => undefined, check: () => "" });
    lostMembers(2, later).removeIfDue();
    assert.equal(timers.length, 3);
    for (const { call } of timers.slice(1)) call();
    assert.deepEqual(said, [
      { type: "lost", life: 3 },
      { type: "lost", life: 1 },
    ]);
    later.entry({ life: 2, n: 1, time: 1, commands: said }, "");
    assert.deepEqual([...later.lost], []);
  });
});
