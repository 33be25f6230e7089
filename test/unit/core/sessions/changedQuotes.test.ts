// Words that were changed or taken back, and where they still stand: in answers, and in what is being written.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import type { LobbyAbout, PeerAbout } from "../../../../protocol/fields.ts";
import type { DraftAbout } from "../../../../protocol/webview.ts";
import {
  after,
  close,
  confirm,
  fires,
  frame,
  hear,
  joined,
  listening,
  messageId,
  NOW,
  online,
  open,
  OTHER_EPOCH,
  run,
  said,
  tell,
  withBobby,
  type Step,
} from "../../../support/core.ts";

const about = (seq: number, from: string, text: string, about: LobbyAbout, connection = 1): CoreEvent =>
  tell({ type: "said", seq, at: NOW, from, id: messageId(`o.${seq}`), text, about }, connection);
const edited = (seq: number, of: number): CoreEvent =>
  about(seq, "bobby", "new words", { kind: "edit", seq: of });
const retracted = (seq: number, of: number, connection = 1): CoreEvent =>
  about(seq, "bobby", "(retracted)", { kind: "retract", seq: of }, connection);
const hearAbout = (seq: number, text: string, about: PeerAbout): Step =>
  frame("bobby", { type: "message", seq, at: NOW, text, about });
const draft = (number: number, about: DraftAbout): CoreEvent => ({
  ...{ type: "user/draft", session: sessionNumber(number), text: "a draft", about },
});
const submit = (text: string, number: number, index: number): CoreEvent => ({
  ...{ type: "user/submit", request: 7, session: sessionNumber(number), text },
  about: { kind: "reply", index },
});

const quotes = (state: State, number: number): (string | undefined)[] =>
  slice(state.sessions[number]?.transcript ?? assert.fail(), 0, Infinity).entries.flatMap((entry) =>
    entry.kind === "message" && entry.reply !== undefined ? [entry.reply.text] : [],
  );
const indexOf = (state: State, number: number, text: string): number => {
  const { index, entries } = slice(state.sessions[number]?.transcript ?? assert.fail(), 0, Infinity);
  return index + entries.findIndex((entry) => entry.text === text);
};

const long = "x".repeat(16_000);
/** Of carmen's. Some 260 of them are all that a session holds. */
const flood = (from: number, to: number): CoreEvent[] =>
  Array.from({ length: to - from + 1 }, (_, n) => said(from + n, "carmen", long));
const privateFlood = (from: number, to: number): Step[] =>
  Array.from({ length: to - from + 1 }, (_, n) => hear("bobby", from + n, long));

describe("edited messages", () => {
  const given = after(
    online,
    said(1, "bobby", "old words"),
    about(2, "carmen", "so?", { kind: "reply", seq: 1 }),
  );

  it("are quoted with their current text", () => {
    assert.deepEqual(quotes(given, 0), ["old words"]);
    assert.deepEqual(quotes(after(given, edited(3, 1)), 0), ["new words"]);
    assert.deepEqual(quotes(after(given, edited(3, 1), retracted(4, 1)), 0), [""]);
  });

  it("are updated only in the newest replies when there are thousands, and retracted in all", () => {
    const answers = Array.from({ length: 200 }, (_, n) =>
      about(3 + n, "carmen", "so?", { kind: "reply", seq: 1 }),
    );
    const changed = quotes(after(given, ...answers, edited(203, 1)), 0);
    assert.equal(changed.filter((text) => text === "new words").length, 64);
    assert.equal(changed.at(-1), "new words");
    assert.ok(quotes(after(given, ...answers, retracted(203, 1)), 0).every((text) => text === ""));
  });

  it("leave a half-written reply, or take it with them", () => {
    const index = indexOf(given, 0, "old words");
    const writing = after(given, draft(0, { kind: "reply", index, from: "bobby", text: "old words" }));
    const changed = after(writing, edited(3, 1)).sessions[0];
    assert.deepEqual([changed.draft, changed.draftAbout?.text], ["a draft", "new words"]);
    const gone = after(writing, retracted(3, 1)).sessions[0];
    assert.deepEqual([gone.draft, gone.draftAbout], ["a draft", null]);
    const other = after(writing, said(3, "bobby", "x"), retracted(4, 3)).sessions[0];
    assert.equal(other.draftAbout?.text, "old words");
  });
});

describe("messages that are no longer kept", () => {
  /** What answers it is still held. */
  const given = after(
    online,
    said(1, "bobby", "old words"),
    ...flood(2, 131),
    about(132, "carmen", "so?", { kind: "reply", seq: 1 }),
    ...flood(133, 300),
  );

  it("are retracted where they are quoted, and the host is asked to forget what it saved of them", () => {
    assert.equal(indexOf(given, 0, "old words"), given.sessions[0].transcript.start - 1, "not held");
    assert.deepEqual(quotes(given, 0), ["old words"]);
    const { state, effects } = run(given, retracted(301, 1));
    assert.deepEqual(quotes(state, 0), [""]);
    assert.deepEqual(effects, [{ type: "trim", session: 0 }]);
    assert.deepEqual(quotes(after(given, edited(301, 1)), 0), ["new words"]);
  });

  it("can be retracted by no one else", () => {
    const forged = about(301, "carmen", "(retracted)", { kind: "retract", seq: 1 });
    assert.deepEqual(quotes(after(given, forged), 0), ["old words"]);
  });

  it("do not belong to a server that has restarted", () => {
    const told = joined("anna", { epoch: OTHER_EPOCH, seq: 0, missed: 0, gap: true });
    const back = after(given, close(), fires("reconnect"), open(2), listening, tell(told, 2));
    assert.deepEqual(quotes(after(back, retracted(1, 1, 2)), 0), ["old words"]);
  });

  it("belong to the sender's side in a private session", () => {
    const asked = after(withBobby, hear("bobby", 1, "theirs"), ...privateFlood(2, 131));
    const answered = after(asked, submit("ours", 1, indexOf(asked, 1, "theirs")), confirm("bobby", 1));
    const given = after(answered, ...privateFlood(132, 300));
    assert.ok((given.sessions[1]?.transcript.start ?? 0) > 0);
    assert.deepEqual(quotes(given, 1), ["theirs"]);
    const retraction = hearAbout(301, "(retracted)", { kind: "retract", seq: 1 });
    assert.deepEqual(quotes(after(given, retraction), 1), [""]);
  });
});
