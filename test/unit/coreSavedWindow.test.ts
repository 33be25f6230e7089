// What a window keeps over a reload, and what it becomes afterwards.
import assert from "node:assert/strict";
import * as v from "valibot";
import { restoreWindow, SavedWindow, saveWindow } from "../../extension/core/savedWindow.ts";
import { LOBBY, sessionNumber, type State } from "../../extension/core/state.ts";
import {
  after,
  blank,
  check,
  EPOCH,
  hear,
  introduce,
  joined,
  lines,
  linked,
  NOW,
  online,
  open,
  said,
  SERVER,
  tell,
  TOKEN,
  type,
  unlinked,
  withBoth,
} from "../support/core.ts";

/** Through the form in which it is stored. */
function reload(state: State): State {
  const stored: unknown = JSON.parse(JSON.stringify(saveWindow(state)));
  return restoreWindow(v.parse(SavedWindow, stored), "x", NOW);
}

describe("a window's kept chat", () => {
  it("is nothing while nobody has joined", () => {
    assert.equal(saveWindow(blank), null);
    assert.equal(saveWindow(after(online, type("\\quit"))), null);
  });

  it("keeps name, server, sessions, their text, drafts and unread counts", () => {
    const draft = { type: "user/draft", session: LOBBY, text: "not yet" } as const;
    const before = after(withBoth, hear("bobby", 1, "hi"), hear("carmen", 1, "ho"), draft);
    const state = reload(before);
    assert.deepEqual(state.me, { name: "anna", server: SERVER });
    check(state, [], {
      sessions: [" 0 lobby", "*1 bobby A ended", " 2 carmen B ended +1"],
      connection: "idle",
    });
    assert.equal(state.sessions[0].draft, "not yet");
    assert.ok(
      state.sessions.every((session, i) => {
        const former = before.sessions[i];
        return former !== undefined && lines(session).join("\n").startsWith(lines(former).join("\n"));
      }),
    );
  });

  it("says in each private session that the reload has ended it, once", () => {
    const twice = reload(reload(withBoth));
    const told = twice.sessions.map(
      (session) => lines(session).filter((line) => line.includes("was reloaded")).length,
    );
    assert.deepEqual(told, [0, 1, 1]);
  });

  it("comes back into the lobby under its name, with what it missed", () => {
    const before = after(online, said(1, "bobby", "one"));
    check(
      reload(before),
      [
        { type: "window/restored" },
        open(1),
        tell(joined("anna", { seq: 2, missed: 1 })),
        said(2, "bobby", "two"),
      ],
      {
        connection: "online",
        lines: ["0 info You are back in the lobby.", "0 bobby: two"],
        effects: [
          ["connect", 1, SERVER],
          ["listen", "loopback"],
          [
            "send",
            1,
            { type: "join", v: 1, name: "anna", resume: TOKEN, lastSeen: { epoch: EPOCH, seq: 1 } },
          ],
        ],
      },
    );
  });

  it("sends again what the server had not confirmed", () => {
    const state = after(reload(after(online, type("hello"))), { type: "window/restored" }, open(1));
    check(state, [tell(joined("anna"))], {
      pending: ["0 sending hello"],
      effects: [["send", 1, { type: "say", id: "w.1", text: "hello" }]],
    });
  });

  it("goes on counting sessions where it was", () => {
    const before = after(withBoth, type("\\leave", 2));
    const back = after(reload(before), { type: "window/restored" }, open(1), tell(joined("anna")));
    check(after(back, type("\\fork bobby")), [introduce("x.1", "bobby", "second"), linked("second")], {
      sessions: [" 0 lobby", "*3 bobby A open"],
    });
  });

  it("hears nothing of links that ended with it", () => {
    const state = reload(withBoth);
    check(state, [hear("bobby", 1, "hi"), unlinked("carmen", "left")], { unchanged: true });
  });

  it("lands in the lobby where the active session is not there any more", () => {
    const saved = saveWindow(withBoth);
    assert.ok(saved !== null);
    const state = restoreWindow({ ...saved, active: sessionNumber(9) }, "x", NOW);
    assert.equal(state.active, LOBBY);
  });
});
