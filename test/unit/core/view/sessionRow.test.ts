// What the tree "Sessions" says about each session, and when a row has to be updated.
import assert from "node:assert/strict";
import { looksLike, sessionDetails } from "../../../../extension/core/view/sessionRow.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { after, frame, hear, mute, offline, tell, unlinked, withBoth } from "../../../support/core.ts";

const rows = (state: State): string[] =>
  state.sessions.map((session) => sessionDetails(state, session).join(", "));
const typing = frame("carmen", { type: "typing", value: true });

describe("a row of the tree of sessions", () => {
  it("says which is active, who opened it, and how it is connected", () => {
    assert.deepEqual(rows(withBoth), ["", "*, P->, direct", "P~>, direct"]);
    assert.deepEqual(rows(offline), ["closed", "*, P->, direct", "P~>, direct"]);
  });

  it("shows unread before how it is connected, and muted last", () => {
    const state = after(withBoth, hear("carmen", 1, "a"), mute(2));
    assert.equal(rows(state)[2], "P~>, 1 unread, direct, muted");
  });

  it("shows presence", () => {
    const state = after(withBoth, tell({ type: "presence", name: "carmen", state: "busy" }));
    assert.equal(rows(state)[2], "P~>, direct, do not disturb");
  });

  it("shows that someone is typing, until they stop or disconnect", () => {
    const state = after(withBoth, hear("carmen", 1, "a"), typing);
    assert.equal(rows(state)[2], "P~>, 1 unread, typing…, direct");
    const stopped = after(state, frame("carmen", { type: "typing", value: false }));
    assert.equal(rows(stopped)[2], "P~>, 1 unread, direct");
    assert.equal(rows(after(state, unlinked("carmen", "lost")))[2], "P~>, 1 unread, away");
  });

  it("changes with what it shows, and not with messages in the session", () => {
    const [, bobby, carmen] = withBoth.sessions;
    assert.ok(bobby !== undefined && carmen !== undefined);
    const same = after(withBoth, hear("bobby", 1, "looked at")).sessions[1];
    assert.equal(looksLike(bobby, same), true);
    for (const step of [typing, hear("carmen", 1, "a"), mute(2), unlinked("carmen", "lost")]) {
      assert.equal(looksLike(carmen, after(withBoth, step).sessions[2]), false);
    }
    assert.equal(looksLike(carmen, bobby), false);
    assert.equal(looksLike(carmen, undefined), false);
  });
});
