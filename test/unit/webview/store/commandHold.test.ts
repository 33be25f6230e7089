// Lines behind a command, in time: for how long they wait, and how many.
import assert from "node:assert/strict";
import * as v from "valibot";
import { SessionNumber } from "../../../../protocol/webview.ts";
import { CommandHold, type Held, type Submitted } from "../../../../webview/store/commandHold.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

const LOBBY = v.parse(SessionNumber, 0);
const BOBBY = v.parse(SessionNumber, 1);
const command = (id: number, session = LOBBY) => ({ id, session, text: "\\fork bobby" });
const line = (text: string, session = LOBBY): Submitted => ({ session, text, about: undefined });

describe("lines that wait for a command", () => {
  const timers = new FakeTimers();
  let released: Held[];
  let hold: CommandHold;
  beforeEach(() => {
    timers.install();
    released = [];
    hold = new CommandHold((held) => released.push(held));
  });
  afterEach(() => timers.uninstall());

  it("are released by its answer, and by no other", () => {
    hold.begin(command(7));
    assert.ok(hold.keep(line("one")) && hold.keep(line("two")));
    hold.answered(6, LOBBY);
    assert.deepEqual(released, []);
    hold.answered(7, LOBBY);
    assert.deepEqual(released, [{ command: command(7), lines: [line("one"), line("two")], to: LOBBY }]);
    timers.pass(60_000);
    hold.answered(7, LOBBY);
    assert.equal(released.length, 1);
    assert.equal(hold.keep(line("three")), false);
  });

  it("wait for a late answer", () => {
    hold.begin(command(1), [line("one")]);
    timers.pass(600_000);
    hold.asks(2);
    timers.pass(600_000);
    assert.equal(hold.command?.session, LOBBY);
  });

  it("are released without an answer three seconds after another person is asked", () => {
    hold.begin(command(1), [line("one")]);
    hold.asks(1);
    timers.pass(2_999);
    assert.equal(hold.command?.session, LOBBY);
    timers.pass(1);
    assert.deepEqual(released, [{ command: command(1), lines: [line("one")], to: null }]);
    assert.equal(hold.command, null);
  });

  it("are limited in number: the excess is returned", () => {
    hold.begin(command(1));
    const kept = Array.from({ length: 100 }, (_, i) => hold.keep(line(`${i}`)));
    assert.equal(kept.filter(Boolean).length, 64);
    assert.deepEqual(
      released.map(({ lines, to }) => [lines.length, to]),
      [[64, null]],
    );
  });

  it("are limited in characters too: all of them may be returned as one draft", () => {
    hold.begin(command(1));
    const kept = Array.from({ length: 20 }, () => hold.keep(line("x".repeat(16 * 1024))));
    assert.equal(kept.filter(Boolean).length, 16);
    assert.deepEqual(
      released.map(({ lines }) => lines.length),
      [16],
    );
  });

  it("are returned when a command is sent from elsewhere, rather than lost", () => {
    hold.begin(command(1));
    hold.keep(line("one"));
    hold.begin(command(2, BOBBY));
    assert.deepEqual(released, [{ command: command(1), lines: [line("one")], to: null }]);
    assert.equal(hold.command?.session, BOBBY);
  });

  it("belong to the command's own session", () => {
    hold.begin(command(1));
    assert.equal(hold.keep(line("elsewhere", BOBBY)), false);
  });
});
