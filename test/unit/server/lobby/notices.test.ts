// Notices of who joins, leaves, and is away: everyone gets all of them, unless there are more than anyone could read.
import assert from "node:assert/strict";
import type { Presence } from "../../../../protocol/fields.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { ServerMessage } from "../../../../protocol/rendezvous.ts";
import { Notices } from "../../../../server/lobby/notices.ts";
import { UserList } from "../../../../server/lobby/userList.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";
import { TestKey } from "../../../support/testKey.ts";

/** The longest names there are use the rate up soonest. */
const guest = (n: number): string => `${"𠮷".repeat(28)}${n}`;
const BURST = Math.ceil(limits.noticeBurstBytes / Buffer.byteLength(guest(100)));
const PER_SECOND = limits.noticeBytesPerSecond / limits.leastNoticeBytes;
const linesOf = (messages: readonly ServerMessage[]): string[] =>
  messages.map((message) => `${message.type} ${"name" in message ? message.name : ""}`);

/** The guests' keys in every storm: making them takes most of its time. */
const guestKeys: TestKey[] = [];

describe("notices", () => {
  /** A lobby whose notices are used up, with one who reads. */
  function storm(): { harness: RendezvousHarness; reader: FakeClient; heard: ServerMessage[] } {
    const harness = new RendezvousHarness();
    const reader = harness.join("reader");
    for (let n = 0; n < BURST; n++) {
      const key = (guestKeys[n] ??= new TestKey());
      harness.disconnect(harness.join(guest(n), {}, key), "quit");
    }
    return { harness, reader, heard: reader.take() };
  }

  /** The last list of users among these messages, by name. */
  function usersIn(messages: readonly ServerMessage[]): Map<string, Presence | undefined> {
    const users = new Map<string, Presence | undefined>();
    for (const message of messages) {
      const list = message.type === "joined" ? message.users : message.type === "users" ? message.items : [];
      for (const { name, state } of list) users.set(name, state);
    }
    return users;
  }

  it("for a few hundred simultaneous arrivals are sent at once", () => {
    const harness = new RendezvousHarness();
    const reader = harness.join("reader");
    for (let n = 0; n < 300; n++) harness.join(`guest${n}`);
    assert.equal(reader.take().filter(({ type }) => type === "arrived").length, 300);
  });

  it("for a storm of arrivals and departures are few, and omit those who did not stay", () => {
    const { harness, reader, heard } = storm();
    assert.ok(heard.length <= BURST + 2, `${heard.length} notices`);
    const seconds = 1;
    for (let n = 0; n < 1_000; n++) {
      harness.disconnect(harness.join(`visitor${n}`), "quit");
      if (n % 20 === 19) harness.pass((seconds * 1_000) / 50);
    }
    harness.pass(1_000);
    const told = reader.take().filter(({ type }) => type === "arrived" || type === "left").length;
    assert.ok(told <= (seconds + 1) * PER_SECOND, `${told} notices`);
    const stays = harness.join("dora");
    harness.pass(60_000);
    assert.equal(linesOf(reader.take()).at(-1), "arrived dora");
    assert.ok(stays.open);
  });

  it("for someone who joins and leaves while they are held back are omitted", () => {
    const { harness, reader } = storm();
    harness.disconnect(harness.join("visitor"), "quit");
    harness.pass(60_000);
    assert.ok(!linesOf(reader.take()).some((line) => line.endsWith("visitor")));
  });

  it("tell a newcomer only what is not in the list yet, and of everyone in it who goes", () => {
    const { harness } = storm();
    const visitor = harness.join("visitor");
    harness.join("stays");
    const newcomer = harness.join("newcomer");
    const online = usersIn(newcomer.take());
    assert.ok(online.has("newcomer"));
    harness.disconnect(visitor, "quit");
    harness.pass(60_000);
    for (const message of newcomer.take()) {
      if (message.type === "arrived") {
        assert.ok(!online.has(message.name), `${message.name} arrives twice`);
        online.set(message.name, undefined);
      } else if (message.type === "left") online.delete(message.name);
    }
    assert.ok(!online.has("visitor"), "visitor is still there");
    assert.ok(online.has("stays"));
  });

  it("tell a newcomer of a presence that was listed and is changed back while they are held back", () => {
    const { harness, reader } = storm();
    harness.send(reader, { type: "presence", state: "away" });
    const newcomer = harness.join("newcomer");
    let state = usersIn(newcomer.take()).get("reader");
    harness.pass(1);
    harness.send(reader, { type: "presence", state: "here" });
    harness.pass(60_000);
    for (const message of newcomer.take()) {
      if (message.type === "presence" && message.name === "reader") state = message.state;
    }
    assert.equal(state ?? "here", "here");
  });

  it("keep everyone in their own list", () => {
    const { harness, reader } = storm();
    const own = harness.join("visitor");
    assert.deepEqual([...usersIn(own.take()).keys()].sort(), ["reader", "visitor"]);
    harness.send(own, { type: "users" });
    assert.deepEqual([...usersIn(own.take()).keys()].sort(), ["reader", "visitor"]);
    harness.send(reader, { type: "users" });
    assert.deepEqual([...usersIn(reader.take()).keys()], ["reader"]);
  });

  it("announce someone who has replaced another, even while they are held back", () => {
    const { harness, reader } = storm();
    harness.pass(60_000);
    const bobby = harness.join("bobby");
    for (let n = 0; n < BURST; n++) harness.disconnect(harness.join(guest(n)), "quit");
    reader.take();
    harness.disconnect(bobby, "quit");
    harness.join("bobby");
    assert.deepEqual(reader.take(), []);
    harness.pass(60_000);
    assert.deepEqual(
      linesOf(reader.take()).filter((line) => line.endsWith("bobby")),
      ["left bobby", "arrived bobby"],
    );
  });

  it("precede the messages of the people they announce, and reach everyone else", () => {
    const { harness, reader } = storm();
    const [anna, bobby] = [harness.join("anna"), harness.join("bobby")];
    harness.send(anna, { type: "say", id: "a-1", text: "I am new here." });
    assert.deepEqual(linesOf(reader.take()), ["arrived anna", "said "]);
    assert.ok(!linesOf(anna.take()).includes("arrived anna"), "not those about oneself");
    harness.pass(60_000);
    assert.deepEqual(
      linesOf(reader.take()).filter((line) => line.endsWith("bobby")),
      ["arrived bobby"],
    );
    assert.ok(!linesOf(bobby.take()).includes("arrived bobby"));
  });

  it("contain the last of many presences, and none that is unchanged", () => {
    const { harness, reader } = storm();
    harness.pass(60_000);
    const [anna, bobby] = [harness.join("anna"), harness.join("bobby")];
    for (let n = 0; n < BURST; n++) harness.disconnect(harness.join(guest(n)), "quit");
    reader.take();
    for (const state of ["away", "busy", "away", "here"] as const) {
      harness.send(anna, { type: "presence", state });
    }
    for (const state of ["away", "here", "busy"] as const) harness.send(bobby, { type: "presence", state });
    const carmen = harness.join("carmen");
    harness.send(carmen, { type: "presence", state: "away" });
    harness.pass(60_000);
    const heard = reader.take().filter((message) => message.type === "presence");
    assert.deepEqual(
      heard.map(({ name, state }) => [name, state]),
      [
        ["bobby", "busy"],
        ["carmen", "away"],
      ],
    );
  });

  for (const readers of [1, 2 * limits.fullNoticeReaders]) {
    it(`of short names count for more than their bytes, with ${readers} readers`, () => {
      const { member = assert.fail("not joined") } = new RendezvousHarness().join("anna");
      let told = 0;
      const notices = new Notices({
        users: new UserList(() => []),
        ...{ tell: () => (told += 1), readers: () => readers, now: () => 0, later: () => undefined },
      });
      for (let n = 0; n < 700; n++) notices.arrived({ ...member, name: String(n), key: String(n) });
      const most =
        limits.noticeBurstBytes / limits.leastNoticeBytes / Math.max(1, readers / limits.fullNoticeReaders);
      assert.equal(told, most);
    });
  }
});
