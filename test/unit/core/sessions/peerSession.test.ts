// A private conversation: messages, acknowledgements, and frames that do not fit.
import assert from "node:assert/strict";
import { closeCodes } from "../../../../protocol/errors.ts";
import { limits } from "../../../../protocol/limits.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  CARD,
  confirm,
  hear,
  NOW,
  OWN_CARD,
  pin,
  run,
  sid,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const sent = after(withBobby, type("one", 1), type("two", 1));

/** What follows when the link that we had dialled is gone: the server is asked, and bobby is dialled. */
const reachesOut = (attempt: number): (readonly unknown[])[] => [
  [
    "send",
    1,
    {
      type: "reach",
      id: `w.${attempt + 1}`,
      sid: sid("bobby"),
      to: "bobby",
      pin: pin("bobby"),
      card: OWN_CARD,
    },
  ],
  [
    "dial",
    "d2",
    {
      pin: pin("bobby"),
      addresses: CARD.addresses,
      relay: null,
    },
  ],
];

describe("messages in a private session", () => {
  specify([
    {
      description: "are pending until the peer acknowledges them",
      given: withBobby,
      events: [type("hello", 1)],
      expected: {
        pending: ["1 sending hello"],
        lines: [],
        effects: [
          ["sendLink", "d1", { type: "message", seq: 1, at: NOW, text: "hello" }],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "are acknowledged up to a number, in their order",
      given: sent,
      events: [confirm("bobby", 2)],
      expected: { pending: [], lines: ["1 anna (own): one", "1 anna (own): two"], effects: [] },
    },
    {
      description: "stay pending above an acknowledged number",
      given: sent,
      events: [confirm("bobby", 1)],
      expected: { pending: ["1 sending two"], lines: ["1 anna (own): one"] },
    },
    {
      description: "ignore repeated or older acknowledgements",
      given: after(sent, confirm("bobby", 2)),
      events: [confirm("bobby", 2), confirm("bobby", 1)],
      expected: { unchanged: true },
    },
    {
      description: "are shown once and acknowledged when received",
      given: withBobby,
      events: [hear("bobby", 1, "hi"), hear("bobby", 2, "two\n  lines")],
      expected: {
        lines: ["1 bobby: hi", "1 bobby: two\n  lines"],
        effects: [
          ["sendLink", "d1", { type: "ack", received: 1 }],
          ["sendLink", "d1", { type: "read", upTo: 1 }],
          ["sendLink", "d1", { type: "ack", received: 2 }],
          ["sendLink", "d1", { type: "read", upTo: 2 }],
        ],
      },
    },
    {
      description: "keep their text as written, including blanks and line breaks",
      given: withBobby,
      events: [type("  a\n\n\tb  ", 1), confirm("bobby", 1)],
      expected: { lines: ["1 anna (own):   a\n\n\tb  "] },
    },
    {
      description:
        "go to the session they were typed in, which a user who is elsewhere by then is not taken back to",
      given: withBoth,
      events: [type("hello", 2)],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        pending: ["2 sending hello"],
      },
    },
    {
      description: "that cannot be sent are said there, and nowhere else",
      given: withBoth,
      events: [type("x".repeat(limits.textBytes + 1), 2)],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        pending: [],
        lines: [`2 error ${failures.messageTooLong(limits.textBytes + 1).text}`],
      },
    },
    {
      description: "are not sent if their session no longer exists",
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
      description: "are ignored in unknown sessions",
      given: withBobby,
      events: [hear("stranger", 1, "boo"), confirm("stranger", 1), unlinked("stranger", "quit")],
      expected: { unchanged: true },
    },
  ]);

  it("are never dated in the future, whatever a peer's clock says", () => {
    const state = after(withBobby, hear("bobby", 1, "hi", NOW + 86_400_000));
    assert.equal(state.sessions[1]?.transcript.chunks.flat().at(-1)?.at, NOW);
  });

  it("beyond the number that may await acknowledgement are rejected and stay as a draft", () => {
    const many = Array.from({ length: limits.unackedMessages }, (_, i) => type(`m${i}`, 1));
    const waiting = after(withBobby, ...many, {
      type: "user/draft",
      session: sessionNumber(1),
      text: "one more",
      about: null,
    });
    const { state, effects } = run(waiting, type("one more", 1));
    assert.equal(state.sessions[1]?.pending.length, limits.unackedMessages);
    assert.equal(state.sessions[1].draft, "one more");
    assert.deepEqual(effects, [
      { type: "settle", request: 7, outcome: { ok: false, ...failures.windowFull("bobby") } },
    ]);
  });
});

describe("a peer that sends an invalid frame", () => {
  // What comes makes no sense after what came before: the session goes on over a new link, from what is known.
  const broken = (attempt = 1) => ({
    sessions: [" 0 lobby", "*1 bobby A waiting"],
    lines: [],
    effects: [
      ["closeLink", "d1", closeCodes.protocol],
      ["cancel", "direct:session-bobby"],
      ...reachesOut(attempt),
    ],
  });
  specify([
    {
      description: "skips a number",
      given: withBobby,
      events: [hear("bobby", 2, "hi")],
      expected: broken(),
    },
    {
      description: "acknowledges something that was never sent",
      given: withBobby,
      events: [confirm("bobby", 1)],
      expected: broken(),
    },
    {
      description: "sends only blanks",
      given: withBobby,
      events: [hear("bobby", 1, " \n")],
      expected: broken(),
    },
    {
      description: "sends more bytes than a message may have",
      given: withBobby,
      events: [hear("bobby", 1, "ä".repeat(limits.textBytes / 2 + 1))],
      expected: broken(),
    },
    {
      description: "repeats a number: it is acknowledged again, and shown once",
      given: after(withBobby, hear("bobby", 1, "hi")),
      events: [hear("bobby", 1, "hi")],
      expected: { lines: [], effects: [["sendLink", "d1", { type: "ack", received: 1 }]] },
    },
    {
      description: "is ignored from then on, on that link",
      given: after(withBobby, hear("bobby", 5, "hi")),
      events: [
        { type: "link/frame", link: "d1", frame: { type: "message", seq: 1, at: NOW, text: "hi" } },
        {
          type: "link/closed",
          link: "d1",
          end: { kind: "lost", code: 1006, text: "the connection was lost" },
        },
      ],
      expected: { unchanged: true },
    },
  ]);
});
