// How much may come at once while chat comes first, and how progress is told.
import assert from "node:assert/strict";
import { LEAST_CREDIT, MOST_CREDIT } from "../../../../protocol/bulk.ts";
import { measured, newWindow, type CreditWindow } from "../../../../extension/core/transfers/creditWindow.ts";
import { sampled, secondsLeft, startProgress } from "../../../../extension/core/transfers/progress.ts";
import { seededRandom } from "../../../support/seededRandom.ts";

/** The window after round trips of so many milliseconds, one a second. */
function after(window: CreditWindow, roundTrips: readonly number[], from = 0): CreditWindow {
  return roundTrips.reduce((each, ms, i) => measured(each, ms, from + i * 1_000), window);
}

describe("the credit window", () => {
  const wide = after(newWindow, Array<number>(40).fill(50));
  /** The same, in a link that has had too much once. */
  const slowed = after(after(wide, [300, 300], 50_000), Array<number>(40).fill(50), 60_000);

  it("doubles to its most while round trips stay below twice the shortest", () => {
    assert.equal(newWindow.bytes, LEAST_CREDIT);
    assert.equal(after(newWindow, [50, 99]).bytes, 4 * LEAST_CREDIT);
    assert.equal(wide.bytes, MOST_CREDIT);
  });

  it("grows slowly once it was too large", () => {
    assert.equal(after(wide, [300, 300, 50, 50], 50_000).bytes, MOST_CREDIT / 2 + 2 * LEAST_CREDIT);
    assert.equal(slowed.bytes, MOST_CREDIT);
  });

  it("halves when two round trips in a row exceed that, down to its least", () => {
    assert.equal(after(wide, [100, 100], 50_000).bytes, MOST_CREDIT);
    assert.equal(after(wide, [101, 50, 101, 50], 50_000).bytes, MOST_CREDIT);
    assert.equal(after(wide, [101, 101], 50_000).bytes, MOST_CREDIT / 2);
    assert.equal(after(wide, [101, 101, 101], 50_000).bytes, MOST_CREDIT / 4);
    assert.equal(after(wide, Array<number>(20).fill(300), 50_000).bytes, LEAST_CREDIT);
  });

  it("halves once for round trips that overlap", () => {
    const halved = after(wide, [300, 300], 59_000);
    assert.equal(measured(halved, 300, 60_299).bytes, MOST_CREDIT / 2);
    assert.equal(measured(halved, 300, 60_300).bytes, MOST_CREDIT / 4);
    assert.equal(measured(halved, 300, 0).bytes, MOST_CREDIT / 4, "a clock that was set back halts nothing");
  });

  it("does not take the jitter of a fast link for a queue", () => {
    const fast = after(newWindow, [0.2, 9, 10.2]);
    assert.equal(fast.bytes, 8 * LEAST_CREDIT);
    assert.equal(after(fast, [10.3, 10.3], 9_000).bytes, 4 * LEAST_CREDIT);
  });

  it("stays within its bounds, whatever the times are", () => {
    const random = seededRandom(3);
    const odd = [NaN, -1, Infinity, -Infinity, 0];
    let window = newWindow;
    for (let n = 0; n < 10_000; n++) {
      const ms = random() < 0.1 ? (odd[n % 5] ?? 0) : random() * 200;
      window = measured(window, ms, random() * 1e6);
      assert.ok(window.bytes >= LEAST_CREDIT && window.bytes <= MOST_CREDIT);
      assert.ok(Number.isInteger(window.bytes) && (window.base ?? 0) >= 0);
    }
  });
});

describe("the progress of a transfer", () => {
  it("has no rate and no time left before there are two samples", () => {
    const start = startProgress(0, 0);
    assert.equal(start.rate, null);
    assert.equal(secondsLeft(start, 100), null);
    assert.equal(secondsLeft(startProgress(100, 0), 100), 0);
  });

  it("tells a steady rate as it is", () => {
    let progress = startProgress(500, 0);
    for (let n = 1; n <= 20; n++) progress = sampled(progress, 500 + n * 1_000, n * 1_000);
    assert.ok(Math.abs((progress.rate ?? 0) - 1_000) < 1e-6);
    assert.ok(Math.abs((secondsLeft(progress, 30_500) ?? 0) - 10) < 1e-6);
  });

  it("follows a change slowly, and all of it in the end", () => {
    const steady = { bytes: 0, at: 0, rate: 1_000 };
    const once = sampled(steady, 9_000, 1_000);
    assert.ok((once.rate ?? 0) > 2_000 && (once.rate ?? 0) < 3_000);
    let progress = once;
    for (let n = 2; n < 60; n++) progress = sampled(progress, n * 9_000, n * 1_000);
    assert.ok(Math.abs((progress.rate ?? 0) - 9_000) < 10);
  });

  it("counts bursts together, and nothing when the clock or the bytes go back", () => {
    const progress = startProgress(0, 0);
    assert.equal(sampled(progress, 1_000_000, 249), progress);
    assert.deepEqual(sampled({ ...progress, rate: 7 }, 5, -1), { bytes: 5, at: -1, rate: 7 });
    assert.deepEqual(sampled({ bytes: 9, at: 0, rate: 7 }, 5, 500), { bytes: 5, at: 500, rate: 7 });
  });

  it("knows no time left while nothing comes", () => {
    assert.equal(secondsLeft({ bytes: 1, at: 0, rate: 0 }, 2), null);
  });
});
