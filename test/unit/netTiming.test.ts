// Rates, silence and expiry of extension/net, with the test's own clock.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as v from "valibot";
import { createPeerTickets } from "../../extension/net/peerTickets.ts";
import { startSilenceTimer } from "../../extension/net/silenceTimer.ts";
import { createTokenBucket } from "../../extension/net/tokenBucket.ts";
import { SessionId, Token } from "../../protocol/fields.ts";

describe("a token bucket", () => {
  it("gives its capacity at once, then says how long to wait", () => {
    const bucket = createTokenBucket(10, 3, () => 0);
    assert.deepEqual([bucket.take(), bucket.take(), bucket.take(), bucket.take()], [0, 0, 100, 200]);
  });

  it("fills with time, up to its capacity", () => {
    let now = 0;
    const bucket = createTokenBucket(10, 3, () => now);
    for (let n = 0; n < 5; n++) bucket.take();
    now = 400;
    assert.equal(bucket.take(), 0);
    now = 1_000_000;
    assert.deepEqual([bucket.take(), bucket.take(), bucket.take()], [0, 0, 100]);
  });
});

describe("with a clock of the test's own", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setImmediate"] });
  });

  afterEach(() => {
    mock.timers.reset();
  });

  describe("a silence timer", () => {
    it("fires once, after the last touch", () => {
      let fired = 0;
      const timer = startSilenceTimer(100, () => (fired += 1));
      mock.timers.tick(99);
      timer.touch();
      mock.timers.tick(99);
      assert.equal(fired, 0);
      mock.timers.tick(10_000);
      assert.equal(fired, 1);
    });

    it("lets a sign of life count that was read after the time was over", () => {
      let fired = 0;
      const timer = startSilenceTimer(100, () => (fired += 1));
      setTimeout(() => {
        setImmediate(timer.touch);
      }, 100);
      mock.timers.tick(150);
      assert.equal(fired, 0);
      mock.timers.tick(100);
      assert.equal(fired, 1);
    });

    it("does not fire while it is suspended, nor after it was stopped", () => {
      let fired = 0;
      const timer = startSilenceTimer(100, () => (fired += 1));
      timer.suspend();
      mock.timers.tick(1_000);
      timer.touch();
      mock.timers.tick(50);
      timer.stop();
      timer.touch();
      mock.timers.tick(1_000);
      assert.equal(fired, 0);
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

    it("expire", () => {
      const tickets = createPeerTickets(2);
      const [one, two] = [tickets.issue(first, 10), tickets.issue(second, 20)];
      assert.ok(one !== undefined && two !== undefined);
      mock.timers.tick(10);
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
});
