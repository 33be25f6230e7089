// How often files may be rewritten, over all requests.
import assert from "node:assert/strict";
import { RewriteQueue, REWRITE_PAUSE_MS } from "../../../../extension/host/storage/rewriteQueue.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

describe("files to rewrite", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  it("wait longer the longer the last rewrite took, so that rewrites take a fiftieth of the time", () => {
    let now = 0;
    let written = 0;
    const queue = new RewriteQueue<string>(() => now);
    const ask = (took: number): void =>
      queue.add("file", () => {
        now += took;
        written += 1;
      });
    ask(500);
    timers.pass(REWRITE_PAUSE_MS);
    assert.equal(written, 1);
    ask(10);
    timers.pass(24_999);
    assert.equal(written, 1);
    timers.pass(1);
    assert.equal(written, 2);
    ask(10);
    timers.pass(REWRITE_PAUSE_MS);
    assert.equal(written, 3);
  });

  it("are written at once when flushed, and not when discarded", () => {
    let written = 0;
    const queue = new RewriteQueue<string>(() => 0);
    for (const file of ["a", "b"]) queue.add(file, () => (written += 1));
    queue.drop("a");
    queue.flush("b");
    assert.equal(written, 1);
    timers.pass(100 * REWRITE_PAUSE_MS);
    assert.equal(written, 1);
  });
});
