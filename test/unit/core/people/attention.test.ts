// What is said to a user who does not look, and what counts as seen.
import assert from "node:assert/strict";
import { sessionView, unreadTotal } from "../../../../extension/core/view/selectors.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { notifyOfAll } from "../../../../extension/core/model/settings.ts";
import {
  after,
  fires,
  focus,
  frame,
  hear,
  invite,
  linked,
  look,
  mute,
  occupied,
  online,
  pin,
  run,
  said,
  settings,
  show,
  sid,
  type Step,
  type,
  withBoth,
} from "../../../support/core.ts";

const told = (state: State, ...events: Parameters<typeof run>[1][]): string[] =>
  run(state, ...events).effects.flatMap((effect) => (effect.type === "notify" ? [effect.text] : []));

/** The window without the focus, in the session with bobby. */
const elsewhere = after(withBoth, focus(false));

describe("a notification", () => {
  for (const [what, event, text] of [
    ["a private message", hear("bobby", 1, "a secret"), "bobby sent you a private message."],
    ["a mention", said(1, "bobby", "@anna?"), "bobby mentioned you."],
  ] as const) {
    it(`announces ${what}: the sender, never the content`, () => {
      assert.deepEqual(told(elsewhere, event, fires("notify")), [text]);
    });
  }

  it("announces a fork, and opens its session", () => {
    const { effects } = run(after(online, focus(false)), invite("bobby"), linked("bobby"), fires("notify"));
    const notify = effects.find((effect) => effect.type === "notify");
    assert.deepEqual(notify, {
      type: "notify",
      text: "bobby opened a private session with you.",
      sessions: [1],
    });
  });

  it("announces an introduction, with the introducer", () => {
    const introduces = (name: string): Step =>
      frame("bobby", { type: "introduce", sid: sid(name), role: "B", name, pin: pin(name) });
    const met = [introduces("zoe"), linked("zoe")];
    assert.deepEqual(told(elsewhere, ...met, fires("notify")), ["bobby introduced you to zoe."]);
    const both = [...met, introduces("yves"), linked("yves")];
    assert.deepEqual(told(elsewhere, ...both, fires("notify")), ["New private sessions with zoe and yves."]);
  });

  it("does not appear for ordinary lobby messages", () => {
    assert.deepEqual(told(elsewhere, said(1, "bobby", "hello all"), fires("notify")), []);
  });

  it("does not appear while the user looks at the window and the panel, in any session", () => {
    assert.deepEqual(told(withBoth, hear("carmen", 1, "hi"), fires("notify")), []);
    assert.deepEqual(told(after(withBoth, show(false)), hear("carmen", 1, "hi"), fires("notify")).length, 1);
  });

  it("covers several events at once, and appears once per session until it is looked at", () => {
    const events = [hear("bobby", 1, "a"), hear("bobby", 2, "b"), hear("carmen", 1, "c")];
    assert.deepEqual(told(elsewhere, ...events, fires("notify")), [
      "3 private messages from bobby and carmen.",
    ]);
    const once = after(elsewhere, ...events, fires("notify"));
    assert.deepEqual(told(once, hear("bobby", 3, "d"), fires("notify")), []);
    const looked = after(once, focus(true), focus(false));
    assert.deepEqual(told(looked, hear("bobby", 3, "d"), fires("notify")), [
      "bobby sent you a private message.",
    ]);
  });

  it("is scheduled once for everything collected", () => {
    const { effects } = run(elsewhere, hear("bobby", 1, "a"), hear("bobby", 2, "b"));
    assert.equal(effects.filter((effect) => effect.type === "schedule" && effect.key === "notify").length, 1);
  });

  it("does not appear for what was looked at in the meantime", () => {
    assert.deepEqual(told(elsewhere, hear("bobby", 1, "a"), focus(true), focus(false), fires("notify")), []);
  });

  it("does not appear for a muted session, or if its setting is off", () => {
    assert.deepEqual(told(after(elsewhere, mute(1)), hear("bobby", 1, "a"), fires("notify")), []);
    const quiet = after(elsewhere, settings({ notify: { ...notifyOfAll, messages: false } }));
    assert.deepEqual(told(quiet, hear("bobby", 1, "a"), fires("notify")), []);
  });

  it("waits while the user is busy, and becomes one digest afterwards", () => {
    const busy = after(
      elsewhere,
      occupied(true),
      hear("bobby", 1, "a"),
      fires("notify"),
      hear("carmen", 1, "b"),
    );
    assert.deepEqual(told(busy, fires("notify")), []);
    assert.deepEqual(told(busy, occupied(false)), ["2 private messages from bobby and carmen."]);
  });

  it("waits until Do Not Disturb is off", () => {
    const busy = after(withBoth, type("\\dnd", 1), focus(false), hear("bobby", 1, "a"), fires("notify"));
    assert.equal(busy.presence, "busy");
    assert.deepEqual(told(busy, type("\\dnd", 2)), ["bobby sent you a private message."]);
  });
});

describe("unread messages", () => {
  const view = (state: State, session: number) => {
    const found = state.sessions[session];
    assert.ok(found !== undefined);
    return sessionView(state, found);
  };

  it("count while the window has no focus, and start at a line", () => {
    const state = after(elsewhere, hear("bobby", 1, "a"), hear("bobby", 2, "b"));
    assert.equal(view(state, 1).unread, 2);
    assert.equal(view(state, 1).newFrom, view(state, 1).end - 2);
  });

  it("are read by looking, while the line stays until the user moves on", () => {
    const state = after(elsewhere, hear("bobby", 1, "a"), focus(true));
    assert.deepEqual([view(state, 1).unread, typeof view(state, 1).newFrom], [0, "number"]);
    assert.equal(view(after(state, look(0)), 1).newFrom, undefined);
    assert.equal(view(after(state, focus(false)), 1).newFrom, undefined);
  });

  it("are counted the same everywhere, without muted sessions", () => {
    const state = after(elsewhere, hear("bobby", 1, "a"), hear("carmen", 1, "b"), mute(2));
    assert.deepEqual([view(state, 1).unread, view(state, 2).unread, unreadTotal(state)], [1, 1, 1]);
  });
});
