// A private conversation: messages, acknowledgements, and frames that do not fit.
import assert from "node:assert/strict";
import { closeCodes } from "../../../../protocol/errors.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { limits } from "../../../../protocol/limits.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { sessionTexts } from "../../../../extension/core/texts/sessionTexts.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import type { PeerMessage } from "../../../../protocol/peer.ts";
import {
  after,
  answers,
  boot,
  calls,
  CARD,
  confirm,
  frame,
  hear,
  NOW,
  notReached,
  OWN_CARD,
  pin,
  reaches,
  run,
  sid,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const react = (seq: number, of: "mine" | "yours", target: number): PeerMessage => ({
  ...{ type: "message", seq, at: NOW, text: "👍" },
  about: { kind: "react", of, seq: target, on: true },
});

const sent = after(withBobby, type("one", 1), type("two", 1));

/** bobby's window has forgotten the session, while two messages were on their way: one of them was an answer. */
const answered = after(withBobby, hear("bobby", 1, "well?"), {
  ...{ type: "user/submit", request: 7, session: sessionNumber(1), text: "indeed" },
  about: { kind: "reply", index: 1 },
});
const forgot = after(
  after(answered, type("two", 1)),
  unlinked("bobby", "lost"),
  calls("bobby", { boot: boot("bobby-anew"), knows: null, received: 0, sent: 0 }),
);
const retry = (id: string | undefined): CoreEvent => ({
  type: "user/retry",
  session: sessionNumber(1),
  id: id ?? "none",
});
const [first, second] = forgot.sessions[1]?.pending.map(({ id }) => id) ?? [];

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
      description: "go to the session they were typed in, which becomes active",
      given: withBoth,
      events: [type("hello", 2)],
      expected: {
        sessions: [" 0 lobby", " 1 bobby A open", "*2 carmen B open"],
        pending: ["2 sending hello"],
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

/** bobby had acknowledged three messages and says now that he has one, while a fourth is on its way. */
const wentBack = after(
  after(withBobby, type("one", 1), type("two", 1), type("three", 1), confirm("bobby", 3)),
  hear("bobby", 1, "well?"),
  type("four", 1),
  unlinked("bobby", "lost"),
  reaches("bobby"),
  answers("bobby", { received: 1 }),
);

/** bobby has acknowledged two messages, and only he can dial. */
const lonely = after(
  withBobby,
  ...[type("one", 1), type("two", 1), confirm("bobby", 2), unlinked("bobby", "lost"), notReached("bobby")],
);

describe("a peer that acknowledges less than before", () => {
  specify([
    {
      description:
        "has gone back to an older copy: what it may lack is told, and nothing is sent again by itself",
      given: after(withBobby, type("one", 1), type("two", 1), confirm("bobby", 2), unlinked("bobby", "lost")),
      events: [reaches("bobby"), answers("bobby", { received: 1 })],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        pending: [],
        lines: ["1 " + `error ${sessionTexts.wentBack("bobby", 1)}`],
      },
    },
    {
      description:
        "says so in a dial that is older than what has passed over the former link: the session goes on",
      given: after(withBobby, hear("bobby", 1, "hi"), type("one", 1), confirm("bobby", 1)),
      events: [calls("bobby", { received: 0, sent: 0 })],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"], pending: [], lines: [] },
    },
    {
      description: "says so in a dial after the former link ended: it has to dial again",
      given: lonely,
      events: [calls("bobby", { received: 1 })],
      expected: { sessions: [" 0 lobby", "*1 bobby A waiting"], pending: [], lines: [] },
    },
    {
      description: "says so again after it was refused: it was restored, which is reported once",
      given: after(lonely, calls("bobby", { received: 1 })),
      events: [calls("bobby", { received: 1 }, "i-again")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        pending: [],
        lines: ["1 " + `error ${sessionTexts.wentBack("bobby", 1)}`],
      },
    },
    {
      description:
        "says so in two dials that both left before the refusal could be read: nothing is concluded",
      given: after(lonely, calls("bobby", { n: 2, received: 1 })),
      events: [calls("bobby", { n: 3, received: 1 }, "i-again")],
      expected: { sessions: [" 0 lobby", "*1 bobby A waiting"], pending: [], lines: [] },
    },
    {
      description: "has everything by the dial after the refusal: the session continues",
      given: after(lonely, calls("bobby", { received: 1 })),
      events: [calls("bobby", { received: 2 }, "i-again")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"], pending: [], lines: [] },
    },
    {
      description: "gets the next message under the number after the last one that it has",
      given: wentBack,
      events: [type("five", 1), confirm("bobby", 2)],
      expected: { pending: ["1 failed four"], lines: ["1 anna (own): five"] },
    },
    {
      description: "can do so again and again",
      given: wentBack,
      events: [unlinked("bobby", "lost"), reaches("bobby"), answers("bobby", { received: 0 })],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 " + `error ${sessionTexts.wentBack("bobby", 1)}`],
      },
    },
  ]);

  it("adds reactions to the messages that it named, and to no other with the same number", () => {
    const state = after(
      wentBack,
      type("five", 1),
      confirm("bobby", 2),
      frame("bobby", react(2, "mine", 1)),
      frame("bobby", react(3, "yours", 1)),
      frame("bobby", react(4, "yours", 2)),
    );
    const session = state.sessions[1];
    assert.ok(session !== undefined);
    const { entries } = slice(session.transcript, 0, session.transcript.end);
    const reacted = entries.flatMap((entry) =>
      entry.kind === "message" && entry.reactions !== undefined ? [entry.text] : [],
    );
    assert.deepEqual(reacted, ["one", "well?", "five"]);
  });
});

describe("a message that a peer did not acknowledge before it lost its memory", () => {
  specify([
    {
      description: "is resent on request, behind what waits, under the next number",
      given: forgot,
      events: [retry(first)],
      expected: {
        pending: ["1 failed two", "1 sending indeed"],
        effects: [["sendLink", "i-bobby", { type: "message", seq: 1, at: NOW, text: "indeed" }]],
      },
    },
    {
      description: "is acknowledged like any other, and the next one follows it",
      given: forgot,
      events: [retry(first), retry(second), confirm("bobby", 2)],
      expected: { pending: [], lines: ["1 anna (own): indeed", "1 anna (own): two"] },
    },
    {
      description: "is not sent twice by asking twice, and unknown ones are never sent",
      given: after(forgot, retry(first)),
      events: [retry(first), retry("1"), retry("none")],
      expected: { unchanged: true },
    },
    {
      description: "waits for the next link if there is none",
      given: after(forgot, unlinked("bobby", "lost")),
      events: [retry(first)],
      expected: { pending: ["1 failed two", "1 sending indeed"], effects: [] },
    },
    {
      description: "stays when the session has ended",
      given: after(forgot, unlinked("bobby", "left")),
      events: [retry(first)],
      expected: {
        pending: ["1 failed indeed", "1 failed two"],
        lines: [`1 error ${failures.sessionEnded("bobby").text}`],
      },
    },
    {
      description: "stays when too much is waiting already",
      given: after(forgot, ...Array.from({ length: limits.unackedMessages }, (_, i) => type(`more ${i}`, 1))),
      events: [retry(first)],
      expected: { lines: [`1 error ${failures.windowFull("bobby").text}`], effects: [] },
    },
  ]);
});
