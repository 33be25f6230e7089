// Silence and expiry of extension/net, in milliseconds of real timers: what Node can feign of timers loops for ever on
// clearing an immediate that has run.
import assert from "node:assert/strict";
import { startSilenceTimer } from "../../../../extension/net/dial/silenceTimer.ts";

describe("a silence timer", () => {
  it("fires once, and not before its time", async () => {
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

  it("restarts with each sign of life", async () => {
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

  it("accepts a sign of life that is read only after the time was over", async () => {
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

  it("does not fire while it is suspended, or after it was stopped", async () => {
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
