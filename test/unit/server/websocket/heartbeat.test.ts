// Which clients the heartbeat drops: those that give no sign of life, but none that only have a slow line.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { startClock } from "../../../../server/base/clock.ts";
import { startHeartbeat, type Beating } from "../../../../server/websocket/heartbeat.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

/** A client for which more waits than its line carries, so that it cannot answer pings. */
class Reader implements Beating {
  aliveAt = 0;
  backlog = 100_000;
  taken = 0;
  pings = 0;
  cut = false;

  beat(): void {
    this.pings += 1;
  }

  terminate(): void {
    this.cut = true;
  }
}

describe("the heartbeat", () => {
  const timers = new FakeTimers();
  let reader: Reader;
  let clock: ReturnType<typeof startClock>;
  let stop: () => void;

  beforeEach(() => {
    timers.install();
    clock = startClock();
    reader = new Reader();
    reader.aliveAt = clock.now();
    stop = startHeartbeat(new Set([reader]), { ...limits, now: clock.now });
  });
  afterEach(() => {
    stop();
    clock.stop();
    timers.uninstall();
  });

  it("keeps a reader whose slow line is draining its queue, however long that takes", () => {
    for (let second = 0; second < 300; second++) {
      if (second % 5 === 0) reader.taken += 500_000;
      timers.pass(1_000);
    }
    assert.equal(reader.cut, false);
  });

  it("drops a reader that does not drain its queue", () => {
    reader.taken = 2_000_000;
    timers.pass(limits.silenceMs + limits.silenceStepMs);
    assert.equal(reader.cut, true);
  });

  it("drops a reader that has stopped draining as soon as any other", () => {
    for (let second = 0; second < 60; second++) {
      reader.taken += 100_000;
      timers.pass(1_000);
    }
    timers.pass(limits.silenceMs + 2 * limits.silenceStepMs);
    assert.equal(reader.cut, true);
  });

  it("drops a silent client with an empty queue, whatever it has read", () => {
    reader.backlog = 0;
    for (let second = 0; second < 30; second++) {
      reader.taken += 10;
      timers.pass(1_000);
    }
    assert.equal(reader.cut, true);
    assert.ok(reader.pings > 0);
  });

  it("pings a client that was late when the server's process stood still, and drops it if it stays silent afterwards", () => {
    reader.backlog = 0;
    timers.pass(limits.heartbeatMs + 2 * limits.silenceStepMs);
    const before = reader.pings;
    timers.standStill(600_000);
    assert.equal(reader.cut, false);
    assert.ok(reader.pings > before);
    timers.pass(limits.silenceMs - limits.heartbeatMs);
    assert.equal(reader.cut, true);
  });

  it("drops a client that vanished while the server's process stood still as soon as any other", () => {
    reader.backlog = 0;
    timers.standStill(600_000);
    timers.pass(limits.silenceMs - limits.silenceStepMs);
    assert.equal(reader.cut, false);
    timers.pass(2 * limits.silenceStepMs);
    assert.equal(reader.cut, true);
  });
});
