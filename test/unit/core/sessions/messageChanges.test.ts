// Answers, edits, retractions and reactions: in the lobby and in private, one's own and those of others.
import assert from "node:assert/strict";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { panelChange } from "../../../../extension/core/view/panelView.ts";
import { restoreWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import type { LobbyAbout, PeerAbout } from "../../../../protocol/fields.ts";
import type { MessageEntry } from "../../../../protocol/webview.ts";
import {
  after,
  answers,
  blank,
  close,
  confirm,
  fires,
  frame,
  hear,
  join,
  joined,
  listening,
  messageId,
  NOW,
  numbered,
  online,
  open,
  OTHER_EPOCH,
  reaches,
  run,
  said,
  show,
  tell,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { effectTuple } from "../../../support/coreChecks.ts";

function messages(state: State, session: number): MessageEntry[] {
  const found = state.sessions.find(({ number }) => number === sessionNumber(session));
  const entries = found === undefined ? [] : slice(found.transcript, 0, found.transcript.end).entries;
  return entries.flatMap((entry) => (entry.kind === "message" ? [entry] : []));
}

const indexOf = (state: State, session: number, text: string): number => {
  const found = state.sessions.find(({ number }) => number === sessionNumber(session));
  assert.ok(found !== undefined);
  const { entries, index } = slice(found.transcript, 0, found.transcript.end);
  return index + entries.findIndex((entry) => entry.text === text);
};

const submit = (text: string, session: number, kind: "reply" | "edit", index: number): CoreEvent => ({
  type: "user/submit",
  request: 7,
  session: sessionNumber(session),
  text,
  about: { kind, index },
});
const hearAbout = (seq: number, text: string, about: PeerAbout) =>
  frame("bobby", { type: "message", seq, at: NOW, text, about });
const saidAbout = (seq: number, from: string, text: string, about: LobbyAbout): CoreEvent =>
  tell({
    type: "said",
    seq,
    at: NOW,
    from,
    id: messageId(`o.${seq}`),
    text,
    about,
  });
const thumb = "\u{1f44d}";

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

describe("in the lobby", () => {
  const given = after(online, said(1, "bobby", "frist"), type("mine"), numbered("w.1", 2));

  it("changes apply to the message with their number", () => {
    const state = after(
      given,
      saidAbout(3, "bobby", "first", { kind: "edit", seq: 1 }),
      saidAbout(4, "carmen", thumb, { kind: "react", seq: 2, on: true }),
      saidAbout(5, "carmen", "why?", { kind: "reply", seq: 2 }),
    );
    const [first, mine, why] = messages(state, 0);
    assert.deepEqual([first?.text, first?.edited], ["first", true]);
    assert.deepEqual(mine?.reactions, [{ text: thumb, by: ["carmen"], mine: false }]);
    assert.deepEqual(why?.reply, {
      ...{ from: "anna", text: "mine", index: indexOf(state, 0, "mine"), seq: 2, own: true },
    });
  });

  it("no one can edit someone else's message, whatever a server lets through", () => {
    const state = after(given, saidAbout(3, "carmen", "forged", { kind: "edit", seq: 1 }));
    assert.equal(messages(state, 0)[0]?.text, "frist");
  });

  it("one's own message can be changed only under the name that sent it, because others would ignore it", () => {
    const as = (name: string): State =>
      after(given, close(), fires("reconnect"), open(2), listening, tell(joined(name, { seq: 2 }), 2));
    const edit = (state: State) => submit("edited", 0, "edit", indexOf(state, 0, "mine"));
    const { effects } = run(as("anna_2"), edit(as("anna_2")));
    assert.deepEqual(effects.map(effectTuple).at(-1), ["settle", 7, "not-yours"]);
    assert.equal(after(as("Anna"), edit(as("Anna"))).sessions[0].pending.at(-1)?.text, "edited");
  });

  it("a pending change is held when its author returns under another name, and done if it was accepted before", () => {
    const asked = after(given, submit("edited", 0, "edit", indexOf(given, 0, "mine")));
    const { state, effects } = run(
      asked,
      ...[close(), fires("reconnect"), open(2), listening],
      tell(joined("anna_2", { seq: 3, missed: 1 }), 2),
    );
    assert.ok(!effects.map(effectTuple).some(([call]) => call === "send"));
    const [held] = state.sessions[0].pending;
    assert.deepEqual([held?.status, held?.text], ["failed", "edited"]);
    assert.ok(held !== undefined);
    const again = run(state, { type: "user/retry", session: sessionNumber(0), id: held.id });
    assert.ok(!again.effects.map(effectTuple).some(([call]) => call === "send"));
    assert.equal(again.state.sessions[0].pending[0]?.status, "failed");
    const taken = after(
      state,
      tell(
        {
          ...{ type: "said", seq: 3, at: NOW, from: "anna", id: messageId(held.id), text: "edited" },
          about: { kind: "edit", seq: 2 },
        },
        2,
      ),
    );
    assert.deepEqual(taken.sessions[0].pending, []);
    assert.deepEqual(
      messages(taken, 0).map(({ text }) => text),
      ["frist", "edited"],
    );
  });

  it("numbers of a restarted server do not refer to earlier messages", () => {
    const asked = after(
      given,
      submit("mine, edited", 0, "edit", indexOf(given, 0, "mine")),
      submit("so?", 0, "reply", indexOf(given, 0, "frist")),
    );
    const again = [close(), fires("reconnect"), open(2), listening] as const;
    const { state: back, effects } = run(
      asked,
      ...again,
      tell(joined("anna", { epoch: OTHER_EPOCH, seq: 2, missed: 2, gap: true }), 2),
    );
    // An edit would now name another message; an answer is still worth saying.
    assert.deepEqual(
      effects.map(effectTuple).filter(([call]) => call === "send"),
      [["send", 2, { type: "say", id: "w.3", text: "so?" }]],
    );
    assert.deepEqual(
      messages(back, 0).map(({ seq }) => seq),
      [undefined, undefined],
    );
    const told = (seq: number, text: string, about?: LobbyAbout): CoreEvent =>
      tell(
        {
          ...{ type: "said", seq, at: NOW, from: "bobby", id: messageId(`n.${seq}`), text },
          ...(about === undefined ? {} : { about }),
        },
        2,
      );
    const state = after(back, told(1, "new"), told(2, "newer", { kind: "edit", seq: 1 }));
    assert.deepEqual(
      messages(state, 0).map(({ text }) => text),
      ["frist", "mine", "newer"],
    );
    const { effects: refused } = run(state, submit("so?", 0, "reply", indexOf(state, 0, "frist")));
    assert.deepEqual(refused.map(effectTuple), [["settle", 7, "unknown-message"]]);
  });

  it("messages from before someone's first join are not unread", () => {
    const newcomer = after(
      blank,
      show(false),
      ...[join("anna"), open(), listening],
      tell(joined("anna", { seq: 2, missed: 2 })),
      ...[said(1, "bobby", "one"), said(2, "bobby", "@anna two")],
    );
    assert.deepEqual([messages(newcomer, 0).length, newcomer.sessions[0].unread], [2, 0]);
    assert.equal(after(newcomer, said(3, "bobby", "three")).sessions[0].unread, 1);
  });
});
