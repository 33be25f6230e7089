// Invitations that wait for a word, and what may happen meanwhile.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import type { KnownPeer } from "../../../../extension/core/model/person.ts";
import { trustTexts } from "../../../../extension/core/texts/texts.ts";
import { limits } from "../../../../protocol/limits.ts";
import {
  after,
  calls,
  close,
  fires,
  hear,
  introduce,
  invite,
  linked,
  NOW,
  online,
  OWN_CARD,
  pin,
  presented,
  run,
  settings,
  sid,
  tell,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { check, lines, specify } from "../../../support/coreChecks.ts";

const asking = after(online, settings({ acceptForks: "ask" }));
const asked = after(asking, invite("bobby"));
const yes = (state: State): CoreEvent[] =>
  state.questions.map(({ id }) => ({ type: "user/answer", question: id, answer: "yes" }));

/** What was said to the server about invitations. */
const answersOf = (state: State, ...events: Parameters<typeof run>[1][]): string[] =>
  run(state, ...events).effects.flatMap((effect) =>
    effect.type === "network" &&
    effect.call === "send" &&
    (effect.args[1].type === "accept" || effect.args[1].type === "decline")
      ? [`${effect.args[1].type} ${effect.args[1].sid}`]
      : [],
  );

describe("a pending invitation", () => {
  specify([
    {
      description: "opens nothing, admits no one, and reveals no address",
      given: asking,
      events: [invite("bobby")],
      expected: {
        sessions: ["*0 lobby"],
        lines: [`0 info ${trustTexts.ask("bobby", null)} \\accept bobby or \\decline bobby`],
        effects: [
          ["schedule", "invite:session-bobby", limits.introductionMs],
          ["ask", trustTexts.ask("bobby", null)],
        ],
      },
    },
    {
      description: "ends with its question when no one answers",
      given: asked,
      events: [fires("invite:session-bobby"), type("\\accept bobby")],
      expected: {
        sessions: ["*0 lobby"],
        effects: [["withdraw"], ["cancel", "invite:session-bobby"], ["settle", 7, "no-question"]],
      },
    },
    {
      description: "is accepted by forking the person who asked",
      given: asked,
      events: [type("\\fork bobby")],
      expected: {
        effects: [
          ["withdraw"],
          ["send", 1, { type: "accept", sid: sid("bobby"), card: OWN_CARD }],
          ["schedule", "invite:session-bobby", limits.introductionMs + limits.connectMs],
          ["expect", [pin("bobby")]],
        ],
      },
    },
    {
      description:
        "is replaced by a newer one from the same person; the former question no longer has an effect",
      given: asked,
      events: [invite("bobby", "newer"), ...yes(asked)],
      expected: {
        effects: [
          ["withdraw"],
          ["cancel", "invite:session-bobby"],
          ["schedule", "invite:session-newer", limits.introductionMs],
          ["ask", trustTexts.ask("bobby", null)],
        ],
      },
    },
    {
      description: "does not admit a caller with the right key before it is accepted",
      given: asked,
      events: [calls("bobby")],
      expected: { sessions: ["*0 lobby"] },
    },
  ]);

  it("is not completed by an introduction before it is accepted", () => {
    check(asked, [presented("bobby")], { unchanged: true });
    assert.equal(after(asked, ...yes(asked), presented("bobby")).channels.length, 1);
  });

  it("has no effect when it is answered after the server left; nothing is sent later", () => {
    const away = after(asked, close());
    assert.deepEqual(answersOf(away, ...yes(asked)), []);
  });

  it("is declined quietly by \\decline, and by blocking the person who asks", () => {
    assert.deepEqual(answersOf(asked, type("\\decline bobby")), ["decline session-bobby"]);
    const block: CoreEvent = { type: "user/answer", question: asked.questions[0]?.id ?? "", answer: "block" };
    assert.deepEqual(answersOf(asked, block), ["decline session-bobby"]);
    assert.deepEqual(answersOf(after(asked, block), invite("bobby", "again")), ["decline session-again"]);
    assert.equal(after(asked, block, invite("bobby", "again")).questions.length, 0);
  });

  it("times out after the protocol's limit, whatever the server says", () => {
    const { effects } = run(
      asking,
      tell({ type: "invite", sid: sid("bobby"), from: "bobby", pin: pin("bobby"), expiresMs: 1e15 }),
    );
    assert.ok(effects.every((effect) => effect.type !== "schedule" || effect.ms <= limits.introductionMs));
  });
});

describe("an introduction for an invitation", () => {
  const accepted = after(online, invite("bobby"));

  it("with a different key than the invited one is ignored", () => {
    const swapped = tell({
      type: "introduction",
      sid: sid("bobby"),
      role: "B",
      peer: { name: "bobby", pin: pin("another"), card: { addresses: [] } },
    });
    check(accepted, [swapped], { unchanged: true });
  });

  it("without an invitation is ignored", () => {
    check(online, [presented("bobby")], { unchanged: true });
  });
});

describe("an invitation from someone with an existing session", () => {
  const away = after(withBobby, hear("bobby", 1, "wait"), unlinked("bobby", "lost"));

  it("ends that session if it is away: a new request means the peer no longer has it", () => {
    const state = after(away, invite("bobby", "second"), linked("second"));
    check(state, [], { sessions: [" 0 lobby", "*1 bobby A ended", " 2 bobby B open"] });
    const [, former] = state.sessions;
    assert.ok(former !== undefined && lines(former).includes("bobby: wait"), "what was said can be read");
  });

  it("ends nothing and is declined if it comes under another key", () => {
    const impostor = invite("bobby", "second", pin("another"));
    assert.deepEqual(answersOf(away, impostor), ["decline session-second"]);
    check(after(away, impostor), [], { sessions: [" 0 lobby", "*1 bobby A waiting"] });
  });
});

describe("people who are remembered", () => {
  const stranger = (n: number, change: Partial<KnownPeer> = {}): KnownPeer => ({
    name: `p${n}`,
    pin: pin(`p${n}`),
    verified: false,
    blocked: false,
    at: NOW - n,
    ...change,
  });

  it("are limited in number; the one met longest ago is forgotten first, verified and blocked people never", () => {
    const people = Array.from({ length: limits.knownPeers }, (_, n) =>
      stranger(
        n,
        n === limits.knownPeers - 1
          ? { blocked: true }
          : n === limits.knownPeers - 2
            ? { verified: true }
            : {},
      ),
    );
    const given = after(online, { type: "people/loaded", people });
    // An unasked caller replaces no one.
    const unasked = run(given, invite("bobby"), linked("bobby"));
    assert.deepEqual(unasked.state.people, people);
    const { state, effects } = run(given, type("\\fork bobby"), introduce("w.1", "bobby"), linked("bobby"));
    assert.equal(state.people.length, limits.knownPeers);
    assert.deepEqual(
      effects.flatMap((effect) => (effect.type === "forget" ? [effect.name] : [])),
      [`p${limits.knownPeers - 3}`],
    );
    assert.ok(state.people.some(({ name }) => name === "bobby"));
  });
});
