// Lines behind a command, in time: for how long they wait, and how many.
import assert from "node:assert/strict";
import * as v from "valibot";
import { SessionNumber } from "../../protocol/webview.ts";
import { CommandHold, type Held } from "../../webview/commandHold.ts";
import { FakeTimers } from "../support/fakeTimers.ts";

const LOBBY = v.parse(SessionNumber, 0);

describe("what waits behind a command", () => {
  const timers = new FakeTimers();
  let released: Held[];
  let hold: CommandHold;
  beforeEach(() => {
    timers.install();
    released = [];
    hold = new CommandHold((held) => released.push(held));
  });
  afterEach(() => timers.uninstall());

  it("is released by its answer, and by no other one", () => {
    hold.begin(7, LOBBY);
    assert.ok(hold.keep("one") && hold.keep("two"));
    hold.answered(6, true);
    assert.deepEqual(released, []);
    hold.answered(7, true);
    assert.deepEqual(released, [{ session: LOBBY, lines: ["one", "two"], done: true }]);
    timers.pass(60_000);
    hold.answered(7, true);
    assert.equal(released.length, 1);
    assert.equal(hold.keep("three"), false);
  });

  it("goes on without an answer after three seconds", () => {
    hold.begin(1, LOBBY, ["one"]);
    timers.pass(2_999);
    assert.ok(hold.isHolding);
    timers.pass(1);
    assert.deepEqual(released, [{ session: LOBBY, lines: ["one"], done: false }]);
    assert.equal(hold.isHolding, false);
  });

  it("is bounded: what is too much is not kept", () => {
    hold.begin(1, LOBBY);
    const kept = Array.from({ length: 100 }, (_, i) => hold.keep(`${i}`));
    assert.equal(kept.filter(Boolean).length, 64);
  });
});
