// A private conversation: messages, acknowledgements, and each way in which it ends.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { sessionNumber } from "../../extension/core/state.ts";
import { failures } from "../../extension/core/texts.ts";
import {
  after,
  check,
  confirm,
  hear,
  look,
  NOW,
  offline,
  run,
  show,
  specify,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../support/core.ts";

const sent = after(withBobby, type("one", 1), type("two", 1));

describe("talking with a peer", () => {
  specify([
    {
      description: "what is sent is pending until the peer confirms it",
      given: withBobby,
      events: [type("hello", 1)],
      expected: {
        pending: ["1 sending hello"],
        lines: [],
        effects: [
          ["sendPeer", "session-bobby", { type: "message", seq: 1, at: NOW, text: "hello" }],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "one acknowledgement confirms all up to its number, in their order",
      given: sent,
      events: [confirm("bobby", 2)],
      expected: { pending: [], lines: ["1 anna (own): one", "1 anna (own): two"], effects: [] },
    },
    {
      description: "an acknowledgement of some leaves the others pending",
      given: sent,
      events: [confirm("bobby", 1)],
      expected: { pending: ["1 sending two"], lines: ["1 anna (own): one"] },
    },
    {
      description: "acknowledgements that are told again, or older ones, do nothing",
      given: after(sent, confirm("bobby", 2)),
      events: [confirm("bobby", 2), confirm("bobby", 1)],
      expected: { unchanged: true },
    },
    {
      description: "what is received is shown once and acknowledged",
      given: withBobby,
      events: [hear("bobby", 1, "hi"), hear("bobby", 2, "two\n  lines")],
      expected: {
        lines: ["1 bobby: hi", "1 bobby: two\n  lines"],
        effects: [
          ["sendPeer", "session-bobby", { type: "ack", received: 1 }],
          ["sendPeer", "session-bobby", { type: "ack", received: 2 }],
        ],
      },
    },
    {
      description: "text is kept as written, blanks and lines included",
      given: withBobby,
      events: [type("  a\n\n\tb  ", 1), confirm("bobby", 1)],
      expected: { lines: ["1 anna (own):   a\n\n\tb  "] },
    },
    {
      description: "a message goes to the session it was typed in, which comes to the front",
      given: withBoth,
      events: [type("hello", 2)],
      expected: {
        sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open"],
        pending: ["2 sending hello"],
      },
    },
    {
      description: "a message typed in a session that has gone is not sent anywhere",
      given: after(withBoth, unlinked("bobby", "left")),
      events: [type("hello", 1), type("\\leave", 1)],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        effects: [
          ["settle", 7, "no-such-session"],
          ["settle", 7, "no-such-session"],
        ],
      },
    },
    {
      description: "frames of unknown sessions do nothing",
      given: withBobby,
      events: [hear("stranger", 1, "boo"), confirm("stranger", 1), unlinked("stranger", "quit")],
      expected: { unchanged: true },
    },
  ]);

  it("nothing was said in the future, whatever a peer's clock says", () => {
    const state = after(withBobby, hear("bobby", 1, "hi", NOW + 86_400_000));
    assert.equal(state.sessions[1]?.transcript.chunks.flat().at(-1)?.at, NOW);
  });

  it("refuses more than the peer may leave unconfirmed, and keeps the draft", () => {
    const many = Array.from({ length: limits.unackedMessages }, (_, i) => type(`m${i}`, 1));
    const waiting = after(withBobby, ...many, {
      type: "user/draft",
      session: sessionNumber(1),
      text: "one more",
    });
    const { state, effects } = run(waiting, type("one more", 1));
    assert.equal(state.sessions[1]?.pending.length, limits.unackedMessages);
    assert.equal(state.sessions[1].draft, "one more");
    assert.deepEqual(effects, [
      { type: "settle", request: 7, outcome: { ok: false, ...failures.windowFull("bobby") } },
    ]);
  });
});

describe("a peer that breaks the protocol", () => {
  const rejected = {
    sessions: [" 0 lobby", "*1 bobby A ended"],
    lines: ["1 error bobby sent something that is no chat; private session 1 has ended."],
    effects: [["rejectPeer", "session-bobby"]],
  };
  specify([
    {
      description: "leaves a number out",
      given: withBobby,
      events: [hear("bobby", 2, "hi")],
      expected: rejected,
    },
    {
      description: "repeats a number",
      given: after(withBobby, hear("bobby", 1, "hi")),
      events: [hear("bobby", 1, "hi")],
      expected: rejected,
    },
    {
      description: "confirms what was never sent",
      given: withBobby,
      events: [confirm("bobby", 1)],
      expected: rejected,
    },
    {
      description: "sends nothing but blanks",
      given: withBobby,
      events: [hear("bobby", 1, " \n")],
      expected: rejected,
    },
    {
      description: "sends more bytes than a message may have",
      given: withBobby,
      events: [hear("bobby", 1, "ä".repeat(limits.textBytes / 2 + 1))],
      expected: rejected,
    },
    {
      description: "is not heard any more",
      given: after(withBobby, hear("bobby", 5, "hi")),
      events: [hear("bobby", 1, "hi"), confirm("bobby", 1), unlinked("bobby", "lost")],
      expected: { unchanged: true },
    },
  ]);
});

describe("the end of a session", () => {
  specify([
    {
      description: "leaving tells the peer, and lands in the lobby",
      given: withBoth,
      events: [type("\\leave", 1)],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info You have left private session 1 with bobby."],
        effects: [
          ["closePeer", "session-bobby", "left"],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "leaving one that is not looked at stays where one is",
      given: withBoth,
      events: [{ type: "user/leave", session: sessionNumber(2) }],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 info You have left private session 2 with carmen."],
        effects: [["closePeer", "session-carmen", "left"]],
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
        lines: ["0 info bobby has left private session 1; it is over."],
        effects: [],
      },
    },
    {
      description: "the peer has left a session that is not looked at: one stays where one is",
      given: withBoth,
      events: [unlinked("carmen", "left")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 info carmen has left private session 2; it is over."],
      },
    },
    {
      description: "the peer has quit",
      given: withBoth,
      events: [unlinked("bobby", "quit")],
      expected: {
        sessions: ["*0 lobby", " 2 carmen B open"],
        lines: ["0 info bobby has quit; private session 1 is over."],
      },
    },
    {
      description: "the peer's window was closed: the text stays to be read",
      given: withBoth,
      events: [unlinked("bobby", "closed")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A ended", " 2 carmen B open"],
        lines: ["1 error bobby’s window was closed; private session 1 has ended."],
      },
    },
    {
      description: "the link was lost: the text stays to be read, and is told also where one is",
      given: withBoth,
      events: [unlinked("carmen", "lost")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B ended"],
        lines: [
          "1 info The link to carmen was lost; private session 2 has ended.",
          "2 error The link to carmen was lost; private session 2 has ended.",
        ],
      },
    },
    {
      description: "says which messages were never confirmed",
      given: sent,
      events: [unlinked("bobby", "lost")],
      expected: {
        pending: ["1 failed one", "1 failed two"],
        lines: [
          "1 error The link to bobby was lost; private session 1 has ended. Your last 2 messages were not confirmed.",
        ],
      },
    },
    {
      description: "says so of a single one, also when the peer left on purpose",
      given: after(sent, confirm("bobby", 1)),
      events: [unlinked("bobby", "left")],
      expected: {
        sessions: ["*0 lobby", " 1 bobby A ended"],
        lines: [
          "0 info bobby has left private session 1; it is over. Your last message was not confirmed.",
          "1 info bobby has left private session 1; it is over. Your last message was not confirmed.",
        ],
      },
    },
    {
      description: "comes once",
      given: after(withBoth, unlinked("bobby", "lost"), unlinked("carmen", "left")),
      events: [unlinked("bobby", "left"), unlinked("carmen", "left"), hear("carmen", 1, "hi")],
      expected: { unchanged: true },
    },
    {
      description: "in an ended session nothing can be sent; the error says what to do",
      given: after(withBobby, unlinked("bobby", "closed")),
      events: [type("hello?", 1)],
      expected: {
        pending: [],
        lines: [`1 error ${failures.sessionEnded("bobby").text}`],
        effects: [["settle", 7, "session-ended"]],
      },
    },
    {
      description: "an ended session is closed by leaving it, without a word to anybody",
      given: after(withBobby, unlinked("bobby", "closed")),
      events: [type("\\leave", 1)],
      expected: { sessions: ["*0 lobby"], lines: [], effects: [["settle", 7, "ok"]] },
    },
    {
      description: "unconfirmed messages can be given up one by one",
      given: after(sent, unlinked("bobby", "lost")),
      events: [{ type: "user/discard", session: sessionNumber(1), id: "1" }],
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

describe("unread messages", () => {
  specify([
    {
      description: "count up in sessions that are not looked at",
      given: withBoth,
      events: [hear("carmen", 1, "a"), hear("carmen", 2, "b")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open +2"] },
    },
    {
      description: "do not count in the session that is seen",
      given: withBoth,
      events: [hear("bobby", 1, "a")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"] },
    },
    {
      description: "count in the active session while the panel is hidden, until it is shown",
      given: after(withBoth, show(false), hear("bobby", 1, "a"), hear("bobby", 2, "b")),
      events: [],
      expected: { sessions: [" 0 lobby", "*1 bobby A open +2", " 2 carmen B open"] },
    },
    {
      description: "are read when the panel is shown",
      given: after(withBoth, show(false), hear("bobby", 1, "a"), hear("carmen", 1, "b")),
      events: [show(true)],
      expected: { sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open +1"] },
    },
    {
      description: "are read when their session is looked at",
      given: after(withBoth, hear("carmen", 1, "b")),
      events: [look(2)],
      expected: { sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open"] },
    },
    {
      description: "stay unread when their session becomes active behind a hidden panel",
      given: after(withBoth, hear("carmen", 1, "b"), show(false)),
      events: [look(2)],
      expected: { sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open +1"] },
    },
    {
      description: "a session that is not there cannot be looked at",
      given: withBoth,
      events: [look(9)],
      expected: { unchanged: true },
    },
  ]);

  it("notices count for nothing", () => {
    check(withBoth, [unlinked("carmen", "lost")], {
      sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B ended"],
    });
  });
});
