// Notes at lines of code: which messages make them, what they say, and where they are after edits.
import assert from "node:assert/strict";
import fc from "fast-check";
import { areEqual, followEdit, notesOf, SessionNotes } from "../../../../extension/core/view/notes.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { fromEntries } from "../../../../extension/core/model/transcript.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { writeCode } from "../../../../protocol/codeText.ts";
import type { MessageId } from "../../../../protocol/fields.ts";
import type { Entry, PendingMessage } from "../../../../protocol/webview.ts";
import {
  after,
  calls,
  confirm,
  frame,
  online,
  tell,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { somePart } from "../../../support/sampleValues.ts";

const one = sessionNumber(1);

/** Anna sends code, and bobby has received it. */
function withCard(words: string): State {
  const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
  const attached = after(withBobby, { type: "user/attach", session: one, attachment });
  return after(
    attached,
    {
      ...{ type: "user/submit", request: 7, session: one, text: words },
      attached: attached.sessions[1]?.attached?.id ?? "",
    },
    confirm("bobby", 1),
  );
}

const notes = (state: State) => {
  const session = state.sessions[1];
  assert.ok(session !== undefined);
  return notesOf(state, session);
};

const cardIndex = (state: State): number => notes(state)[0]?.index ?? -1;

const reply = (state: State, text: string, line?: number): CoreEvent => ({
  ...{ type: "user/submit", request: 8, session: one, text },
  about: { kind: "reply", index: cardIndex(state) },
  ...(line === undefined ? {} : { part: { kind: "note", line } }),
});

describe("a note", () => {
  it("is a message with code, with its words and the replies to it", () => {
    const card = withCard("look");
    const state = after(
      card,
      reply(card, "I see", 2),
      confirm("bobby", 2),
      type("something else", 1),
      confirm("bobby", 3),
    );
    const [note, ...others] = notes(state);
    assert.deepEqual(others, []);
    assert.equal(note?.part.path, somePart.path);
    assert.deepEqual(note.code, { words: "look", heading: "", code: "a\nb" });
    assert.deepEqual(
      note.comments.map(({ text, line, status }) => [text, line, status]),
      [
        ["look", null, null],
        ["I see", 2, "received"],
      ],
    );
  });

  it("has no comment before there are words", () => {
    assert.deepEqual(notes(withCard(""))[0]?.comments, []);
  });

  it("shows the beginning of a long reply", () => {
    const card = withCard("look");
    const long = reply(card, "\u{1f600}".repeat(3_000));
    const [note] = notes(after(card, long, confirm("bobby", 2)));
    assert.match(note?.comments[1]?.text ?? "", /^(?:\u{1f600}){999,1000}…$/u);
  });

  it("is drawn anew only when something in it has changed", () => {
    const card = withCard("look");
    const comments = (state: State) => notes(state)[0]?.comments ?? [];
    assert.ok(areEqual(comments(card), comments(after(card, type("something else", 1)))));
    assert.ok(!areEqual(comments(card), comments(after(card, reply(card, "soon")))));
    const answered = after(card, reply(card, "soon"));
    assert.ok(!areEqual(comments(answered), comments(after(answered, confirm("bobby", 2)))));
  });

  it("shows a reply that is still on its way", () => {
    const card = withCard("look");
    const comments = notes(after(card, reply(card, "soon")))[0]?.comments;
    assert.deepEqual(
      comments?.map(({ text, status }) => [text, status]),
      [
        ["look", null],
        ["soon", "sending"],
      ],
    );
  });

  it("says how far the latest own message has come, and that again when the connection or the peer says more", () => {
    const read = new SessionNotes();
    const statuses = (state: State, session = 1): unknown[] =>
      (read.of(state, state.sessions[session] ?? assert.fail())[0]?.comments ?? []).map(
        ({ status }) => status,
      );
    const card = withCard("look");
    assert.deepEqual(statuses(card), ["received"]);
    const sending = after(card, reply(card, "soon"));
    assert.deepEqual(statuses(sending), [null, "sending"]);
    assert.equal(
      read.of(sending, sending.sessions[1] ?? assert.fail()),
      read.of(sending, sending.sessions[1] ?? assert.fail()),
    );
    const lost = after(sending, unlinked("bobby", "lost"));
    assert.deepEqual(statuses(lost), [null, "waiting"]);
    const back = after(lost, calls("bobby", { received: 1 }));
    assert.deepEqual(statuses(back), [null, "sending"]);
    const confirmed = after(back, confirm("bobby", 2));
    assert.deepEqual(statuses(confirmed), [null, "received"]);
    assert.deepEqual(statuses(after(confirmed, frame("bobby", { type: "read", upTo: 2 }))), [null, "read"]);
  });

  it("waits in the lobby while there is no server, and says nothing of receivers there", () => {
    const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
    const say = (text: string, change: object): CoreEvent => ({
      ...{ type: "user/say", request: 7, session: LOBBY, text },
      ...change,
    });
    const lobbyOf = (state: State) => notesOf(state, state.sessions[0])[0]?.comments.at(-1);
    const said = after(online, say("look", { quote: attachment }));
    const id = said.sessions[0].pending[0]?.id as MessageId;
    const card = after(said, tell({ type: "ack", id, seq: 1, at: 5 }));
    assert.equal(lobbyOf(card)?.status, null);
    const index = card.sessions[0].transcript.end - 1;
    const answered = after(card, say("soon", { about: { kind: "reply", index } }));
    assert.equal(lobbyOf(answered)?.status, "sending");
    const connection = { ...answered.connection, status: "offline" } as State["connection"];
    assert.equal(lobbyOf({ ...answered, connection })?.status, "waiting");
  });

  it("is gone when its message is retracted", () => {
    const card = withCard("look");
    const state = after(
      card,
      { type: "user/retract", session: one, index: cardIndex(card) },
      confirm("bobby", 2),
    );
    assert.deepEqual(notes(state), []);
  });

  it("is gone with the history of its conversation, and with its session", () => {
    const card = withCard("look");
    for (const session of [one, null])
      assert.deepEqual(notes(after(card, { type: "history/cleared", session })), []);
    assert.equal(after(card, { type: "user/leave", session: one }).sessions[1], undefined);
  });

  it("is none for a text that does not say what its part says", () => {
    const session = withBobby.sessions[1];
    assert.ok(session !== undefined);
    const entry = card(1);
    const others = { ...entry, part: { ...entry.part, path: "other.ts" } };
    const transcript = fromEntries([others, entry]);
    assert.deepEqual(
      notesOf(withBobby, { ...session, transcript }).map(({ index }) => index),
      [1],
    );
  });

  const { text, at } = writeCode({ words: "", heading: "", code: "a\nb" }, somePart);
  const said = { kind: "message", from: "bobby", own: false, at: 1 } as const;
  const card = (seq: number) => ({ ...said, text, part: { ...somePart, at }, seq });
  const notesIn = (entries: readonly Entry[], pending: readonly PendingMessage[] = []) => {
    const session = withBobby.sessions[1] ?? assert.fail();
    return notesOf(withBobby, { ...session, transcript: fromEntries(entries), pending });
  };

  it("is shown with its latest hundred replies, and the latest hundred of a session are", () => {
    const reply = { from: "bobby", text: "a", index: 0 };
    const replies = Array.from({ length: 101 }, (_, n) => ({ ...said, text: String(n), reply, seq: n + 2 }));
    const [note] = notesIn([card(1), ...replies]);
    assert.deepEqual([note?.comments.length, note?.comments[0]?.text], [100, "1"]);
    const cards = notesIn(Array.from({ length: 101 }, (_, n) => card(n + 1)));
    assert.deepEqual([cards.length, cards[0]?.index], [100, 1]);
  });

  it("has the reply that is on its way to it, and no other has it", () => {
    const about = { kind: "reply", seq: 2, of: "yours" } as const;
    const pending = [{ id: "w.1", at: 1, text: "soon", status: "sending", about } as const];
    assert.deepEqual(
      notesIn([card(1), card(2)], pending).map(({ comments }) => comments.map((comment) => comment.text)),
      [[], ["soon"]],
    );
  });
});

describe("lines after an edit", () => {
  for (const [what, edit, result] of [
    ["below", { from: 8, to: 9, lines: 1 }, { from: 4, to: 6 }],
    ["above", { from: 1, to: 1, lines: 3 }, { from: 6, to: 8 }],
    ["above, removed", { from: 0, to: 2, lines: 1 }, { from: 2, to: 4 }],
    ["within", { from: 5, to: 5, lines: 4 }, { from: 4, to: 9 }],
    ["of the first line", { from: 4, to: 4, lines: 1 }, { from: 4, to: 6 }],
    ["of all of them", { from: 4, to: 6, lines: 3 }, { from: 4, to: 6 }],
    ["that removes all of them", { from: 3, to: 7, lines: 1 }, null],
  ] as const)
    it(what, () => assert.deepEqual(followEdit({ from: 4, to: 6 }, edit), result));

  it("are where a mark in the text would be, for edits above and below", () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(5),
        fc.nat(20),
        fc.nat(5),
        fc.integer({ min: 1, max: 6 }),
        (from, size, at, cut, lines) => {
          const range = { from, to: from + size };
          const edit = { from: at, to: at + cut, lines };
          if (edit.to >= range.from && edit.from <= range.to) return;
          const text = Array.from({ length: 60 }, (_, i): string =>
            i >= range.from && i <= range.to ? "mark" : "",
          );
          text.splice(at, cut + 1, ...Array.from({ length: lines }, () => ""));
          assert.deepEqual(followEdit(range, edit), {
            from: text.indexOf("mark"),
            to: text.lastIndexOf("mark"),
          });
        },
      ),
    );
  });

  it("never end before they begin", () => {
    const nat = fc.nat(20);
    fc.assert(
      fc.property(nat, nat, nat, nat, fc.integer({ min: 1, max: 9 }), (from, size, at, cut, lines) => {
        const moved = followEdit({ from, to: from + size }, { from: at, to: at + cut, lines });
        if (moved !== null) assert.ok(moved.from >= 0 && moved.from <= moved.to, JSON.stringify(moved));
      }),
    );
  });
});
