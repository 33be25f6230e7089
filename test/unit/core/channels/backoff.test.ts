// The delay before the next attempt to reach the server.
import assert from "node:assert/strict";
import { backoff } from "../../../../extension/core/channels/backoff.ts";
import { close, offline, run } from "../../../support/core.ts";
import { STOPPED } from "../../../support/onlineWindow.ts";

describe("the delay before the next attempt", () => {
  it("grows from half a second to a quarter of a minute", () => {
    const longest = Array.from({ length: 12 }, (_, attempt) => backoff(attempt, 1));
    assert.equal(longest[0], 500);
    assert.equal(longest.at(-1), 8_000);
    assert.deepEqual(
      longest,
      [...longest].sort((a, b) => a - b),
    );
  });

  it("is jittered over its upper half", () => {
    assert.equal(backoff(3, 0) * 2, backoff(3, 1));
    assert.ok(backoff(3, 0.5) > backoff(3, 0.25));
  });

  it("stays within its bound after any number of attempts", () => {
    assert.equal(backoff(100_000, 1), 8_000);
    const { effects } = run(offline, { type: "timer", key: "reconnect" }, close(STOPPED, 2));
    assert.ok(effects.every((effect) => effect.type !== "schedule" || effect.ms <= 8_000));
  });
});
