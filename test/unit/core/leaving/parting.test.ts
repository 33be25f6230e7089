// Leaving, quitting and blocking while messages are still waiting: one question, with their number and recipients.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { update } from "../../../../extension/core/update.ts";
import {
  after,
  close,
  confirm,
  linked,
  NOW,
  offline,
  run,
  type,
  UNIQUE,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";

const away = after(withBoth, unlinked("bobby", "lost"));
const waiting = after(away, type("one", 1), type("two", 1));
const leaves: CoreEvent = { type: "user/leave", session: sessionNumber(1) };
const palette = (name: "leave" | "quit" | "block", argument = ""): CoreEvent => ({
  type: "user/command",
  request: 8,
  command: { name, argument },
});

const two = "2 messages are still waiting to be sent to bobby.";
const one = "1 message is still waiting to be sent to bobby.";
const again = (line: string): string => `Type ${line} again to continue without sending.`;
const still = ["*1 bobby A waiting", " 2 carmen B open"];

describe("leaving while messages are waiting", () => {
  specify([
    {
      description: "a typed \\leave says how many messages wait for the peer, and answers its caller",
      given: waiting,
      events: [type("\\leave", 1)],
      expected: {
        sessions: [" 0 lobby", ...still],
        lines: [`1 info ${two} ${again("\\leave")}`],
        effects: [["settle", 7, "unsent-messages"]],
      },
    },
    {
      description: "typing it again leaves",
      given: waiting,
      events: [type("\\leave", 1), type("\\leave", 1)],
      expected: { sessions: ["*0 lobby", " 2 carmen B open"] },
    },
    {
      description: "one message is in the singular",
      given: after(away, type("one", 1)),
      events: [type("\\leave", 1)],
      expected: { lines: [`1 info ${one} ${again("\\leave")}`] },
    },
    {
      description: "asks again when more messages are waiting by then",
      given: after(waiting, type("\\leave", 1)),
      events: [type("three", 1), type("\\leave", 1)],
      expected: {
        sessions: [" 0 lobby", ...still],
        lines: [`1 info 3 messages are still waiting to be sent to bobby. ${again("\\leave")}`],
      },
    },
    {
      description: "asks again after another line",
      given: after(waiting, type("\\leave", 1), type("\\sessions", 1)),
      events: [type("\\leave", 1)],
      expected: { sessions: [" 0 lobby", ...still], lines: [`1 info ${two} ${again("\\leave")}`] },
    },
    {
      description: "does not ask once everything has arrived",
      given: after(waiting, linked("bobby"), confirm("bobby", 2)),
      events: [type("\\leave", 1)],
      expected: { sessions: ["*0 lobby", " 2 carmen B open"] },
    },
    {
      description: "does not ask about a message that is sent before the goodbye",
      given: withBobby,
      events: [type("bye", 1), type("\\leave", 1)],
      expected: { sessions: ["*0 lobby"] },
    },
    {
      description: "does not ask in a session that has ended",
      given: after(withBobby, type("one", 1), unlinked("bobby", "left")),
      events: [leaves],
      expected: { sessions: ["*0 lobby"] },
    },
    {
      description: "Delete on a tab and the tree ask in a dialog, once",
      given: waiting,
      events: [leaves, leaves],
      expected: { sessions: [" 0 lobby", ...still], lines: [], effects: [["ask", two]] },
    },
    {
      description: "the palette and scripts get an answer while the dialog is open",
      given: waiting,
      events: [palette("leave"), palette("leave")],
      expected: {
        sessions: [" 0 lobby", ...still],
        effects: [
          ["ask", two],
          ["settle", 8, "unsent-messages"],
          ["settle", 8, "unsent-messages"],
        ],
      },
    },
    {
      description: "\\quit names everyone, and the lobby",
      given: after(
        withBoth,
        type("hello"),
        close(),
        unlinked("bobby", "lost"),
        type("one", 1),
        type("two", 1),
      ),
      events: [type("\\quit", 1)],
      expected: {
        me: "anna",
        lines: [`1 info 1 message is still waiting to be sent to the lobby. ${two} ${again("\\quit")}`],
      },
    },
    {
      description: "\\quit typed again quits",
      given: waiting,
      events: [type("\\quit", 1), type("\\quit", 1)],
      expected: { me: null },
    },
    {
      description: "\\block asks when it ends a session",
      given: waiting,
      events: [type("\\block bobby", 1)],
      expected: { sessions: [" 0 lobby", ...still], lines: [`1 info ${two} ${again("\\block bobby")}`] },
    },
    {
      description: "\\block does not ask about messages for others",
      given: waiting,
      events: [type("\\block carmen", 1)],
      expected: { sessions: [" 0 lobby", "*1 bobby A waiting"] },
    },
    {
      description: "a confirmation counts for one command only",
      given: after(waiting, type("\\leave", 1)),
      events: [type("\\quit", 1)],
      expected: { me: "anna" },
    },
  ]);

  it("asks about a message that an open link has not acknowledged for a while", () => {
    const stuck = after(withBobby, type("one", 1));
    const late = { at: NOW + 5_000, random: 0, unique: UNIQUE };
    const { state } = update(stuck, { ...type("\\leave", 1), ...late });
    assert.equal(state.sessions.length, 2);
  });

  const answered = (given: typeof waiting, event: CoreEvent, answer: "yes" | "no") => {
    const asked = run(given, event);
    const question = asked.effects.find((effect) => effect.type === "ask")?.question;
    assert.ok(question?.loud);
    return after(asked.state, { type: "user/answer", question: question.id, answer });
  };

  it("yes in the dialog leaves, no stays", () => {
    assert.equal(answered(waiting, leaves, "yes").sessions.length, 2);
    assert.equal(answered(waiting, leaves, "no").sessions.length, 3);
    assert.equal(answered(waiting, palette("quit"), "yes").me, null);
    assert.equal(answered(waiting, palette("quit"), "no").me?.name, "anna");
    assert.match(
      lobbyLines(answered(waiting, palette("block", "bobby"), "yes")).at(-1) ?? "",
      /bobby is blocked/,
    );
  });

  it("names each of several sessions", () => {
    const names = ["bobby", "carmen"];
    const lost = after(
      offline,
      type("one", 1),
      type("two", 2),
      ...names.map((name) => unlinked(name, "lost")),
    );
    check(lost, [type("\\quit", 1)], {
      lines: [`1 info ${one} 1 message is still waiting to be sent to carmen. ${again("\\quit")}`],
    });
  });

  it("\\accept and \\decline do not answer such a dialog", () => {
    check(after(waiting, leaves), [type("\\accept bobby", 1)], { effects: [["settle", 7, "no-question"]] });
  });
});
