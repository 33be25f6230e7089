// The lobby's rate over all speakers: a reader with a slow line keeps up, and everyone gets a turn.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import type { ServerMessage } from "../../../../protocol/rendezvous.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";
import { TestKey } from "../../../support/testKey.ts";

const LONG = "x".repeat(limits.textBytes);
const KIB = 1024;
/** More than a message has beside its text. */
const SLACK = 512;

type Said = Extract<ServerMessage, { type: "said" }>;
const isSaid = (message: ServerMessage): message is Said => message.type === "said";
const bytesOf = (messages: readonly ServerMessage[]): number =>
  messages.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);

describe("the lobby's pace", () => {
  /** Everybody says so many long messages at once. */
  function flood(harness: RendezvousHarness, authors: readonly FakeClient[], messages = 100): void {
    for (let n = 0; n < messages; n++) {
      for (const [i, author] of authors.entries()) {
        harness.send(author, { type: "say", id: `m-${i}-${n}`, text: LONG });
      }
    }
  }

  function crowd(harness: RendezvousHarness, count: number): FakeClient[] {
    return Array.from({ length: count }, (_, n) => harness.join(`loud${n}`));
  }

  it("stays below what a slow reader reads, from the start, however many send", () => {
    const harness = new RendezvousHarness();
    const reader = harness.join("reader");
    const authors = crowd(harness, 20);
    reader.take();
    flood(harness, authors);
    let heard = bytesOf(reader.take());
    for (let ms = 0; ms <= 5_000; ms += 100) {
      const most = limits.lobbyBytesPerSecond * (limits.lobbyBurstSeconds + ms / 1_000) + LONG.length + SLACK;
      assert.ok(heard <= most, `${heard} bytes after ${ms} ms`);
      harness.pass(100);
      heard += bytesOf(reader.take());
    }
    assert.ok(heard > 4 * limits.lobbyBytesPerSecond, "nothing of the rate is wasted");
  });

  it("limits one key to its share, over all its connections, and loses none of its messages", () => {
    const harness = new RendezvousHarness();
    const reader = harness.join("reader");
    const key = new TestKey();
    const authors = [harness.join("anna", {}, key), harness.join("anne", {}, key)];
    reader.take();
    flood(harness, authors, 10);
    const share = limits.lobbyBytesPerSecond * limits.keyShare;
    const most = limits.lobbyBytesPerSecond * limits.keyBurstSeconds + 2 * LONG.length;
    assert.ok(bytesOf(reader.take()) <= most);
    harness.pass(1_000);
    const second = bytesOf(reader.take());
    assert.ok(second > 0 && second <= share + 2 * LONG.length, `${second} bytes in the next second`);
    harness.pass(10_000);
    const acks = authors.map((author) => author.take().filter(({ type }) => type === "ack").length);
    assert.deepEqual(acks, [10, 10]);
    assert.deepEqual(
      authors.flatMap(({ failures }) => failures),
      [],
    );
  });

  it("accepts several of the longest messages at once from a quiet member", () => {
    const harness = new RendezvousHarness();
    const [reader, anna] = [harness.join("reader"), harness.join("anna")];
    reader.take();
    flood(harness, [anna], 7);
    assert.equal(reader.take().filter(isSaid).length, 7);
    assert.equal(anna.isPaused, false);
  });

  it("lets a message from a quiet member pass everything that waits from others", () => {
    const harness = new RendezvousHarness();
    const anna = harness.join("anna");
    const authors = crowd(harness, 60);
    const reader = harness.join("reader");
    flood(harness, authors, 5);
    reader.take();
    harness.send(anna, { type: "say", id: "a-1", text: "hello" });
    harness.pass(100);
    const heard = reader.take().filter(isSaid);
    const before = heard.findIndex(({ from }) => from === "anna");
    assert.ok(before >= 0 && before <= 2, `${before} before hers, of ${heard.length}`);
  });

  it("keeps the order of one member's messages, and reads no more from them meanwhile", () => {
    const harness = new RendezvousHarness();
    const [reader, anna] = [harness.join("reader"), harness.join("anna")];
    reader.take();
    flood(harness, [anna], 12);
    assert.equal(anna.isPaused, true);
    harness.send(anna, { type: "presence", state: "away" });
    harness.send(anna, { type: "say", id: "last", text: "the last" });
    for (let n = 0; n < 10; n++) harness.pass(500);
    const heard = reader.take();
    assert.deepEqual(
      heard.filter(isSaid).map(({ id }) => id),
      [...Array.from({ length: 12 }, (_, n) => `m-0-${n}`), "last"],
    );
    assert.deepEqual(
      heard.slice(-2).map(({ type }) => type),
      ["presence", "said"],
    );
    assert.equal(anna.isPaused, false);
  });

  it("rejects what has waited too long, with a time to retry", () => {
    const harness = new RendezvousHarness({ lobbyBytesPerSecond: KIB });
    const [anna, bobby] = [harness.join("anna"), harness.join("bobby")];
    flood(harness, [anna], 1);
    harness.send(bobby, { type: "say", id: "b-1", text: LONG });
    assert.equal(bobby.isPaused, true);
    harness.pass(limits.waitingMs);
    assert.deepEqual(bobby.failures, [{ code: "rate-limited", id: "b-1" }]);
    assert.equal(bobby.isPaused, false);
  });

  it("slows down in proportion when very many read", () => {
    const harness = new RendezvousHarness();
    const people = crowd(harness, 2 * limits.fullRateReaders);
    const [reader, ...authors] = people;
    assert.ok(reader !== undefined);
    harness.pass(60_000);
    for (const each of people) each.take();
    flood(harness, authors.slice(0, 20), 3);
    const most = (limits.lobbyBytesPerSecond * limits.lobbyBurstSeconds) / 2 + LONG.length + SLACK;
    const heard = bytesOf(reader.take());
    assert.ok(heard <= most, `${heard} bytes`);
  });

  it("delays edits, retractions and reactions of one key, and rejects none that a person would make", () => {
    const harness = new RendezvousHarness();
    const [reader, anna] = [harness.join("reader"), harness.join("anna")];
    harness.send(anna, { type: "say", id: "m-1", text: "hello" });
    reader.take();
    const react = (n: number): void => {
      const about = { kind: "react", seq: 1, on: n % 2 === 0 } as const;
      harness.send(anna, { type: "say", id: `r-${n}`, text: "👍", about });
    };
    for (let n = 0; n < 2 * limits.changeBurst; n++) react(n);
    assert.equal(reader.take().length, limits.changeBurst);
    harness.pass(2_000);
    assert.equal(reader.take().length, 2 * limits.changesPerSecond);
    harness.pass(60_000);
    assert.equal(reader.take().length, limits.changeBurst - 2 * limits.changesPerSecond);
    assert.deepEqual(anna.failures, []);
  });

  it("delivers nothing from authors who have left, and nothing that was retracted while it waited", () => {
    const harness = new RendezvousHarness();
    const [reader, anna, bobby] = [harness.join("reader"), harness.join("anna"), harness.join("bobby")];
    harness.send(bobby, { type: "say", id: "b-1", text: "hello" });
    flood(harness, [anna], 12);
    const reply = { kind: "reply", seq: 1 } as const;
    const authors = crowd(harness, 20);
    flood(harness, authors, 1);
    const told = reader.take().filter((message) => isSaid(message) && message.from === "anna").length;
    assert.ok(told > 0 && told < 12);
    harness.send(authors[0] ?? anna, { type: "say", id: "late", text: LONG, about: reply });
    harness.send(bobby, { type: "say", id: "b-2", text: "(retracted)", about: { kind: "retract", seq: 1 } });
    harness.disconnect(anna, "lost");
    for (let n = 0; n < 20; n++) harness.pass(500);
    const heard = reader.take().filter(isSaid);
    assert.ok(!heard.some(({ from }) => from === "anna"));
    assert.ok(heard.some(({ id }) => id === "b-2"));
    assert.ok(!heard.some(({ id }) => id === "late"));
    assert.deepEqual(authors[0]?.failures, [{ code: "unknown-message", id: "late" }]);
  });

  it("counts a short message for more than its bytes", () => {
    const harness = new RendezvousHarness();
    const reader = harness.join("reader");
    const authors = crowd(harness, 20);
    reader.take();
    for (let n = 0; n < 60; n++) {
      for (const [i, author] of authors.entries()) {
        harness.send(author, { type: "say", id: `m-${i}-${n}`, text: "x" });
      }
    }
    const burst = limits.lobbyBytesPerSecond * limits.lobbyBurstSeconds;
    assert.equal(reader.take().filter(isSaid).length, burst / limits.leastMessageBytes);
  });

  it("lets few messages from one address wait", () => {
    const harness = new RendezvousHarness();
    const authors = crowd(harness, 100);
    flood(harness, authors, 1);
    const paused = authors.filter(({ isPaused }) => isPaused).length;
    assert.equal(paused, limits.waitingMessagesPerAddress);
    const told = Math.ceil((limits.lobbyBytesPerSecond * limits.lobbyBurstSeconds) / (LONG.length + 300));
    const refused = authors.filter(({ failures }) => failures.some(({ code }) => code === "rate-limited"));
    assert.ok(refused.length >= 100 - paused - told, `${refused.length} are refused`);
  });
});
