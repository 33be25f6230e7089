// Invitations without end: some are taken, the rest is declined, and the user reads one quiet line.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { update } from "../../../../extension/core/update.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { trustTexts } from "../../../../extension/core/texts/texts.ts";
import { limits } from "../../../../protocol/limits.ts";
import { invite, NOW, online, settings, after } from "../../../support/core.ts";
import { lobbyLines } from "../../../support/coreChecks.ts";

/** Takes invitations of as many people in, each a moment after the other; tells what was answered. */
function flood(
  given: State,
  count: number,
  everyMs: number,
): { state: State; accepted: number; declined: number } {
  let state = given;
  let [accepted, declined] = [0, 0];
  for (let i = 0; i < count; i++) {
    const event: CoreEvent = invite(`guest${i}`);
    const result = update(state, {
      ...event,
      at: NOW + i * everyMs,
      random: 0,
      unique: `u${i}`.padEnd(22, "-"),
    });
    state = result.state;
    for (const effect of result.effects) {
      if (effect.type !== "network" || effect.call !== "send") continue;
      if (effect.args[1].type === "accept") accepted += 1;
      if (effect.args[1].type === "decline") declined += 1;
    }
  }
  return { state, accepted, declined };
}

describe("ten thousand invitations", () => {
  const { state, accepted, declined } = flood(online, 10_000, 1);
  const lines = lobbyLines(state).slice(lobbyLines(online).length);

  it("produce one quiet line", () => assert.deepEqual(lines, [`info ${trustTexts.tooManyInvites}`]));
  it("are all answered, and few are accepted", () => {
    assert.equal(accepted + declined, 10_000);
    assert.ok(accepted <= limits.inviteBurst + 10 * limits.forksPerSecond + 1, String(accepted));
  });
  it("do not fill the window", () => assert.ok(state.invites.length <= limits.inviteBurst + 2));

  it("ask few questions", () => {
    const asking = flood(after(online, settings({ acceptForks: "ask" })), 10_000, 1).state;
    assert.ok(asking.questions.length <= limits.inviteBurst + 2);
  });
});

describe("invitations from a class", () => {
  it("to its teacher, all at once, are all accepted", () => {
    const { accepted } = flood(online, 30, 100);
    assert.equal(accepted, 30);
  });
});

describe("occasional invitations", () => {
  it("are all accepted", () => {
    const { accepted } = flood(online, 30, 1000 / limits.forksPerSecond);
    assert.equal(accepted, 30);
  });

  it("produce a line again when too many follow a quiet minute", () => {
    const first = flood(online, 2 * limits.inviteBurst, 1).state;
    const again = flood(
      {
        ...first,
        inviteBudgets: {
          ...first.inviteBudgets,
          server: { ...first.inviteBudgets.server, at: NOW - 120_000, exceededAt: NOW - 120_000 },
        },
        invites: [],
      },
      2 * limits.inviteBurst,
      1,
    );
    assert.equal(
      lobbyLines(again.state).filter((line) => line.includes(trustTexts.tooManyInvites)).length,
      2,
    );
  });
});
