// Answers, edits, retractions and reactions in private: one's own and those of the other side.
import assert from "node:assert/strict";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { panelChange } from "../../../../extension/core/view/panelView.ts";
import { restoreWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import type { PeerAbout } from "../../../../protocol/fields.ts";
import {
  after,
  answers,
  confirm,
  frame,
  hear,
  NOW,
  reaches,
  run,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { indexOf, messages, submit, thumb } from "../../../support/shownMessages.ts";

const hearAbout = (seq: number, text: string, about: PeerAbout) =>
  frame("bobby", { type: "message", seq, at: NOW, text, about });

describe("the other side of a private session", () => {
  const given = after(withBobby, hear("bobby", 1, "frist"), type("mine", 1), confirm("bobby", 1));

  it("edits its own message, which is marked; nothing new is unread", () => {
    const state = after(given, hearAbout(2, "first", { kind: "edit", seq: 1 }));
    assert.deepEqual(messages(state, 1)[0], {
      ...{ kind: "message", from: "bobby", own: false, at: NOW, text: "first", seq: 1, edited: true },
    });
    assert.equal(messages(state, 1).length, 2);
  });

  it("cannot edit ours: its numbers refer to its own messages", () => {
    const state = after(
      withBobby,
      type("mine", 1),
      confirm("bobby", 1),
      hearAbout(1, "yours", { kind: "edit", seq: 1 }),
    );
    assert.deepEqual(
      messages(state, 1).map(({ text }) => text),
      ["mine"],
    );
  });

  it("retracts its message, and leaves no trace of it", () => {
    const [first] = messages(after(given, hearAbout(2, "(retracted)", { kind: "retract", seq: 1 })), 1);
    assert.deepEqual([first?.text, first?.retracted], ["", true]);
  });

  it("cannot change a retracted message, and a reply to it quotes nothing", () => {
    const state = after(
      given,
      hearAbout(2, "(retracted)", { kind: "retract", seq: 1 }),
      hearAbout(3, "back again", { kind: "edit", seq: 1 }),
      hearAbout(4, "\u{1f44d}", { kind: "react", of: "mine", seq: 1, on: true }),
      hearAbout(5, "and yet", { kind: "reply", of: "mine", seq: 1 }),
    );
    const [first, last] = [messages(state, 1)[0], messages(state, 1).at(-1)];
    assert.deepEqual(
      [first?.text, first?.retracted, first?.edited, first?.reactions],
      ["", true, undefined, undefined],
    );
    assert.deepEqual([last?.text, last?.reply], ["and yet", undefined]);
  });

  it("retracts quotes of the message as well", () => {
    const quoted = after(given, submit("what?", 1, "reply", indexOf(given, 1, "frist")), confirm("bobby", 2));
    assert.equal(messages(quoted, 1).at(-1)?.reply?.text, "frist");
    const state = after(quoted, hearAbout(2, "(retracted)", { kind: "retract", seq: 1 }));
    assert.deepEqual(messages(state, 1).at(-1)?.reply, {
      ...{ from: "bobby", text: "", index: indexOf(quoted, 1, "frist"), seq: 1, own: false },
    });
    assert.ok(!JSON.stringify(saveWindow(state)).includes("frist"));
  });

  it("can react only with an emoji", () => {
    for (const text of ["no", `${thumb}no`, thumb.repeat(9), "7"]) {
      const state = after(given, hearAbout(2, text, { kind: "react", of: "yours", seq: 1, on: true }));
      assert.equal(messages(state, 1)[1]?.reactions, undefined, text);
      assert.equal(state.channels[0]?.received, 2);
    }
  });

  it("replies to ours, with a quote", () => {
    const state = after(given, hearAbout(2, "so?", { kind: "reply", of: "yours", seq: 1 }));
    assert.deepEqual(messages(state, 1).at(-1)?.reply, {
      from: "anna",
      text: "mine",
      ...{ index: indexOf(state, 1, "mine"), seq: 1, own: true },
    });
  });

  it("adds an emoji to ours, and removes it again", () => {
    const on = after(given, hearAbout(2, thumb, { kind: "react", of: "yours", seq: 1, on: true }));
    assert.deepEqual(messages(on, 1)[1]?.reactions, [{ text: thumb, by: ["bobby"], mine: false }]);
    const off = after(on, hearAbout(3, thumb, { kind: "react", of: "yours", seq: 1, on: false }));
    assert.equal(messages(off, 1)[1]?.reactions, undefined);
  });

  it("gets acknowledged and keeps being heard when it changes an unknown message", () => {
    const { state, effects } = run(
      given,
      hearAbout(2, "first", { kind: "edit", seq: 1 }),
      hearAbout(3, "x", { kind: "edit", seq: 3 }),
    );
    assert.equal(state.channels[0]?.received, 3);
    assert.ok(!effects.some((effect) => effect.type === "network" && effect.call === "closeLink"));
  });
});

describe("one's own edit", () => {
  const given = after(withBobby, hear("bobby", 1, "theirs"), type("mien", 1), confirm("bobby", 1));

  it("is kept half-written, over a reload too; once sent, it restores the earlier draft", () => {
    const index = indexOf(given, 1, "mien");
    const about = { kind: "edit", index, former: "mien", text: "mine" } as const;
    const writing = after(given, { type: "user/draft", session: sessionNumber(1), text: "next", about });
    const saved = saveWindow(writing);
    assert.ok(saved !== null);
    const reloaded = restoreWindow(saved, "w");
    assert.deepEqual(reloaded.sessions[1]?.draftAbout, about);
    const sent = after(writing, submit("mine", 1, "edit", index)).sessions[1];
    assert.deepEqual([sent?.draft, sent?.draftAbout], ["next", null]);
  });

  it("waits like a message, and counts once it is acknowledged", () => {
    const asked = after(given, submit("mine", 1, "edit", indexOf(given, 1, "mien")));
    assert.deepEqual(
      asked.sessions[1]?.pending.map(({ text, about }) => [text, about]),
      [["mine", { kind: "edit", seq: 1 }]],
    );
    assert.equal(messages(asked, 1)[1]?.text, "mien");
    const held = after(asked, confirm("bobby", 2));
    assert.deepEqual([messages(held, 1)[1]?.text, messages(held, 1)[1]?.edited], ["mine", true]);
  });

  it("is resent on a new link, and kept over a restart", () => {
    const asked = after(
      given,
      submit("mine", 1, "edit", indexOf(given, 1, "mien")),
      unlinked("bobby", "lost"),
    );
    const saved = saveWindow(asked);
    assert.ok(saved !== null);
    const { effects } = run(asked, reaches("bobby"), answers("bobby", { received: 1 }));
    const sent = effects.flatMap((effect) =>
      effect.type === "network" && effect.call === "sendLink" && effect.args[1].type === "message"
        ? [effect.args[1]]
        : [],
    );
    assert.deepEqual(
      sent.map(({ seq, about }) => [seq, about]),
      [[2, { kind: "edit", seq: 1 }]],
    );
    assert.deepEqual(restoreWindow(saved, "w").sessions[1]?.pending, asked.sessions[1]?.pending);
  });

  it("of someone else's message is rejected, and the text comes back", () => {
    const { effects } = run(given, submit("mine now", 1, "edit", indexOf(given, 1, "theirs")));
    assert.deepEqual(effects, [{ type: "settle", request: 7, outcome: { ok: false, ...failures.notYours } }]);
  });

  it("of a line that is no message, or is retracted, is rejected", () => {
    const retracted = after(given, hearAbout(2, "x", { kind: "retract", seq: 1 }));
    for (const [state, index] of [
      [given, 0],
      [given, 4711],
      [retracted, indexOf(given, 1, "theirs")],
    ] as const) {
      const { effects } = run(state, submit("so?", 1, "reply", index));
      assert.deepEqual(effects, [
        { type: "settle", request: 7, outcome: { ok: false, ...failures.unknownMessage } },
      ]);
    }
  });

  it("reaches the page as an amended line", () => {
    const asked = after(given, submit("mine", 1, "edit", indexOf(given, 1, "mien")));
    const held = after(asked, confirm("bobby", 2));
    const change = panelChange(asked, held);
    assert.deepEqual(change?.entries, []);
    assert.deepEqual(
      change.amended?.map(({ session, entry }) => [session, entry.text]),
      [[1, "mine"]],
    );
  });
});
