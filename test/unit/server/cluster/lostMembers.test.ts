// Which server removes the members of a lost one, and when.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Entry, ENTRY_COMMANDS } from "../../../../protocol/cluster.ts";
import { Epoch, Token } from "../../../../protocol/fields.ts";
import { limits } from "../../../../protocol/limits.ts";
import { EntryWriter } from "../../../../server/cluster/entryWriter.ts";
import { LostMembers } from "../../../../server/cluster/lostMembers.ts";
import { Replica } from "../../../../server/cluster/replica.ts";
import type { Command, FromMember } from "../../../../server/hall/commands.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { Hall } from "../../../../server/hall/hall.ts";
import { tokenDigest } from "../../../../server/names/member.ts";
import { pin } from "../../../support/core.ts";
import { FakeTime } from "../../../support/fakeTime.ts";

const beat = { sent: 0, at: 0, applied: 0, hash: "", link: "", access: "" };

describe("the removal of members of a lost server", () => {
  let replica: Replica;
  let timers: { readonly ms: number; readonly call: () => void }[];
  let said: Command[];
  let members: FromMember[];
  beforeEach(() => {
    [timers, said, members] = [[], [], []];
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
      members = Array.from({ length: count }, (_, n) => ({ key: `guest-${n}`, connection: n + 1 }));
      replica.lose(3);
      lostMembers(1).removeIfDue();
      assert.equal(timers.at(-1)?.ms, ms);
    }
  });

  it("takes one entry no longer than another, however many have to go", async () => {
    const hall = new Hall({
      ...{ epoch: v.parse(Epoch, "epoch-one"), limits, heldNames: [], heldNamesChanged: () => undefined },
    });
    const number = connectionNumbers(3);
    const enter = (n: number): Command => {
      const text = v.parse(Token, String(n).padStart(22, "0"));
      const who = { name: `guest-${n}`, pin: pin(`key-${n}`), address: "192.0.2.1", lineage: text };
      return { type: "enter", connection: number(), ...who, token: tokenDigest(text) };
    };
    for (let n = 0; n < 4 * ENTRY_COMMANDS; n++) hall.apply(enter(n), 1);
    const time = new FakeTime();
    const left: number[] = [];
    const writer = new EntryWriter({
      life: 1,
      put: async (text) => {
        const before = hall.members.size;
        for (const command of v.parse(Entry, JSON.parse(text)).commands) hall.apply(command, 2);
        left.push(before - hall.members.size);
        return Promise.resolve("done" as const);
      },
      ...{
        wallTime: () => 1,
        now: () => time.now,
        nextTurn: (turn) => time.later(0, turn),
        later: time.later,
      },
    });
    replica.lose(3);
    new LostMembers({
      ...{ reader: { replica }, life: 1, lobbyLog: writer, later: time.later },
      membersOf: (life) =>
        hall.membersOf(life).map(({ key, value }) => ({ key, connection: value.connection })),
    }).removeIfDue();
    await time.pass(20_000);
    assert.equal(hall.members.size, 0);
    assert.ok(Math.max(...left) <= ENTRY_COMMANDS, `an entry had ${Math.max(...left)}`);
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
