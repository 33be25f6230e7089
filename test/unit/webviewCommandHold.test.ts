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
    assert.ok(hold.keep(LOBBY, "one") && hold.keep(LOBBY, "two"));
    hold.answered(6, LOBBY);
    assert.deepEqual(released, []);
    hold.answered(7, LOBBY);
    assert.deepEqual(released, [{ session: LOBBY, lines: ["one", "two"], to: LOBBY }]);
    timers.pass(60_000);
    hold.answered(7, LOBBY);
    assert.equal(released.length, 1);
    assert.equal(hold.keep(LOBBY, "three"), false);
  });

  it("waits for an answer that is late", () => {
    hold.begin(1, LOBBY, ["one"]);
    timers.pass(600_000);
    hold.asks(2);
    timers.pass(600_000);
    assert.equal(hold.session, LOBBY);
  });

  it("goes on without an answer three seconds after another person is asked", () => {
    hold.begin(1, LOBBY, ["one"]);
    hold.asks(1);
    timers.pass(2_999);
    assert.equal(hold.session, LOBBY);
    timers.pass(1);
    assert.deepEqual(released, [{ session: LOBBY, lines: ["one"], to: null }]);
    assert.equal(hold.session, null);
  });

  it("is bounded: what would be too much comes back", () => {
    hold.begin(1, LOBBY);
    const kept = Array.from({ length: 100 }, (_, i) => hold.keep(LOBBY, `${i}`));
    assert.equal(kept.filter(Boolean).length, 64);
    assert.deepEqual(
      released.map(({ lines, to }) => [lines.length, to]),
      [[64, null]],
    );
  });

  it("is bounded in characters too: the lines may all come back as one draft", () => {
    hold.begin(1, LOBBY);
    const kept = Array.from({ length: 20 }, () => hold.keep(LOBBY, "x".repeat(16 * 1024)));
    assert.equal(kept.filter(Boolean).length, 16);
    assert.deepEqual(
      released.map(({ lines }) => lines.length),
      [16],
    );
  });

  it("comes back when a command is sent from elsewhere, rather than be lost", () => {
    hold.begin(1, LOBBY);
    hold.keep(LOBBY, "one");
    hold.begin(2, v.parse(SessionNumber, 1));
    assert.deepEqual(released, [{ session: LOBBY, lines: ["one"], to: null }]);
    assert.equal(hold.session, 1);
  });

  it("is of the command's own session", () => {
    hold.begin(1, LOBBY);
    assert.equal(hold.keep(v.parse(SessionNumber, 1), "elsewhere"), false);
  });
});
