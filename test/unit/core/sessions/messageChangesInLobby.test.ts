// Answers, edits and reactions in the lobby: one's own and those of others.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import type { LobbyAbout } from "../../../../protocol/fields.ts";
import {
  after,
  blank,
  close,
  fires,
  join,
  joined,
  listening,
  messageId,
  NOW,
  numbered,
  online,
  open,
  OTHER_EPOCH,
  run,
  said,
  show,
  tell,
  type,
} from "../../../support/core.ts";
import { effectTuple } from "../../../support/coreChecks.ts";
import { indexOf, messages, submit, thumb } from "../../../support/shownMessages.ts";

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
