// Peers that have forgotten messages, or acknowledge fewer than before.
import assert from "node:assert/strict";
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
  confirm,
  frame,
  hear,
  NOW,
  notReached,
  reaches,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const react = (seq: number, of: "mine" | "yours", target: number): PeerMessage => ({
  ...{ type: "message", seq, at: NOW, text: "👍" },
  about: { kind: "react", of, seq: target, on: true },
});

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
