// The server's time passes as the machine's does, except while the process stands still.
import assert from "node:assert/strict";
import { startClock } from "../../../../server/base/clock.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

describe("the server's clock", () => {
  const timers = new FakeTimers();
  let clock: ReturnType<typeof startClock>;
  beforeEach(() => {
    timers.install();
    clock = startClock();
  });
  afterEach(() => {
    clock.stop();
    timers.uninstall();
  });

  /** Milliseconds that it shows to have passed. */
  function shown(happens: () => void): number {
    const before = clock.now();
    happens();
    return clock.now() - before;
  }

  it("counts each whole millisecond while the process runs, however rarely it is read", () => {
    for (const ms of [1, 900, 60_000])
      assert.equal(
        shown(() => timers.pass(ms)),
        ms,
      );
    timers.pass(0.5);
    assert.ok(Number.isInteger(clock.now()));
  });

  it("counts a short delay of the event loop", () => {
    assert.equal(
      shown(() => timers.standStill(1_900)),
      1_900,
    );
  });

  it("counts at most a second while the process stands still, and never goes back", () => {
    timers.pass(300);
    for (const ms of [2_001, 31_000, 86_400_000]) {
      const ran = shown(() => timers.standStill(ms));
      assert.ok(ran >= 0 && ran <= 1_000, `${ran} ms of ${ms}`);
    }
    assert.equal(
      shown(() => timers.pass(5_000)),
      5_000,
    );
  });
});
