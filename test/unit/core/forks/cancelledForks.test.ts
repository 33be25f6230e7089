// Forks that are not answered yet: shown at once, asked again, cancelled; what comes after that opens nothing.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { openForks } from "../../../../extension/core/forks/openForks.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { update } from "../../../../extension/core/update.ts";
import {
  after,
  calls,
  close,
  fires,
  introduce,
  invite,
  linked,
  look,
  messageId,
  NOW,
  online,
  pin,
  presented,
  settings,
  sid,
  tell,
  type,
  UNIQUE,
} from "../../../support/core.ts";
import { check, specify } from "../../../support/coreChecks.ts";

const asked = after(online, type("\\fork bobby", 0, 4));
const dialling = after(asked, introduce("w.1", "bobby"));
const cancel = (id: string): CoreEvent => ({ type: "user/cancelFork", id });
const cancelled = after(asked, cancel("w.1"));
const answer = (reason: "withdrawn" | "timeout"): CoreEvent =>
  tell({ type: "declined", id: messageId("w.1"), to: "bobby", reason });
const shown = (state: State): string[] => openForks(state).map(({ name, phase }) => `${phase} ${name}`);
const later = (state: State, event: CoreEvent, ms: number): State =>
  update(state, { ...event, at: NOW + ms, random: 0, unique: UNIQUE }).state;

describe("an unanswered fork", () => {
  it("is shown until it is answered", () => {
    assert.deepEqual(shown(online), []);
    assert.deepEqual(shown(asked), ["asking bobby"]);
    assert.deepEqual(shown(dialling), ["connecting bobby"]);
    assert.deepEqual(shown(after(dialling, linked("bobby"))), []);
    assert.deepEqual(shown(after(asked, answer("timeout"))), []);
    assert.deepEqual(shown(after(asked, close())), ["asking bobby"]);
    assert.deepEqual(shown(after(asked, close(), fires("grace"))), []);
    assert.deepEqual(shown(after(asked, type("\\quit"))), []);
  });

  it("is also shown when the other side asked first", () => {
    const wanted = after(online, invite("bobby"), type("\\fork bobby"));
    assert.deepEqual(shown(wanted), ["connecting bobby"]);
    assert.deepEqual(shown(after(wanted, presented("bobby"), linked("bobby"))), []);
  });

  specify([
    {
      description: "is requested only once, and a repeat is answered quietly",
      given: asked,
      events: [type("\\fork bobby")],
      expected: {
        lines: ["0 info Still waiting for an answer from bobby."],
        effects: [["settle", 7, "already-forking"]],
      },
    },
    {
      description: "does not pull its user out of a session they have switched to in the meantime",
      given: after(asked, invite("carmen"), linked("carmen"), look(1)),
      events: [introduce("w.1", "bobby"), linked("bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 carmen B open", " 2 bobby A open"],
        lines: [
          "1 info Your private session with bobby is open: \\sw 2",
          "2 info You opened this private session with bobby. It is end-to-end encrypted.",
        ],
      },
    },
  ]);

  const opensLate = (state: State, ms: number): State => {
    const [reached, answered] = [after(state, introduce("w.1", "bobby")), linked("bobby")];
    assert.ok(typeof answered === "function");
    return answered(reached).reduce((each, event) => later(each, event, ms), reached);
  };
  const writing = after(asked, { type: "user/draft", session: LOBBY, text: "hel", about: null });

  it("switches its user at once, whatever they type after it", () => {
    assert.equal(opensLate(writing, 1_000).active, 1);
  });

  it("does not interrupt a line that they type in the lobby after they were elsewhere", () => {
    const elsewhere = after(asked, invite("carmen"), linked("carmen"), look(1), look(0));
    const back = after(elsewhere, { type: "user/draft", session: LOBBY, text: "hel", about: null });
    assert.equal(opensLate(back, 1_000).active, 0);
    assert.equal(opensLate(elsewhere, 1_000).active, 2);
  });

  it("does not interrupt a line that they type in the lobby a while later", () => {
    assert.equal(opensLate(writing, 30_000).active, 0);
    assert.equal(opensLate(asked, 30_000).active, 1);
  });
});

describe("a canceled fork", () => {
  specify([
    {
      description: "is withdrawn at the server, and its caller gets an answer",
      given: asked,
      events: [cancel("w.1")],
      expected: {
        lines: ["0 info Request to bobby canceled."],
        effects: [
          ["send", 1, { type: "withdraw", id: "w.1" }],
          ["settle", 4, "cancelled"],
        ],
      },
    },
    {
      description: "ends silently when the server confirms it",
      given: cancelled,
      events: [answer("withdrawn")],
      expected: { lines: [], effects: [["cancel", "fork:w.1"]] },
    },
    {
      description: "ends silently when the server never answers, or disconnects",
      given: cancelled,
      events: [fires("fork:w.1")],
      expected: { lines: [], effects: [["cancel", "fork:w.1"]] },
    },
    {
      description: "opens nothing when both had already consented, and the other side learns that it is over",
      given: cancelled,
      events: [introduce("w.1", "bobby"), calls("bobby")],
      expected: {
        sessions: ["*0 lobby"],
        lines: [],
        effects: [
          ["cancel", "fork:w.1"],
          ["expect", [pin("bobby")]],
          ["sendLink", "i-bobby", { type: "bye", reason: "left" }],
          ["closeLink", "i-bobby", 1000],
          ["expect", []],
        ],
      },
    },
    {
      description: "opens nothing while the link was being made",
      given: dialling,
      events: [cancel("w.1"), calls("bobby")],
      expected: { sessions: ["*0 lobby"], lines: ["0 info Request to bobby canceled."] },
    },
    {
      description: "can be requested again at once",
      given: cancelled,
      events: [type("\\fork bobby", 0, 5), answer("withdrawn"), introduce("w.2", "bobby"), linked("bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"] },
    },
    {
      description: "does not count as consent to a later fork of the other side",
      given: after(cancelled, settings({ acceptForks: "ask" })),
      events: [invite("bobby", "another")],
      expected: {
        sessions: ["*0 lobby"],
        lines: ["0 info bobby wants to open a private session with you. \\accept bobby or \\decline bobby"],
      },
    },
    {
      description: "cannot be canceled twice, and neither can one that does not exist",
      given: cancelled,
      events: [cancel("w.1"), cancel("w.9")],
      expected: { unchanged: true },
    },
  ]);

  it("is no longer shown", () => assert.deepEqual(shown(cancelled), []));

  it("is no longer shown when the other side had asked first", () => {
    const wanted = after(online, invite("bobby"), type("\\fork bobby", 0, 4));
    const state = after(wanted, cancel(sid("bobby")));
    assert.deepEqual(shown(state), []);
    check(state, [presented("bobby"), calls("bobby")], { sessions: ["*0 lobby"], lines: [] });
  });
});

describe("an invitation that its caller withdraws", () => {
  const asking = after(online, settings({ acceptForks: "ask" }), invite("bobby"));
  const withdrawn = tell({ type: "withdrawn", sid: sid("bobby") });

  specify([
    {
      description: "is no longer asked about",
      given: asking,
      events: [withdrawn, type("\\accept bobby")],
      expected: {
        lines: ["0 info bobby canceled the request.", "0 error There is no open request from bobby."],
        effects: [["withdraw"], ["cancel", `invite:${sid("bobby")}`], ["settle", 7, "no-question"]],
      },
    },
    {
      description: "is reported to the callee who had accepted it, too",
      given: after(asking, type("\\fork bobby", 0, 4)),
      events: [withdrawn],
      expected: {
        lines: ["0 error Couldn't open a private session with bobby: the request was canceled."],
      },
    },
    {
      description: "is ignored by a window that never had it",
      given: online,
      events: [withdrawn],
      expected: { unchanged: true },
    },
  ]);
});

describe("a fork that crosses one of the other side", () => {
  const opened = after(online, invite("bobby"), linked("bobby"));

  specify([
    {
      description: "switches to the session that has just opened",
      given: opened,
      events: [type("\\fork bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby B open"], lines: [], effects: [["settle", 7, "ok"]] },
    },
    {
      description: "accepts an invitation that is being asked about, and switches there",
      given: after(online, settings({ acceptForks: "ask" }), invite("bobby")),
      events: [type("\\fork bobby"), presented("bobby"), linked("bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby B open"] },
    },
  ]);

  it("is refused when the session has existed for a while", () => {
    assert.equal(later(opened, type("\\fork bobby"), 4_000).active, 0);
  });

  it("is canceled silently when an older server does not know how", () => {
    const error = tell({ type: "error", code: "unknown-type", text: "Unknown message type." });
    const told = after(cancelled, error);
    assert.equal(told.sessions, cancelled.sessions);
    assert.deepEqual(told.forks, cancelled.forks);
    const late = after(told, introduce("w.1", "bobby"));
    assert.deepEqual([late.sessions.length, late.forks], [1, []]);
  });
});
