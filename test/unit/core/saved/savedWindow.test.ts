// What a window keeps over a reload, and what it becomes afterwards.
import assert from "node:assert/strict";
import * as v from "valibot";
import { restoreWindow, SavedWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import {
  after,
  answers,
  blank,
  boot,
  CARD,
  confirm,
  EPOCH,
  hear,
  helloOf,
  introduce,
  joined,
  linked,
  listening,
  NOW,
  online,
  open,
  OWN_CARD,
  pin,
  reaches,
  run,
  said,
  SERVER,
  show,
  tell,
  TOKEN,
  type,
  UNIQUE,
  unlinked,
  withBoth,
} from "../../../support/core.ts";
import { check, effectTuple, lines } from "../../../support/coreChecks.ts";

/** Through the form in which it is stored. */
function reload(state: State): State {
  const stored: unknown = JSON.parse(JSON.stringify(saveWindow(state)));
  return restoreWindow(v.parse(SavedWindow, stored), "x");
}

describe("a window's saved chat", () => {
  it("is empty when no one has joined", () => {
    assert.equal(saveWindow(blank), null);
    assert.equal(saveWindow(after(online, type("\\quit"))), null);
  });

  it("is discarded if its numbers cannot be continued", () => {
    const saved = saveWindow(online);
    assert.ok(saved !== null && v.is(SavedWindow, saved));
    const lobby = { ...saved.lobby, start: Number.MAX_SAFE_INTEGER };
    assert.equal(v.is(SavedWindow, { ...saved, lobby }), false);
  });

  it("keeps name, server, sessions, their text, drafts and unread counts", () => {
    const draft = { type: "user/draft", session: LOBBY, text: "not yet", about: null } as const;
    const before = after(withBoth, hear("bobby", 1, "hi"), hear("carmen", 1, "ho"), draft);
    const state = reload(before);
    assert.deepEqual(state.me, { name: "anna", server: SERVER, identity: "anna" });
    check(state, [], {
      sessions: [" 0 lobby", "*1 bobby A waiting", " 2 carmen B waiting +1"],
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

  it("reconnects to its peers with or without the server, and continues each session where it was", () => {
    const before = after(
      withBoth,
      hear("bobby", 1, "hi"),
      type("one", 1),
      type("two", 1),
      confirm("bobby", 1),
    );
    const back = reload(before);
    const { state, effects } = run(back, { type: "window/restored" }, listening);
    const dial = {
      pin: pin("bobby"),
      addresses: CARD.addresses,
      relay: null,
    };
    assert.deepEqual(
      effects.map(effectTuple).filter(([call]) => call === "listen" || call === "dial"),
      [
        ["listen", "anna", "network", 50_001],
        ["dial", "d1", dial],
      ],
    );
    check(state, [linked("bobby")], {
      sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B waiting"],
      pending: [],
      lines: ["1 anna (own): two"],
    });
    const { effects: resumed } = run(state, reaches("bobby"), answers("bobby", { received: 1 }));
    const sent = resumed.map(effectTuple).filter(([call]) => call === "sendLink");
    assert.deepEqual(sent, [
      [
        "sendLink",
        "d1",
        { ...helloOf(before, "bobby"), n: 2, boot: UNIQUE, knows: boot("bobby"), received: 1, sent: 2 },
      ],
      ["sendLink", "d1", { type: "message", seq: 2, at: NOW, text: "two" }],
      ["sendLink", "d1", { type: "addresses", items: OWN_CARD.addresses }],
      ["sendLink", "d1", { type: "read", upTo: 1 }],
    ]);
  });

  it("rejoins the lobby under its name, with what it missed", () => {
    const before = after(online, said(1, "bobby", "one"));
    check(
      reload(before),
      [
        { type: "window/restored" },
        open(1),
        listening,
        tell(joined("anna", { seq: 2, missed: 1 })),
        said(2, "bobby", "two"),
      ],
      {
        connection: "online",
        lines: ["0 info You're back in the lobby.", "0 bobby: two"],
        effects: [
          ["connect", 1, SERVER, "anna"],
          ["listen", "anna", "network", 50_001],
          ["join", 1, { name: "anna", resume: TOKEN, lastSeen: { epoch: EPOCH, seq: 1 } }],
        ],
      },
    );
  });

  it("resends what the server had not acknowledged", () => {
    const state = after(reload(after(online, type("hello"))), { type: "window/restored" }, open(1));
    check(state, [tell(joined("anna"))], {
      pending: ["0 sending hello"],
      effects: [["send", 1, { type: "say", id: "w.1", text: "hello" }]],
    });
  });

  it("continues numbering sessions where it was", () => {
    const before = after(withBoth, type("\\leave", 2));
    const back = after(reload(before), { type: "window/restored" }, open(1), tell(joined("anna")));
    check(after(back, type("\\fork carmen", 0)), [introduce("x.2", "carmen", "second"), linked("second")], {
      sessions: [" 0 lobby", " 1 bobby A waiting", "*3 carmen A open"],
    });
  });

  it("ignores links that ended with the former window", () => {
    const state = after(reload(withBoth), show(true));
    check(state, [hear("bobby", 1, "hi"), unlinked("carmen", "left")], { unchanged: true });
  });

  it("shows the lobby if the active session no longer exists", () => {
    const saved = saveWindow(withBoth);
    assert.ok(saved !== null);
    const state = restoreWindow({ ...saved, active: sessionNumber(9) }, "x");
    assert.equal(state.active, LOBBY);
  });
});
