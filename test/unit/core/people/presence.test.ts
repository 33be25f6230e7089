// Who is online, who is typing, what was read.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { sessionView } from "../../../../extension/core/view/selectors.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { update } from "../../../../extension/core/update.ts";
import {
  above,
  after,
  confirm,
  fires,
  frame,
  hear,
  joined,
  linked,
  look,
  NOW,
  online,
  run,
  settings,
  show,
  sid,
  tell,
  type,
  UNIQUE,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { effectTuple, specify } from "../../../support/coreChecks.ts";

const presence = (state: "here" | "away"): CoreEvent => ({ type: "host/presence", presence: state });
const typing = (value: boolean, session = 1): CoreEvent => ({
  type: "user/typing",
  session: sessionNumber(session),
  value,
});
const peerView = (state: State) => {
  const session = state.sessions[1];
  return session === undefined ? undefined : sessionView(state, session).peer;
};
const sent = (state: State, ...events: Parameters<typeof run>[1][]): unknown[] =>
  run(state, ...events).effects.flatMap((effect) =>
    effect.type === "network" && (effect.call === "sendLink" || effect.call === "send")
      ? [effect.args[1]]
      : [],
  );

describe("one's own presence", () => {
  specify([
    {
      description: "is sent to the server and to all peers when it changes",
      given: withBoth,
      events: [presence("away"), presence("away")],
      expected: {
        effects: [
          ["send", 1, { type: "presence", state: "away" }],
          ["sendLink", "d1", { type: "presence", state: "away" }],
          ["sendLink", "i-carmen", { type: "presence", state: "away" }],
        ],
      },
    },
  ]);

  it("is sent again on each link", () => {
    const away = after(withBobby, type("\\dnd", 1), unlinked("bobby", "lost"));
    assert.ok(
      sent(away, linked("bobby")).some(
        (each) => JSON.stringify(each) === '{"type":"presence","state":"busy"}',
      ),
    );
  });
});

describe("others' presence", () => {
  it("is what the server lists, and what it reports later", () => {
    const state = after(
      withBobby,
      tell({ type: "users", items: [{ name: "anna" }, { name: "bobby", state: "away" }] }),
    );
    assert.equal(peerView(state)?.presence, "away");
    assert.equal(
      peerView(after(state, tell({ type: "presence", name: "bobby", state: "here" })))?.presence,
      "here",
    );
  });

  it("is what the peer itself reports, without a server", () => {
    assert.equal(
      peerView(after(withBobby, frame("bobby", { type: "presence", state: "busy" })))?.presence,
      "busy",
    );
  });

  it("is what it reports on its newest link: a peer that reports nothing is present", () => {
    const away = after(
      withBobby,
      frame("bobby", { type: "presence", state: "away" }),
      unlinked("bobby", "lost"),
    );
    assert.equal(peerView(away)?.presence, "away");
    assert.equal(peerView(after(away, linked("bobby")))?.presence, "here");
  });

  it("of people outside the lobby comes from their open session", () => {
    const busy = after(withBobby, frame("bobby", { type: "presence", state: "busy" }));
    const gone = after(busy, tell({ type: "left", name: "bobby", reason: "lost" }));
    assert.equal(peerView(gone)?.presence, "busy");
    assert.equal(peerView(after(gone, tell({ type: "users", items: [{ name: "anna" }] })))?.presence, "busy");
    const unlinkedToo = after(gone, unlinked("bobby", "lost"));
    assert.equal(unlinkedToo.presences.length, 0, "nobody tells of him any more");
  });

  it("is forgotten when they leave", () => {
    const state = after(
      online,
      tell({ type: "presence", name: "bobby", state: "away" }),
      tell({ type: "left", name: "bobby", reason: "quit" }),
    );
    assert.equal(state.presences.length, 0);
    assert.equal(joined("anna").type, "joined");
  });
});

describe("read receipts", () => {
  it("are sent while the session is looked at, once per number", () => {
    assert.deepEqual(sent(withBobby, hear("bobby", 1, "hi")), [
      { type: "ack", received: 1 },
      { type: "read", upTo: 1 },
    ]);
  });

  it("are sent when the session is looked at again, not before", () => {
    const elsewhere = after(withBobby, look(0));
    assert.deepEqual(sent(elsewhere, hear("bobby", 1, "hi")), [{ type: "ack", received: 1 }]);
    assert.deepEqual(sent(after(elsewhere, hear("bobby", 1, "hi")), look(1)), [{ type: "read", upTo: 1 }]);
    assert.deepEqual(sent(after(withBobby, show(false)), hear("bobby", 1, "hi")), [
      { type: "ack", received: 1 },
    ]);
  });

  it("are not sent while the window has no focus", () => {
    const given = after(withBobby, { type: "host/focus", focused: false });
    assert.deepEqual(sent(given, hear("bobby", 1, "hi")), [{ type: "ack", received: 1 }]);
    const back: CoreEvent = { type: "host/focus", focused: true };
    assert.deepEqual(sent(after(given, hear("bobby", 1, "hi")), back), [{ type: "read", upTo: 1 }]);
  });

  it("are not sent for messages below a reader further up, until they reach them", () => {
    const given = after(withBobby, hear("bobby", 1, "hi"), above(1));
    assert.deepEqual(sent(given, hear("bobby", 2, "ho")), [{ type: "ack", received: 2 }]);
    assert.deepEqual(sent(after(given, hear("bobby", 2, "ho")), above()), [{ type: "read", upTo: 2 }]);
    assert.deepEqual(sent(after(given, hear("bobby", 2, "ho"), look(0)), look(1)), []);
  });

  it("are sent again on a new link, wherever the user is looking", () => {
    const elsewhere = after(withBobby, hear("bobby", 1, "hi"), look(0), unlinked("bobby", "lost"));
    assert.deepEqual(
      sent(elsewhere, linked("bobby")).filter((each) => JSON.stringify(each).includes('"read"')),
      [{ type: "read", upTo: 1 }],
    );
  });

  it("are not sent when their setting is off", () => {
    const given = after(withBobby, settings({ tellRead: false }));
    assert.deepEqual(sent(given, hear("bobby", 1, "hi"), typing(true)), [{ type: "ack", received: 1 }]);
  });

  it("for our messages are shown as far as there is something to read", () => {
    const given = after(withBobby, type("one", 1), type("two", 1), confirm("bobby", 2));
    assert.equal(peerView(after(given, frame("bobby", { type: "read", upTo: 2 })))?.readUpTo, 2);
    assert.equal(peerView(after(given, frame("bobby", { type: "read", upTo: 3 })))?.readUpTo, 0);
  });
});

describe("typing notices", () => {
  it("are sent when typing begins and stops, once each", () => {
    assert.deepEqual(sent(withBobby, typing(true), typing(true), typing(false)), [
      { type: "typing", value: true },
      { type: "typing", value: false },
    ]);
  });

  it("are repeated while typing continues, and end automatically when the page stops reporting", () => {
    const at = (state: State, ms: number, event: CoreEvent) =>
      update(state, { ...event, at: NOW + ms, random: 0, unique: UNIQUE });
    const begun = at(withBobby, 0, typing(true));
    const soon = at(begun.state, 4_000, typing(true));
    const later = at(soon.state, 6_000, typing(true));
    const frames = [begun, soon, later].map(({ effects }) =>
      effects.map(effectTuple).filter(([call]) => call === "sendLink"),
    );
    assert.deepEqual(
      frames.map(({ length }) => length),
      [1, 0, 1],
    );
    const key = `writing:${sid("bobby")}` as const;
    assert.ok(later.effects.map(effectTuple).some(([call, what]) => call === "schedule" && what === key));
    assert.deepEqual(sent(later.state, fires(key)), [{ type: "typing", value: false }]);
  });

  it("leave no timer behind when the link is lost", () => {
    const given = after(withBobby, typing(true), frame("bobby", { type: "typing", value: true }));
    const { effects } = run(given, unlinked("bobby", "lost"));
    const cancelled = effects.flatMap((effect) => (effect.type === "cancel" ? [effect.key] : []));
    for (const key of [`writing:${sid("bobby")}`, `typing:${sid("bobby")}`] as const) {
      assert.ok(cancelled.includes(key), key);
    }
  });

  it("of the other side are shown until it stops, sends, leaves, or is silent for long", () => {
    const writing = after(withBobby, frame("bobby", { type: "typing", value: true }));
    assert.equal(peerView(writing)?.typing, true);
    for (const end of [
      frame("bobby", { type: "typing", value: false }),
      hear("bobby", 1, "done"),
      unlinked("bobby", "lost"),
      fires(`typing:${sid("bobby")}`),
    ]) {
      assert.equal(peerView(after(writing, end))?.typing, false);
    }
  });
});
