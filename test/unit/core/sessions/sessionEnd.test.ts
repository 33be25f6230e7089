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
      description: "leaving notifies the peer, and shows the lobby",
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
      description: "a peer that no longer knows the session on its link ends it, and is not dialed again",
      given: withBoth,
      events: [
        (state) => [
          {
            type: "link/closed",
            link: state.channels[0]?.link?.id ?? "",
            end: { kind: "lost", code: closeCodes.unknownSession, text: "closed" },
          },
        ],
      ],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A ended", " 2 carmen B open"],
        effects: [...noTimers("bobby"), ["expect", [pin("carmen")]]],
      },
    },
    {
      description: "leaving a session in the background keeps the active one",
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
      description: "the lobby and unknown sessions cannot be left",
      given: withBoth,
      events: [
        { type: "user/leave", session: sessionNumber(0) },
        { type: "user/leave", session: sessionNumber(9) },
      ],
      expected: { unchanged: true },
    },
    {
      description: "when the peer leaves, the session ends here too, and a user in it returns to the lobby",
      given: withBoth,
      events: [unlinked("bobby", "left")],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info bobby left private session 1. It has ended."],
        effects: [["closeLink", "d1", closeCodes.quit], ...noTimers("bobby"), ["expect", [pin("carmen")]]],
      },
    },
    {
      description: "when the peer leaves a session in the background, the active one stays",
      given: withBoth,
      events: [unlinked("carmen", "left")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 info carmen left private session 2. It has ended."],
      },
    },
    {
      description: "when the peer quits, says so",
      given: withBoth,
      events: [unlinked("bobby", "quit")],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info bobby quit. Private session 1 has ended."],
      },
    },
    {
      description: "is reported for a single session, also when the peer left on purpose",
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
      description: "is reported once",
      given: after(withBoth, unlinked("bobby", "quit"), unlinked("carmen", "left")),
      events: [unlinked("bobby", "left"), unlinked("carmen", "left"), hear("carmen", 1, "hi")],
      expected: { unchanged: true },
    },
    {
      description: "nothing can be sent in an ended session; the error says what to do",
      given: ended,
      events: [type("hello?", 1)],
      expected: {
        lines: [`1 error ${failures.sessionEnded("bobby").text}`],
        effects: [["settle", 7, "session-ended"]],
      },
    },
    {
      description: "leaving an ended session closes it, and notifies no one",
      given: ended,
      events: [type("\\leave", 1)],
      expected: { sessions: ["*0 lobby"], lines: [], effects: [["settle", 7, "ok"]] },
    },
    {
      description: "unacknowledged messages can be discarded one by one",
      given: ended,
      events: [{ type: "user/discard", session: sessionNumber(1), id: "w.2" }],
      expected: { pending: ["1 failed two"], effects: [] },
    },
    {
      description: "a message in flight cannot be discarded",
      given: sent,
      events: [
        { type: "user/discard", session: sessionNumber(1), id: "1" },
        { type: "user/discard", session: sessionNumber(1), id: "77" },
        { type: "user/discard", session: sessionNumber(9), id: "1" },
      ],
      expected: { unchanged: true },
    },
    {
      description: "leaving works without the server",
      given: offline,
      events: [type("\\leave", 1)],
      expected: { sessions: ["*0 lobby", " 2 carmen B open"], connection: "offline" },
    },
  ]);
});
