// Each way in which a private session ends.
import { closeCodes } from "../../../../protocol/errors.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  confirm,
  hear,
  noTimers,
  offline,
  pin,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const sent = after(withBobby, type("one", 1), type("two", 1));

/** bobby has left, and two messages of ours were never confirmed. */
const ended = after(sent, unlinked("bobby", "left"));

describe("the end of a session", () => {
  specify([
    {
      description: "leaving tells the peer, and lands in the lobby",
      given: withBoth,
      events: [type("\\leave", 1)],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info You left private session 1 with bobby."],
        effects: [
          ["sendLink", "d1", { type: "bye", reason: "left" }],
          ["closeLink", "d1", closeCodes.quit],
          ...noTimers("bobby"),
          ["settle", 7, "ok"],
          ["expect", [pin("carmen")]],
        ],
      },
    },
    {
      description: "leaving one that is not looked at stays where one is",
      given: withBoth,
      events: [{ type: "user/leave", session: sessionNumber(2) }],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 info You left private session 2 with carmen."],
        effects: [
          ["sendLink", "i-carmen", { type: "bye", reason: "left" }],
          ["closeLink", "i-carmen", closeCodes.quit],
          ...noTimers("carmen"),
          ["expect", [pin("bobby")]],
        ],
      },
    },
    {
      description: "the lobby and sessions that are not there cannot be left",
      given: withBoth,
      events: [
        { type: "user/leave", session: sessionNumber(0) },
        { type: "user/leave", session: sessionNumber(9) },
      ],
      expected: { unchanged: true },
    },
    {
      description: "the peer has left: it is over here too, and who was in it lands in the lobby",
      given: withBoth,
      events: [unlinked("bobby", "left")],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info bobby left private session 1. It has ended."],
        effects: [["closeLink", "d1", closeCodes.quit], ...noTimers("bobby"), ["expect", [pin("carmen")]]],
      },
    },
    {
      description: "the peer has left a session that is not looked at: one stays where one is",
      given: withBoth,
      events: [unlinked("carmen", "left")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 info carmen left private session 2. It has ended."],
      },
    },
    {
      description: "the peer has quit",
      given: withBoth,
      events: [unlinked("bobby", "quit")],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info bobby quit. Private session 1 has ended."],
      },
    },
    {
      description: "says so of a single one, also when the peer left on purpose",
      given: after(sent, confirm("bobby", 1)),
      events: [unlinked("bobby", "left")],
      expected: {
        sessions: ["*0 lobby", " 1 bobby A ended"],
        lines: [
          "0 info bobby left private session 1. It has ended. Your last message was not confirmed.",
          "1 info bobby left private session 1. It has ended. Your last message was not confirmed.",
        ],
      },
    },
    {
      description: "comes once",
      given: after(withBoth, unlinked("bobby", "quit"), unlinked("carmen", "left")),
      events: [unlinked("bobby", "left"), unlinked("carmen", "left"), hear("carmen", 1, "hi")],
      expected: { unchanged: true },
    },
    {
      description: "in an ended session nothing can be sent; the error says what to do",
      given: ended,
      events: [type("hello?", 1)],
      expected: {
        lines: [`1 error ${failures.sessionEnded("bobby").text}`],
        effects: [["settle", 7, "session-ended"]],
      },
    },
    {
      description: "an ended session is closed by leaving it, without a word to anybody",
      given: ended,
      events: [type("\\leave", 1)],
      expected: { sessions: ["*0 lobby"], lines: [], effects: [["settle", 7, "ok"]] },
    },
    {
      description: "unconfirmed messages can be given up one by one",
      given: ended,
      events: [{ type: "user/discard", session: sessionNumber(1), id: "w.2" }],
      expected: { pending: ["1 failed two"], effects: [] },
    },
    {
      description: "a message on its way cannot be given up",
      given: sent,
      events: [
        { type: "user/discard", session: sessionNumber(1), id: "1" },
        { type: "user/discard", session: sessionNumber(1), id: "77" },
        { type: "user/discard", session: sessionNumber(9), id: "1" },
      ],
      expected: { unchanged: true },
    },
    {
      description: "with the server away, leaving works as ever",
      given: offline,
      events: [type("\\leave", 1)],
      expected: { sessions: ["*0 lobby", " 2 carmen B open"], connection: "offline" },
    },
  ]);
});
