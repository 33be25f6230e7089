// The dialog with a session's number: when it can be opened, and what is said when it cannot.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { verificationView } from "../../../../extension/core/view/selectors.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { after, linked, pin, run, unlinked, withBobby, withBoth } from "../../../support/core.ts";
import { check } from "../../../support/coreChecks.ts";

const DIGITS = "012345678901234567890123456789012345678901234567890123456789";
const learnt: CoreEvent = { type: "peer/number", pin: pin("bobby"), number: DIGITS };
const verify = (session: number, open = true): CoreEvent => ({
  type: "user/verify",
  session: sessionNumber(session),
  open,
});

describe("the dialog with a session's safety number", () => {
  it("opens in its session, even while the peer is away, and closes", () => {
    const away = after(withBoth, learnt, unlinked("bobby", "lost"), verify(1));
    assert.equal(away.active, 1);
    const view = verificationView(away);
    assert.deepEqual([view?.session, view?.peer, view?.number], [1, "bobby", DIGITS]);
    assert.equal(verificationView(after(away, verify(1, false))), null);
  });

  it("says in the session when its number is not known yet", () => {
    check(withBobby, [verify(1)], { lines: [`1 error ${failures.nothingToVerify.text}`], effects: [] });
    assert.equal(verificationView(after(withBobby, verify(1))), null);
  });

  it("does not open for the lobby or an unknown number", () => {
    check(withBobby, [verify(0), verify(9)], { unchanged: true });
  });
});

describe("the result of a comparison", () => {
  const says = (value: boolean): CoreEvent => ({ type: "user/verified", session: sessionNumber(1), value });
  const told = (...events: Parameters<typeof run>[1][]): unknown[] =>
    run(withBobby, ...events).effects.flatMap((effect) =>
      effect.type === "network" && effect.call === "sendLink" && effect.args[1].type === "verified"
        ? [effect.args[1].value]
        : [],
    );

  it("is sent at once, and again on each link", () => {
    assert.deepEqual(told(says(true), unlinked("bobby", "lost"), linked("bobby")), [true, true]);
  });

  it("is sent on the next link when the peer is away", () => {
    assert.deepEqual(told(unlinked("bobby", "lost"), says(false), linked("bobby")), [false]);
    const away = [says(true), unlinked("bobby", "lost"), says(false)];
    assert.deepEqual(told(...away, linked("bobby")), [true, false]);
  });
});
