// How many failed messages a session holds, and that they take no room from new ones: the same in the lobby and in private.
import assert from "node:assert/strict";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { limits } from "../../../../protocol/limits.ts";
import { after, boot, calls, messageId, online, run, tell, type, withBobby } from "../../../support/core.ts";
import { lines } from "../../../support/coreChecks.ts";

describe("messages that failed", () => {
  const count = limits.unackedMessages;
  const many = (name: string, session: number) =>
    Array.from({ length: count }, (_, i) => type(`${name}${i}`, session));
  const inLobby = after(
    online,
    ...many("m", 0),
    ...Array.from({ length: count }, (_, i) =>
      tell({ type: "error", id: messageId(`w.${i + 1}`), code: "bad-message", text: "No." }),
    ),
  );
  const inPrivate = after(withBobby, ...many("m", 1), calls("bobby", { boot: boot("another") }));

  for (const [where, given, session] of [
    ["in the lobby", inLobby, 0],
    ["in a private session", inPrivate, 1],
  ] as const) {
    const pendingOf = (state: State) => state.sessions[session]?.pending ?? [];
    const [first] = pendingOf(given);
    assert.ok(first !== undefined);
    const discarded = after(given, { type: "user/discard", session: sessionNumber(session), id: first.id });

    it(`leave room for new ones, ${where}`, () => {
      assert.ok(pendingOf(given).every(({ status }) => status === "failed"));
      const state = after(discarded, type("new", session));
      assert.equal(pendingOf(state).at(-1)?.status, "sending");
      assert.equal(pendingOf(state).length, count);
    });

    it(`are limited in number, ${where}`, () => {
      const { state, effects } = run(given, type("new", session));
      assert.equal(pendingOf(state).length, count);
      assert.deepEqual(effects, [
        { type: "settle", request: 7, outcome: { ok: false, ...failures.tooManyFailed } },
      ]);
    });

    it(`can be sent again anyway, ${where}`, () => {
      const state = after(given, { type: "user/retry", session: sessionNumber(session), id: first.id });
      assert.equal(pendingOf(state).at(-1)?.status, "sending");
    });

    it(`cannot be sent again while the maximum number is in flight, ${where}`, () => {
      const [, second] = pendingOf(given);
      const full = after(discarded, ...many("n", session));
      assert.equal(pendingOf(full).filter(({ status }) => status === "sending").length, count);
      const state = after(full, {
        type: "user/retry",
        session: sessionNumber(session),
        id: second?.id ?? "",
      });
      assert.equal(pendingOf(state).filter(({ status }) => status === "sending").length, count);
      assert.match(
        lines(state.sessions[session] ?? state.sessions[0]).at(-1) ?? "",
        /^error Too many messages are already waiting/,
      );
    });
  }
});
