// Which number a session gets, and what it takes over of a former one.
import assert from "node:assert/strict";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import {
  after,
  hear,
  introduce,
  invite,
  linked,
  look,
  run,
  show,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { check, lines } from "../../../support/coreChecks.ts";

describe("session numbers", () => {
  it("count up and are never reused while joined", () => {
    const again = after(withBoth, type("\\leave", 1), type("\\leave", 2), type("\\fork bobby", 0));
    check(again, [introduce("w.2", "bobby", "second"), linked("second")], {
      sessions: [" 0 lobby", "*3 bobby A open"],
    });
  });

  it("a session that we open takes over the readable history of an ended one with that peer", () => {
    const ended = after(
      withBoth,
      hear("carmen", 1, "remember this"),
      look(0),
      show(false),
      hear("carmen", 2, "and this"),
      unlinked("carmen", "quit"),
    );
    const { state } = run(
      ended,
      type("\\fork carmen", 0),
      introduce("w.2", "carmen", "second"),
      linked("second"),
    );
    check(state, [], { sessions: [" 0 lobby", " 1 bobby A open", "*3 carmen A open"] });
    const session = state.sessions.at(-1);
    assert.ok(session !== undefined && lines(session).includes("carmen: remember this"));
  });

  it("a session opened to us takes over nothing: anyone could use a released name", () => {
    const ended = after(
      withBobby,
      {
        type: "user/draft",
        session: sessionNumber(1),
        text: "not for strangers",
        about: null,
      },
      unlinked("bobby", "quit"),
    );
    const { state } = run(ended, invite("bobby", "second"), linked("second"));
    check(state, [], { sessions: [" 0 lobby", "*1 bobby A ended", " 2 bobby B open"] });
    assert.equal(state.sessions[2]?.draft, "");
  });

  it("unacknowledged messages are not lost with the ended session", () => {
    const ended = after(withBobby, type("are you there?", 1), unlinked("bobby", "quit"));
    const state = after(
      ended,
      type("\\fork bobby", 0),
      introduce("w.3", "bobby", "second"),
      linked("second"),
    );
    const texts = state.sessions[1]?.transcript.chunks.flat().map((entry) => entry.text) ?? [];
    assert.ok(texts.includes("bobby didn't confirm: are you there?"));
    assert.deepEqual(state.sessions[1]?.pending, []);
  });

  it("unread last messages stay when their author leaves, and a user in the session returns to the lobby", () => {
    const hidden = after(withBobby, { type: "panel/visible", visible: false }, hear("bobby", 1, "bye!"));
    check(hidden, [unlinked("bobby", "left")], { sessions: ["*0 lobby", " 1 bobby A ended +1"] });
    check(withBobby, [hear("bobby", 1, "bye!"), unlinked("bobby", "left")], { sessions: ["*0 lobby"] });
  });
});
