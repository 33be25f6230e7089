// Silence and expiry of extension/net, in milliseconds of real timers: what Node can feign of timers loops for ever on
// clearing an immediate that has run.
import assert from "node:assert/strict";
import * as v from "valibot";
import { createPeerTickets } from "../../extension/net/peerTickets.ts";
import { startSilenceTimer } from "../../extension/net/silenceTimer.ts";
import { SessionId, Token } from "../../protocol/fields.ts";

describe("a silence timer", () => {
  it("fires once, and not before its time is over", async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      startSilenceTimer(30, () => {
        order.push("silent");
        resolve();
      });
      setTimeout(() => order.push("earlier"), 10);
    });
    assert.deepEqual(order, ["earlier", "silent"]);
  });

  it("starts anew with each sign of life", async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      const touched = startSilenceTimer(60, () => {
        order.push("touched");
        resolve();
      });
      startSilenceTimer(60, () => order.push("untouched"));
      setTimeout(touched.touch, 30);
    });
    assert.deepEqual(order, ["untouched", "touched"]);
  });

  it("lets a sign of life count that is read only after the time was over", async () => {
    let fired = false;
    const timer = startSilenceTimer(20, () => (fired = true));
    // After a blocked process the timers come first, and then, in the same turn, what was received meanwhile.
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        setImmediate(() => {
          timer.touch();
          setImmediate(() => setImmediate(resolve));
        });
      }, 20);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
    });
    timer.stop();
    assert.equal(fired, false);
  });

  it("does not fire while it is suspended, nor after it was stopped", async () => {
    let fired = 0;
    const [suspended, stopped] = [20, 20].map((ms) => startSilenceTimer(ms, () => (fired += 1)));
    assert.ok(suspended && stopped);
    suspended.suspend();
    stopped.stop();
    stopped.touch();
    await new Promise<void>((resolve) => void startSilenceTimer(60, resolve));
    assert.equal(fired, 0);
    await new Promise<void>((resolve) => {
      suspended.touch();
      startSilenceTimer(40, resolve);
    });
    assert.equal(fired, 1);
  });
});

describe("peer tickets", () => {
  const [first, second] = [v.parse(SessionId, "session-one"), v.parse(SessionId, "session-two")];

  it("let in once, to their own session", () => {
    const tickets = createPeerTickets(2);
    const [one, two] = [tickets.issue(first, 10), tickets.issue(second, 10)];
    assert.ok(one !== undefined && two !== undefined && one !== two);
    assert.ok(v.is(Token, one));
    assert.equal(tickets.redeem(two), second);
    assert.equal(tickets.redeem(two), undefined);
    assert.equal(tickets.redeem(one), first);
  });

  it("expire", async () => {
    const tickets = createPeerTickets(2);
    const [one, two] = [tickets.issue(first, 10), tickets.issue(second, 10_000)];
    assert.ok(one !== undefined && two !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.equal(tickets.redeem(one), undefined);
    assert.equal(tickets.redeem(two), second);
  });

  it("are bounded in number; a session's new one replaces its old one", () => {
    const tickets = createPeerTickets(1);
    const old = tickets.issue(first, 10);
    assert.equal(tickets.issue(second, 10), undefined);
    assert.ok(old !== undefined && tickets.issue(first, 10) !== undefined);
    assert.equal(tickets.redeem(old), undefined);
    tickets.revoke(first);
    assert.notEqual(tickets.issue(second, 10), undefined);
    tickets.clear();
    assert.notEqual(tickets.issue(first, 10), undefined);
  });

  it("open nothing to a text that is no token", () => {
    const tickets = createPeerTickets(1);
    tickets.issue(first, 10);
    for (const text of ["", "x", "x".repeat(43), "\u0000"]) assert.equal(tickets.redeem(text), undefined);
  });
});
