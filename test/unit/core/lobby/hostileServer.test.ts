// A server, or a peer that introduces, which does what no honest one would: it gains nothing but that nothing works.
import assert from "node:assert/strict";
import { mock } from "node:test";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { ownCard } from "../../../../extension/core/channels/dialling.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { update } from "../../../../extension/core/update.ts";
import { panelChange } from "../../../../extension/core/view/panelView.ts";
import { limits } from "../../../../protocol/limits.ts";
import {
  after,
  blank,
  CARD,
  fires,
  frame,
  introduce,
  invite,
  join,
  joined,
  linked,
  listening,
  NOW,
  online,
  open,
  pin,
  run,
  settings,
  sid,
  tell,
  type,
  UNIQUE,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";

const bobbysPin = (state: State) => state.people.find(({ name }) => name === "bobby")?.pin;

describe("a hostile server", () => {
  it("cannot make a window forget a key by inventing people", () => {
    let state = withBobby;
    for (let i = 0; i < limits.knownPeers + 10; i++) {
      const event: CoreEvent = invite(`nobody${i}`);
      state = update(state, { ...event, at: NOW + i * 6_001, random: 0, unique: UNIQUE }).state;
    }
    assert.equal(bobbysPin(state), pin("bobby"));
    assert.equal(state.people.length, 1);
  });

  it("that confuses two sessions leaves no command unanswered", () => {
    // The fork of bobby is introduced under the id of the session which carmen has asked for, and which is wanted.
    const { effects } = run(
      online,
      type("\\fork bobby", 0, 1),
      invite("carmen", "one"),
      type("\\fork carmen", 0, 2),
      introduce("w.1", "bobby", "one"),
      linked("one"),
    );
    const settled = effects.flatMap((effect) =>
      effect.type === "settle" ? [[effect.request, effect.outcome.ok]] : [],
    );
    assert.deepEqual(settled, [
      [2, false],
      [1, true],
    ]);
  });

  it("cannot fill a window with the presence of absent people", () => {
    const events = Array.from({ length: 50 }, (_, i): CoreEvent[] => [
      tell({ type: "presence", name: `nobody${i}`, state: "away" }),
      tell({ type: "presence", name: `nobody${i}`, state: "here" }),
      tell({ type: "presence", name: `nobody${i}`, state: "busy" }),
    ]);
    assert.deepEqual([...after(withBobby, ...events.flat()).presences], []);
    // People who are online, or have a private session with us, are still known.
    const left = after(withBobby, tell({ type: "left", name: "bobby", reason: "quit" }));
    const told = after(
      left,
      tell({ type: "presence", name: "Carmen", state: "away" }),
      frame("bobby", { type: "presence", state: "busy" }),
    );
    assert.deepEqual([...told.presences].sort(), [
      ["bobby", "busy"],
      ["carmen", "away"],
    ]);
  });

  describe("with a full lobby", () => {
    const crowd = Array.from({ length: limits.clients - 2 }, (_, n) => ({
      name: `élan${n}`,
      state: "away" as const,
    }));
    const full = after(online, tell({ type: "users", items: [{ name: "anna" }, ...crowd] }));
    /** More than the names that the page completes have in all its lists, and fewer than the lobby has. */
    const MOST_NORMALIZED = 12_000;

    /** Processes an event and brings it to the page. Returns how many names were normalized, which takes most of the time. */
    function normalizedFor(event: CoreEvent): number {
      const normalize = mock.method(String.prototype, "normalize");
      try {
        panelChange(full, after(full, event));
        return normalize.mock.callCount();
      } finally {
        normalize.mock.restore();
      }
    }

    it("keeps a window busy no longer with an arrival, a departure or a presence than with few people", () => {
      const events = [
        tell({ type: "arrived", name: "zoë" }),
        tell({ type: "left", name: "élan7", reason: "quit" }),
        tell({ type: "presence", name: "élan7", state: "busy" }),
      ];
      for (const event of events) {
        const count = normalizedFor(event);
        assert.ok(count > 0 && count < MOST_NORMALIZED, `${count} names`);
      }
    });

    it("has each name of an unasked list normalized a few times", () => {
      const count = normalizedFor(tell({ type: "users", items: crowd }));
      assert.ok(count < 4 * crowd.length + MOST_NORMALIZED, `${count} names`);
    });
  });

  it("cannot end a session that is away by an invitation in its peer's name and key", () => {
    const away = after(withBobby, unlinked("bobby", "lost"), type("waits", 1));
    const state = after(away, invite("bobby", "another"));
    assert.deepEqual(
      [state.sessions[1]?.kind === "peer" && state.sessions[1].link, state.sessions[1]?.pending.length],
      ["waiting", 1],
    );
    // Only a link with the same key shows that the peer has started over.
    assert.equal(after(state, linked("another")).sessions.at(-1)?.kind, "peer");
    assert.equal(after(state, linked("another")).sessions.length, 3);
  });

  it("cannot give anyone an invalid name", () => {
    for (const name of ["lobby", "Anna", "system", "b\u043ebby", "-", "\u0301"]) {
      assert.deepEqual(after(online, invite(name, "odd", pin("odd"))).invites, [], name);
    }
  });

  it("cannot replace the person who asked earlier", () => {
    const asked = after(online, settings({ acceptForks: "ask" }), invite("dora"));
    const state = after(asked, invite("dora", "impostor", pin("impostor")));
    assert.deepEqual(
      state.invites.map(({ pin }) => pin),
      [pin("dora")],
    );
  });

  for (const address of ["no address", "fe80::1", "fe80::1%eth0", "0.0.0.0", "224.0.0.1"]) {
    it(`cannot put an address into our cards that no peer can dial: ${address}`, () => {
      const state = after(
        after(blank, join("anna"), open(), listening),
        tell(joined("anna", { you: { address } })),
      );
      assert.deepEqual(ownCard(state).addresses, [{ host: "192.168.1.7", port: 50_001 }]);
    });
  }

  it("cannot make us dial more than occasionally", () => {
    const away = after(withBobby, unlinked("bobby", "lost"));
    const reaches = Array.from({ length: 300 }, (_, i) =>
      tell({
        type: "reach",
        sid: sid("bobby"),
        from: "bobby",
        pin: pin("bobby"),
        card: { addresses: [{ host: "10.0.0.9", port: 1000 + i }] },
      }),
    );
    const dials = run(away, ...reaches).effects.filter(
      (effect) => effect.type === "network" && effect.call === "dial",
    );
    assert.ok(dials.length <= 1, String(dials.length));
  });
});

describe("a hostile peer", () => {
  const introduce = (name: string, session: string, key = pin(name)) =>
    frame("bobby", { type: "introduce", sid: sid(session), role: "A", name, pin: key });

  it("cannot end someone else's session by introducing someone in its name", () => {
    const away = after(withBoth, unlinked("carmen", "lost"));
    const state = after(away, introduce("carmen", "forged"));
    assert.deepEqual(
      state.sessions.map((each) => (each.kind === "peer" ? each.link : "")),
      ["", "open", "waiting"],
    );
  });

  it("gets one channel for an introduction, however often it completes it", () => {
    const asked = after(withBobby, introduce("dora", "dora"));
    const completed = frame("bobby", { type: "introduced", sid: sid("dora"), card: CARD });
    const { state, effects } = run(asked, ...Array.from({ length: 50 }, () => completed));
    assert.equal(state.channels.length, 2);
    assert.equal(effects.filter((effect) => effect.type === "network" && effect.call === "dial").length, 1);
  });

  it("uses up no one else's invitations", () => {
    const names = Array.from({ length: 40 }, (_, i) => `guest${i}`);
    const state = after(withBobby, ...names.map((name) => introduce(name, name)), invite("carmen"));
    assert.equal(state.invites.find(({ from }) => from === "carmen")?.phase, "accepted");
    assert.equal(after(state, fires("reconnect")).invites.length, state.invites.length);
  });
});
