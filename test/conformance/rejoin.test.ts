import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("coming back", () => {
  let server: ServerProcess;
  beforeEach(async () => {
    server = await ServerProcess.start("--messages-per-second", "1000");
  });
  afterEach(() => server.stop());

  it("delivers missed messages, one's own included, after joined and in order", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    bobby.send({ type: "say", id: "b-1", text: "one" });
    await bobby.next("ack");
    anna.ws.terminate();
    await bobby.until("left");
    bobby.send({ type: "say", id: "b-2", text: "two" });
    bobby.send({ type: "say", id: "b-3", text: "three" });
    await bobby.until("ack", ({ id }) => id === "b-3");
    const lastSeen = { epoch: anna.joined.epoch, seq: 1 };
    const again = await TestClient.join(server.url, "anna", { lastSeen });
    assert.deepEqual([again.joined.seq, again.joined.missed, again.joined.gap], [3, 2, false]);
    assert.equal((await again.next("said")).text, "two");
    assert.equal((await again.next("said")).text, "three");
    assert.deepEqual(await again.settled(), []);
    const own = await TestClient.join(server.url, "bobby", { lastSeen: { ...lastSeen, seq: 2 } });
    assert.equal((await own.next("said")).id, "b-3");
  });

  it("delivers the most recent messages to a newcomer, without a gap", async () => {
    const anna = await TestClient.join(server.url, "anna");
    anna.send({ type: "say", id: "a-1", text: "before" });
    await anna.next("ack");
    const bobby = await TestClient.join(server.url, "bobby");
    assert.deepEqual([bobby.joined.seq, bobby.joined.missed, bobby.joined.gap], [1, 1, false]);
    assert.equal((await bobby.next("said")).text, "before");
    assert.deepEqual(await bobby.settled(), []);
  });

  it("reports a gap when more messages were missed than the history holds", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const waiting = new Map<string, TestClient & { joined: { resume: string } }>();
    for (const name of ["late", "in-time"]) waiting.set(name, await TestClient.join(server.url, name));
    const count = limits.historyMessages + 2;
    for (let n = 1; n <= count; n++) anna.send({ type: "say", id: `a-${String(n)}`, text: "." });
    await anna.until("ack", ({ seq }) => seq === count);
    const { epoch } = anna.joined;
    const back = async (name: string, seq: number) => {
      const before = waiting.get(name);
      assert.ok(before !== undefined);
      const { resume } = before.joined;
      await before.close();
      return TestClient.join(server.url, name, { resume, lastSeen: { epoch, seq } }, before.key);
    };
    const late = await back("late", 1);
    assert.deepEqual([late.joined.missed, late.joined.gap], [limits.historyMessages, true]);
    assert.equal((await late.next("said")).seq, 3);
    const inTime = await back("in-time", 2);
    assert.deepEqual([inTime.joined.missed, inTime.joined.gap], [limits.historyMessages, false]);
  });

  it("gives an unproven returning client no more than a newcomer gets, and reports the gap", async () => {
    const closed = await ServerProcess.start("--history", "2");
    const anna = await TestClient.join(closed.url, "anna");
    for (let n = 1; n <= 4; n++) anna.send({ type: "say", id: `a-${String(n)}`, text: "." });
    await anna.until("ack", ({ seq }) => seq === 4);
    const { epoch, resume } = anna.joined;
    const claims = await TestClient.join(closed.url, "claims", { lastSeen: { epoch, seq: 0 } });
    assert.deepEqual([claims.joined.missed, claims.joined.gap], [2, true]);
    const invents = await TestClient.join(closed.url, "invents", {
      ...{ resume: "A".repeat(22), lastSeen: { epoch: "another-epoch", seq: 9 } },
    });
    assert.deepEqual([invents.joined.missed, invents.joined.gap], [2, true]);
    const knows = await TestClient.join(closed.url, "knows", { lastSeen: { epoch, seq: 3 } });
    assert.deepEqual([knows.joined.missed, knows.joined.gap], [1, false]);
    const back = await TestClient.join(closed.url, "anna", { resume, lastSeen: { epoch, seq: 0 } }, anna.key);
    assert.deepEqual([back.joined.missed, back.joined.gap], [4, false]);
    // Everybody is given a token: it opens nothing that was said before.
    const again = await TestClient.join(
      closed.url,
      "claims",
      { resume: claims.joined.resume, lastSeen: { epoch, seq: 0 } },
      claims.key,
    );
    assert.deepEqual([again.joined.missed, again.joined.gap], [2, true]);
    await closed.stop();
  });

  it("reports a gap after a server restart, and delivers everything since", async () => {
    const anna = await TestClient.join(server.url, "anna");
    anna.send({ type: "say", id: "a-1", text: "in this life" });
    await anna.next("ack");
    const lastSeen = { epoch: "another-epoch", seq: 7 };
    const bobby = await TestClient.join(server.url, "bobby", { lastSeen });
    assert.deepEqual([bobby.joined.missed, bobby.joined.gap], [1, true]);
    assert.equal((await bobby.next("said")).text, "in this life");
  });

  it("with the token takes the name over from a connection that seems alive, unnoticed by others", async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const old = await TestClient.join(server.url, "anna");
    await watcher.next("arrived");
    const back = await TestClient.join(server.url, "Anna", { resume: old.joined.resume }, old.key);
    assert.equal(back.joined.name, "anna");
    assert.notEqual(back.joined.resume, old.joined.resume);
    assert.equal((await old.closed).code, 4003);
    assert.deepEqual(await watcher.settled(), []);
    watcher.send({ type: "say", id: "w-1", text: "still there?" });
    assert.equal((await back.next("said")).text, "still there?");
  });

  it("with a wrong or used token gets a numbered name instead", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const wrong = await TestClient.join(server.url, "anna", { resume: "A".repeat(22) }, anna.key);
    assert.equal(wrong.joined.name, "anna_2");
    const back = await TestClient.join(server.url, "anna", { resume: anna.joined.resume }, anna.key);
    assert.equal(back.joined.name, "anna");
    const again = await TestClient.join(server.url, "anna", { resume: back.joined.resume }, back.key);
    assert.equal(again.joined.name, "anna");
    const used = await TestClient.join(server.url, "anna", { resume: anna.joined.resume }, anna.key);
    assert.equal(used.joined.name, "anna_3");
    const other = await TestClient.join(server.url, "anna_2", { resume: back.joined.resume }, back.key);
    assert.equal(other.joined.name, "anna_2_2");
  });

  it("also accepts the previous token, however many joins were never answered", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const { resume } = anna.joined;
    const lost = await TestClient.join(server.url, "anna", { resume }, anna.key);
    const lostAgain = await TestClient.join(server.url, "anna", { resume }, anna.key);
    const back = await TestClient.join(server.url, "anna", { resume }, anna.key);
    const names = [lost, lostAgain, back].map(({ joined }) => joined.name);
    assert.deepEqual(names, ["anna", "anna", "anna"]);
    assert.equal((await lost.closed).code, 4003);
    assert.equal((await lostAgain.closed).code, 4003);
    // Each of the answers may be the one that has arrived, and that ends the others.
    const { resume: arrived } = lostAgain.joined;
    const known = await TestClient.join(server.url, "anna", { resume: arrived }, anna.key);
    assert.equal(known.joined.name, "anna");
    const settled = await TestClient.join(server.url, "anna", { resume: known.joined.resume }, anna.key);
    assert.equal(settled.joined.name, "anna");
    for (const { joined } of [lost, back]) {
      const late = await TestClient.join(server.url, "anna", { resume: joined.resume }, anna.key);
      assert.match(late.joined.name, /^anna_\d$/);
    }
  });

  it("recognizes a resent message from the token's owner, and not from anyone else", async () => {
    const bobby = await TestClient.join(server.url, "bobby");
    const carmen = await TestClient.join(server.url, "carmen");
    bobby.send({ type: "say", id: "b-1", text: "told once" });
    const { seq } = await bobby.until("ack");
    bobby.ws.terminate();
    await carmen.until("left");
    const impostor = await TestClient.join(server.url, "bobby");
    assert.equal(impostor.joined.name, "bobby_2", "the name is kept for its key");
    impostor.send({ type: "say", id: "b-1", text: "other words" });
    impostor.send({ type: "say", id: "b-2", text: "more of them" });
    await impostor.until("ack", ({ id }) => id === "b-2");
    const again = await TestClient.join(server.url, "bobby", { resume: bobby.joined.resume }, bobby.key);
    assert.equal(again.joined.name, "bobby");
    again.send({ type: "say", id: "b-1", text: "told once" });
    assert.equal((await again.until("ack")).seq, seq);
    again.send({ type: "say", id: "b-2", text: "not told yet" });
    await again.until("ack", ({ id }) => id === "b-2");
    await carmen.until("said", ({ text }) => text === "not told yet");
  });

  it("keeps pending forks across a takeover", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: { addresses: [] } });
    const { sid } = await bobby.next("invite");
    const back = await TestClient.join(server.url, "anna", { resume: anna.joined.resume }, anna.key);
    bobby.send({ type: "decline", sid, reason: "unavailable" });
    assert.equal((await back.next("declined")).id, "f-1");
  });
});
