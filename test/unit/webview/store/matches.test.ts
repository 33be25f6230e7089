// Requests for where the code of messages is: a few at once, what is in view first, and nothing kept without end.
import assert from "node:assert/strict";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { session } from "../../../webview/pageData.ts";
import { told } from "../../../webview/talkData.ts";
import { Matches } from "../../../../webview/store/matches.ts";

const one = session(1);
const gone = { state: "gone" } as const;

describe("the places of code", () => {
  const start = () => {
    const asked: number[] = [];
    const matches = new Matches((_, index) => void asked.push(index));
    const see = (...indices: number[]) => {
      for (const index of indices) matches.see(one, index, "x");
    };
    const answer = (index: number) => matches.matched({ type: "match", session: one, index, match: gone });
    return { asked, matches, see, answer };
  };

  it("are asked for sixteen at once, and no more for what has left", () => {
    const { asked, matches, see, answer } = start();
    const first = Array.from({ length: 16 }, (_, at) => at);
    see(...first, 16, 17, 18);
    assert.deepEqual(asked, first);
    matches.leave(one, 16);
    answer(2);
    assert.deepEqual(asked, [...first, 17]);
    matches.forgetGone(() => false);
  });

  it("are taken late while they are in view", () => {
    const timers = new FakeTimers();
    timers.install();
    try {
      const { matches, see, answer } = start();
      see(1, 2);
      timers.pass(15_000);
      matches.leave(one, 2);
      answer(1);
      answer(2);
      assert.equal(matches.of(one, 1, "x"), gone);
      assert.equal(matches.of(one, 2, "x"), undefined);
      matches.forgetGone(() => false);
    } finally {
      timers.uninstall();
    }
  });

  it("are asked for again when files have changed: at once in view, later elsewhere", () => {
    const { asked, matches, see, answer } = start();
    see(1, 2);
    answer(1);
    answer(2);
    matches.leave(one, 2);
    matches.stale({ type: "stale", session: one, index: 1 });
    matches.stale({ type: "stale", session: one, index: 2 });
    assert.deepEqual(asked, [1, 2, 1]);
    assert.equal(matches.of(one, 1, "x"), gone);
    assert.equal(matches.of(one, 2, "x"), undefined);
    see(2);
    assert.deepEqual(asked, [1, 2, 1, 2]);
    matches.forgetGone(() => false);
  });

  it("are asked for once, and again when the message has changed", () => {
    const { asked, matches, see, answer } = start();
    see(1, 1);
    answer(1);
    see(1);
    assert.deepEqual(asked, [1]);
    assert.equal(matches.of(one, 1, "x"), gone);
    assert.equal(matches.of(one, 1, "y"), undefined);
    matches.amended(one, 1, told("bobby", "x", 1));
    assert.equal(matches.of(one, 1, "x"), gone);
    matches.amended(one, 1, told("bobby", "y", 1));
    assert.equal(matches.of(one, 1, "x"), undefined);
    matches.see(one, 1, "y");
    assert.deepEqual(asked, [1, 1]);
    matches.forgetGone(() => false);
  });

  it("are taken for what was asked alone, and dropped with their session", () => {
    const { matches, see, answer } = start();
    answer(9);
    assert.equal(matches.of(one, 9, "x"), undefined);
    see(1);
    answer(1);
    matches.forgetGone((number) => number !== one);
    assert.equal(matches.of(one, 1, "x"), undefined);
  });

  it("are kept for the latest five hundred", () => {
    const { matches, see, answer } = start();
    for (let index = 0; index < 600; index++) {
      see(index);
      answer(index);
    }
    assert.equal(matches.of(one, 99, "x"), undefined);
    assert.equal(matches.of(one, 100, "x"), gone);
  });
});
