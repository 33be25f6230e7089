// Someone who is blocked and tries to be heard all the same: by a session that is there, a number to compare, another name,
// or another way in.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import { restoreWindow, saveWindow } from "../../extension/core/saved/savedWindow.ts";
import { sessionNumber } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import { wantedPins } from "../../extension/core/channels/channelState.ts";
import { Turn } from "../../extension/core/model/turn.ts";
import { accepted, asking, EVE, isBlocked, keysWith, withEve, wordsIn } from "../support/eve.ts";
import {
  after,
  calls,
  CARD,
  frame,
  hear,
  introduce,
  invite,
  linked,
  look,
  messageId,
  NOW,
  pin,
  run,
  said,
  show,
  tell,
  type,
  UNIQUE,
  withBoth,
  type Step,
} from "../support/core.ts";

/** The server introduces us to the person we forked. */
const meets =
  (name: string, key = EVE, session = name): Step =>
  (state) => {
    const fork = state.forks.find(({ to }) => to === name);
    assert.ok(fork !== undefined);
    const event = introduce(fork.id, name, session, { peer: { name, pin: key, card: CARD } });
    return [event];
  };
const answer = (state: State, given: "yes" | "no" | "block"): CoreEvent => ({
  type: "user/answer",
  question: state.questions.at(-1)?.id ?? "",
  answer: given,
});
/** Nothing that someone with eve's key does now gets through, and the block stays. */
function staysOut(state: State): void {
  assert.ok(isBlocked(state));
  assert.deepEqual(
    keysWith(state).filter((key) => key === EVE),
    [],
  );
  const names = ["eve", "mallory", "zoe"];
  const later = after(
    state,
    ...names.flatMap((name) => [
      invite(name, `again-${name}`, EVE),
      type(`\\accept ${name}`),
      calls(`again-${name}`),
      calls("eve", { n: 99 }, `call-${name}`),
      frame("eve", { type: "message", seq: 1, at: NOW, text: "heard?" }),
      type(`\\fork ${name}`),
    ]),
    ...state.sessions.map(({ number }): CoreEvent => ({
      type: "user/verified",
      session: number,
      value: true,
    })),
  );
  assert.ok(isBlocked(later));
  assert.deepEqual(
    keysWith(later).filter((key) => key === EVE),
    [],
  );
  assert.equal(wordsIn(later).includes("heard?"), false);
}

describe("someone who is blocked", () => {
  it("leaves the existing session when their request is answered with Block", () => {
    const asked = after(withEve, invite("mallory", "m", EVE));
    staysOut(after(asked, answer(asked, "block")));
  });

  it("leaves every session of that key, under any name, when one name is blocked", () => {
    const twice = after(withEve, ...accepted("mallory"));
    assert.equal(keysWith(twice).filter((key) => key === EVE).length, 4);
    staysOut(after(twice, type("\\block eve")));
    staysOut(after(twice, type("\\block mallory")));
  });

  it("leaves sessions that are away or still opening", () => {
    const away = after(withEve, (state) => [
      {
        type: "link/closed",
        link: state.channels[0]?.link?.id ?? "",
        end: { kind: "lost", code: 1006, text: "cut off" },
      },
    ]);
    staysOut(after(away, invite("mallory", "m", EVE), type("\\accept mallory"), type("\\block eve")));
    const forking = after(asking, type("\\fork eve"), meets("eve"));
    staysOut(after(forking, type("\\block eve")));
    const waiting = after(asking, type("\\fork eve"), invite("mallory", "m", EVE));
    const blocked = after(waiting, answer(waiting, "block"));
    staysOut(after(blocked, meets("eve", EVE, "late")));
  });

  it("gets no answer to requests, including pending ones", () => {
    const blocked = after(asking, invite("eve", "e", EVE), type("\\block eve"));
    assert.deepEqual(blocked.invites, []);
    staysOut(blocked);
  });

  it("is blocked with every key that was seen under the name", () => {
    const second = pin("second");
    // As if the name had passed to another key while a session was there.
    const channels = withEve.channels.map((channel) => ({ ...channel, pin: second }));
    const blocked = after({ ...withEve, channels }, type("\\block eve"));
    assert.ok(isBlocked(blocked, second));
    staysOut(blocked);
  });

  it("leaves a session whose first link has not connected yet", () => {
    const opening = after(asking, ...accepted("eve").slice(0, -1));
    assert.deepEqual(keysWith(opening), [EVE]);
    staysOut(after(opening, type("\\block eve")));
  });

  it("is not let in by comparing safety numbers, or by a session that opens late", () => {
    const blocked = after(withEve, type("\\block eve"));
    // As if a session had been left over.
    const left: State = { ...blocked, sessions: withEve.sessions, channels: withEve.channels };
    const eves = left.sessions.find((session) => session.kind === "peer")?.number ?? sessionNumber(1);
    const compared = after(left, { type: "user/verified", session: eves, value: true });
    assert.ok(isBlocked(compared));
    const opened = after(asking, ...accepted("eve").slice(0, -1));
    const late: State = { ...opened, people: blocked.people };
    const linkedLate = after(late, linked("eve"));
    assert.deepEqual([linkedLate.sessions.length, linkedLate.channels], [1, []]);
    assert.ok(isBlocked(linkedLate));
  });

  it("is not let in when a new key is trusted after the block", () => {
    const known = after(asking, ...accepted("eve"), type("\\leave", 1));
    const held = after(known, type("\\fork eve"), meets("eve", pin("new"), "new"));
    assert.equal(held.questions.length, 1);
    const blocked = after(held, type("\\block eve"));
    const trusted = after(blocked, answer(held, "yes"));
    assert.ok(isBlocked(trusted));
    assert.deepEqual(keysWith(trusted), []);
    assert.equal(trusted.forks.filter(({ cancelled }) => !cancelled).length, 0);
  });

  it("cannot cost a friend their place by asking under the friend's name with another key", () => {
    const friend = after(asking, ...accepted("carmen", pin("carmen")), (state) => [
      { type: "user/verified", session: state.sessions[1]?.number ?? sessionNumber(1), value: true },
    ]);
    const gone = after(friend, type("\\leave", 1));
    const asked = after(gone, invite("carmen", "fake", EVE));
    const blocked = after(asked, answer(asked, "block"));
    staysOut(blocked);
    const carmen = blocked.people.find(({ name }) => name === "carmen");
    assert.deepEqual([carmen?.pin, carmen?.verified, carmen?.blocked], [pin("carmen"), true, false]);
  });

  it("gets no more into a notification that is being collected", () => {
    const unseen = after(withEve, show(false), hear("eve", 1, "look here"), said(1, "eve", "@anna look"));
    assert.ok(unseen.notes.length > 0);
    const blocked = after(unseen, type("\\block eve"));
    assert.deepEqual(blocked.notes, []);
    const { effects } = run(blocked, { type: "timer", key: "notify" });
    assert.deepEqual(
      effects.filter(({ type: kind }) => kind === "notify"),
      [],
    );
  });

  it("changes no counts and adds no reactions, but can retract their own messages", () => {
    const spoken = after(asking, said(1, "eve", "words"), said(2, "bobby", "an answer"));
    const blocked = after(spoken, type("\\block eve"), look(0), show(false));
    const says = (seq: number, text: string, about: object = {}): CoreEvent =>
      tell({ type: "said", seq, at: NOW, from: "eve", id: messageId(`e.${seq}`), text, ...about });
    const later = after(
      blocked,
      says(3, "more"),
      says(4, "🦊", { about: { kind: "react", seq: 2, on: true } }),
      says(5, "worse", { about: { kind: "edit", seq: 1 } }),
      tell({ type: "presence", name: "eve", state: "busy" }),
    );
    assert.equal(later.sessions[0].unread, 0);
    assert.deepEqual(later.sessions[0].transcript, blocked.sessions[0].transcript);
    const back = after(later, says(6, "(retracted)", { about: { kind: "retract", seq: 1 } }));
    assert.deepEqual(wordsIn(back), ["", "an answer"]);
  });

  it("does not fill the lobby with join and quit lines", () => {
    const blocked = after(withEve, type("\\block eve"));
    const comings = after(
      blocked,
      ...[1, 2, 3].flatMap(() => [
        tell({ type: "left", name: "eve", reason: "quit" }),
        tell({ type: "arrived", name: "eve" }),
      ]),
    );
    assert.equal(comings.sessions[0].transcript.end, blocked.sessions[0].transcript.end);
    assert.ok(comings.users.includes("eve"));
  });

  it("stays blocked when a window that did not know about it returns", () => {
    const saved = saveWindow(withEve);
    assert.ok(saved !== null);
    const blocked = after(withEve, type("\\block eve"));
    const back = after(restoreWindow(saved, "v"), { type: "people/loaded", people: blocked.people });
    assert.deepEqual(keysWith(back), []);
    staysOut(after(back, { type: "window/restored" }));
    // They may call to hear that it is over, and are let in for nothing else.
    const turn = new Turn(back, { at: NOW, random: 0, unique: UNIQUE });
    assert.deepEqual(
      wantedPins(turn).filter((key) => key === EVE && !back.farewells.some((each) => each.pin === key)),
      [],
    );
  });

  it("costs no one else anything", () => {
    const blocked = after(withBoth, type("\\block bobby", 1));
    assert.deepEqual(new Set(keysWith(blocked)), new Set([pin("carmen")]));
    const heard = after(blocked, hear("carmen", 1, "still here"), said(1, "carmen", "and here"));
    assert.deepEqual(wordsIn(heard).sort(), ["and here", "still here"]);
  });
});
