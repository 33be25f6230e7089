// How fast bytes may pass, and when notices may be written.
import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { BytePace } from "../../../../server/budgets/bytePace.ts";
import { NoticePace, scheduleNotices } from "../../../../server/fanOut/noticePace.ts";

describe("a byte rate", () => {
  it("passes one second's worth at once, and the rate from then on", () => {
    const pace = new BytePace(1_000, 0);
    assert.equal(pace.charge(1_000, 0), 0);
    let now = 0;
    for (let n = 0; n < 10; n++) {
      const rest = pace.charge(500, now);
      assert.equal(rest, 500);
      now += rest;
    }
    assert.equal(now, 5_000);
  });

  it("passes no more at once after a longer pause", () => {
    const pace = new BytePace(1_000, 0);
    assert.equal(pace.charge(1_000, 60_000), 0);
    assert.equal(pace.charge(100, 60_000), 100);
    assert.equal(pace.charge(1_500, 120_000), 500);
  });

  it("knows what passed within the last second", () => {
    const pace = new BytePace(1_000, 0);
    pace.charge(600, 0);
    assert.equal(pace.recent(0), 600);
    assert.equal(pace.recent(500), 100);
    assert.equal(pace.recent(1_000), 0);
  });
});

describe("the notice rate", () => {
  it("leaves nineteen twentieths of the time to everything else, and rests for a second at most", () => {
    const pace = new NoticePace();
    pace.written(0, 10);
    assert.equal(pace.wait(10), 190);
    pace.written(1_000, 1_200);
    assert.equal(pace.wait(1_200), 1_000);
  });

  it("is kept by whatever writes them, and pending writes can be canceled", async () => {
    let now = 0;
    let writes = 0;
    const { schedule, cancel } = scheduleNotices(() => now);
    const flush = (): void => {
      writes += 1;
      now += 60_000;
    };
    schedule(flush);
    await nextTurn();
    await nextTurn();
    assert.equal(writes, 1);
    schedule(flush);
    for (let n = 0; n < 10; n++) await nextTurn();
    assert.equal(writes, 1);
    cancel();
  });
});
