// The rules of attention that hold over time, over a reload and over any order of events.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import type { Effect } from "../../../../extension/core/model/effects.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { panelChange, panelState } from "../../../../extension/core/view/panelView.ts";
import { applyChange } from "../../../../extension/core/saved/applyChange.ts";
import { changesBetween } from "../../../../extension/core/saved/savedChanges.ts";
import { restoreWindow, SavedWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { sessionView, unreadTotal } from "../../../../extension/core/view/selectors.ts";
import { LOBBY, sessionNumber, type Session } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import { update } from "../../../../extension/core/update.ts";
import type { Entry } from "../../../../protocol/webview.ts";
import {
  after,
  fires,
  hear,
  invite,
  linked,
  look,
  NOW,
  online,
  run,
  said,
  settings,
  show,
  type,
  UNIQUE,
  withBoth,
  type Step,
  focus,
  mute,
  occupied,
} from "../../../support/core.ts";

const isNotification = (effect: Effect): boolean => effect.type === "notify";
const told = (state: State, ...steps: readonly Step[]): number =>
  run(state, ...steps).effects.filter(isNotification).length;
const asked = (state: State, ...steps: readonly Step[]): number =>
  run(state, ...steps).effects.filter((effect) => effect.type === "ask").length;
const sessionOf = (state: State, n: number): Session => {
  const session = state.sessions.find(({ number }) => number === sessionNumber(n));
  assert.ok(session !== undefined);
  return session;
};

/** The window without the focus, in the session with bobby. */
const elsewhere = after(withBoth, focus(false));
const old: Entry = { kind: "message", from: "bobby", own: false, at: NOW - 1, text: "long ago" };

describe("a user who is back at the panel", () => {
  it("is not notified about other sessions: their tabs show it", () => {
    assert.equal(told(elsewhere, hear("carmen", 1, "a"), focus(true), fires("notify")), 0);
  });

  it("gets no digest of it either", () => {
    const busy = after(elsewhere, occupied(true), hear("carmen", 1, "a"), fires("notify"), focus(true));
    assert.equal(told(busy, occupied(false)), 0);
    assert.equal(told(after(busy, occupied(false)), focus(false), fires("notify")), 0);
  });
});

describe("a session with a recent notification", () => {
  const later = (state: State, ms: number, step: Step): State =>
    (typeof step === "function" ? step(state) : [step]).reduce(
      (now, event) => update(now, { ...event, at: NOW + ms, random: 0, unique: UNIQUE }).state,
      state,
    );
  const once = after(elsewhere, hear("bobby", 1, "a"), fires("notify"));
  const MINUTE = 60_000;

  it("stays quiet as long as its peer keeps writing", () => {
    let state = once;
    for (let n = 1; n <= 20; n++) {
      state = later(state, n * MINUTE, hear("bobby", n + 1, "more"));
      assert.equal(told(state, fires("notify")), 0, `after ${n} minutes`);
    }
  });

  it("notifies again after a long silence", () => {
    assert.equal(told(later(once, 60 * MINUTE, hear("bobby", 2, "b")), fires("notify")), 1);
  });

  it("notifies again when the clock was set back by more than that", () => {
    assert.equal(told(later(once, -60 * MINUTE, hear("bobby", 2, "b")), fires("notify")), 1);
  });
});

describe("a lobby with a recent notification about someone", () => {
  const mention = (seq: number, from: string): CoreEvent => said(seq, from, "@anna look");
  const once = after(elsewhere, mention(1, "bobby"), fires("notify"));

  it("notifies again when someone else mentions the user", () => {
    assert.equal(told(once, mention(2, "bobby"), fires("notify")), 0);
    assert.equal(told(once, mention(2, "carmen"), fires("notify")), 1);
    assert.equal(told(once, mention(2, "bobby"), mention(3, "carmen"), fires("notify")), 1);
  });

  it("is part of the digest after the user was busy", () => {
    const busy = after(once, occupied(true), mention(2, "bobby"), fires("notify"));
    assert.equal(told(busy, occupied(false)), 1);
    assert.equal(told(after(busy, occupied(false)), mention(3, "bobby"), fires("notify")), 0);
  });

  it("remembers a bounded number of authors", () => {
    let state = elsewhere;
    for (let n = 1; n <= 100; n++) state = after(state, mention(n, `author${n}`), fires("notify"));
    assert.equal(sessionOf(state, 0).told.length, 32);
  });
});

describe("a request for a session", () => {
  const asking = after(online, settings({ acceptForks: "ask" }), focus(false));

  it("waits while the user is busy, and is asked about afterwards, once", () => {
    const state = after(asking, occupied(true));
    assert.equal(asked(state, invite("bobby")), 0);
    assert.equal(asked(after(state, invite("bobby")), occupied(false)), 1);
    assert.equal(asked(after(state, invite("bobby"), occupied(false)), occupied(true), occupied(false)), 0);
  });

  it("waits until Do Not Disturb is off, and can be answered by hand before", () => {
    const state = after(asking, type("\\dnd"), invite("bobby"));
    assert.equal(asked(state, type("\\dnd")), 1);
    assert.equal(asked(after(state, type("\\decline bobby")), type("\\dnd")), 0);
  });

  it("is asked about at once otherwise", () => {
    assert.equal(asked(asking, invite("bobby")), 1);
  });
});

describe("a read receipt", () => {
  const reads = (state: State, ...steps: readonly Step[]): number =>
    run(state, ...steps).effects.filter(
      (effect) =>
        effect.type === "network" &&
        effect.call === "sendLink" &&
        JSON.stringify(effect.args).includes('"read"'),
    ).length;

  it("is sent only once the window has focus", () => {
    assert.equal(reads(elsewhere, hear("bobby", 1, "a")), 0);
    assert.equal(reads(after(elsewhere, hear("bobby", 1, "a")), focus(true)), 1);
  });
});

describe("the new line", () => {
  const first = (state: State, n: number): Entry | undefined => {
    const { newFrom, transcript } = sessionOf(state, n);
    return newFrom === null ? undefined : slice(transcript, newFrom, newFrom + 1).entries[0];
  };
  const load = (n: number): CoreEvent => ({
    type: "history/loaded",
    session: sessionNumber(n),
    entries: [old, old],
    seen: null,
  });

  it("stays above its message when older ones arrive before it", () => {
    const state = after(elsewhere, hear("bobby", 1, "first"), hear("bobby", 2, "second"), load(1));
    assert.equal(first(state, 1)?.text, "first");
  });

  it("disappears with cleared history", () => {
    const state = after(elsewhere, hear("bobby", 1, "first"), { type: "history/cleared", session: null });
    assert.equal(sessionOf(state, 1).newFrom, null);
  });
});

describe("after a reload", () => {
  const parsed = (value: unknown): SavedWindow => v.parse(SavedWindow, JSON.parse(JSON.stringify(value)));
  const before = after(elsewhere, mute(2), type("\\dnd", 1), focus(false), hear("bobby", 1, "first"));

  it("mutes, Do Not Disturb and the new line are as before", () => {
    const state = restoreWindow(parsed(saveWindow(before)), "x");
    assert.equal(sessionOf(state, 2).muted, true);
    assert.equal(state.presence, "busy");
    assert.equal(sessionOf(state, 1).newFrom, sessionOf(before, 1).newFrom);
    assert.notEqual(sessionOf(before, 1).newFrom, null);
  });

  it("they are as before when only changes were written, too", () => {
    const start = saveWindow(elsewhere);
    const change = changesBetween(elsewhere, before);
    assert.ok(start !== null && change !== null);
    assert.deepEqual(parsed(applyChange(start, change)), parsed(saveWindow(before)));
  });
});

describe("attention, in any order of events", () => {
  const step = fc.record({
    move: fc.constantFrom("hear", "hear", "said", "mention", "focus", "show", "look", "mute", "occupied"),
    rest: fc.constantFrom("", "", "timer", "dnd", "load", "clear", "fork"),
    n: fc.nat(2),
    value: fc.boolean(),
  });
  type Move = { readonly move: string; readonly n: number; readonly value: boolean };
  let forks = 0;
  const eventOf = (state: State, { move, n, value }: Move): Step | null => {
    const [, ...peers] = state.sessions;
    const peer = peers[n % peers.length];
    const received = state.channels.find(({ sid }) => sid === peer?.sid)?.received ?? 0;
    const seq = (state.lastSeen?.seq ?? 0) + 1;
    switch (move) {
      case "hear":
        return peer === undefined ? null : hear(peer.sid.replace("session-", ""), received + 1, "x");
      case "said":
        return said(seq, "bobby", "x");
      case "mention":
        return said(seq, "carmen", "@anna");
      case "focus":
        return focus(value);
      case "show":
        return show(value);
      case "look":
        return look(n);
      case "mute":
        return mute(n, value);
      case "occupied":
        return occupied(value);
      case "timer":
        return fires("notify");
      case "dnd":
        return type("\\dnd", state.active);
      case "load":
        return { type: "history/loaded", session: sessionNumber(n), entries: [old], seen: null };
      case "clear":
        return { type: "history/cleared", session: sessionNumber(n) };
      case "fork":
        return forks++ % 2 === 0 ? invite("dora", "dora") : linked("dora");
      default:
        return null;
    }
  };

  it("unread counts agree, the new line stands above them, and nothing pops up where it may not", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        forks = 0;
        let state = withBoth;
        let page = panelState(state);
        for (const { move, rest, n, value } of steps) {
          for (const name of [move, rest]) {
            const next = eventOf(state, { move: name, n, value });
            if (next === null) continue;
            const before = state;
            const result = run(state, next);
            state = result.state;
            page = { ...page, ...panelChange(before, state)?.state };
            checkCounts(state, page);
            checkNotifications(state, result.effects);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  function checkCounts(state: State, page: ReturnType<typeof panelState>): void {
    const views = state.sessions.map((session) => sessionView(state, session));
    assert.deepEqual(page.sessions, views);
    const shown = page.sessions.filter(({ muted }) => muted !== true);
    assert.equal(
      shown.reduce((sum, { unread }) => sum + unread, 0),
      unreadTotal(state),
    );
    for (const session of state.sessions) {
      const { number, unread, newFrom, transcript } = session;
      if (state.visible && state.focused && state.active === number) assert.equal(unread, 0);
      if (unread === 0) continue;
      assert.ok(newFrom !== null && newFrom >= transcript.start && newFrom < transcript.end);
      const below = slice(transcript, newFrom, transcript.end).entries;
      assert.ok(below.filter((entry) => entry.kind === "message" && !entry.own).length >= unread);
    }
  }

  function checkNotifications(state: State, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== "notify") continue;
      assert.ok(!(state.visible && state.focused), "shown to who looks at the panel");
      assert.ok(!state.occupied && state.presence !== "busy", "shown to who must not be disturbed");
      assert.ok(effect.sessions.length > 0);
      for (const number of effect.sessions) assert.equal(sessionOf(state, number).muted, false);
    }
    assert.ok(sessionOf(state, LOBBY).number === LOBBY);
  }
});
