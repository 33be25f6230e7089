// Keys that are remembered, keys that have changed, and people who are kept out.
import assert from "node:assert/strict";
import type { Answer, CoreEvent } from "../../../../extension/core/model/events.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import type { KnownPeer } from "../../../../extension/core/model/person.ts";
import { failures, trustTexts } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  blank,
  introduce,
  invite,
  join,
  joined,
  linked,
  listening,
  noTimers,
  NOW,
  online,
  open,
  pin,
  run,
  said,
  settings,
  sid,
  tell,
  type,
  withBobby,
} from "../../../support/core.ts";
import { lines, specify } from "../../../support/coreChecks.ts";

const known = (name: string, change: Partial<KnownPeer> = {}): KnownPeer => ({
  name,
  pin: pin(name),
  verified: false,
  blocked: false,
  at: NOW - 1000,
  ...change,
});

/** anna in the lobby, who remembers people from before. */
const remembering = (...people: readonly KnownPeer[]): State =>
  after(blank, { type: "people/loaded", people }, join("anna"), open(), listening, tell(joined("anna")));

const otherKey = pin("another");
const answer = (state: State, given: Answer): CoreEvent => ({
  type: "user/answer",
  question: state.questions[0]?.id ?? "",
  answer: given,
});

describe("forking someone whose key has changed", () => {
  const given = after(remembering(known("bobby", { verified: true })), type("\\fork bobby"));
  const id = given.forks[0]?.id ?? "";
  const changed = introduce(id, "bobby", "bobby", {
    peer: { name: "bobby", pin: otherKey, card: { addresses: [] } },
  });
  const held = after(given, changed);

  specify([
    {
      description: "dials no one before a clear decision",
      given,
      events: [changed],
      expected: {
        sessions: ["*0 lobby"],
        lines: [`0 error ${trustTexts.askChanged("bobby")}`],
        effects: [["ask", trustTexts.askChanged("bobby")]],
      },
    },
    {
      description: "ends when the user declines, and the former key stays remembered",
      given: held,
      events: [answer(held, "no")],
      expected: {
        lines: [
          `0 error ${failures.forkFailed("bobby", "their key has changed, and you didn't trust the new one").text}`,
        ],
        effects: [["withdraw"], ["cancel", `fork:${id}`], ["settle", 7, "fork-failed"]],
      },
    },
  ]);

  it("shows a modal question", () => {
    const asked = run(given, changed).effects.find((effect) => effect.type === "ask");
    assert.equal(asked?.type === "ask" && asked.question.loud, true);
    assert.equal(after(held, answer(held, "no")).people[0]?.pin, pin("bobby"));
  });

  it("is not answered by typing, which would be about a request of that name", () => {
    const asked = after(held, settings({ acceptForks: "ask" }), invite("bobby", "second"));
    const accepted = after(asked, type("\\accept bobby"));
    assert.deepEqual([accepted.invites[0]?.phase, accepted.people[0]?.pin], ["accepted", pin("bobby")]);
    const alone = after(held, type("\\accept bobby"));
    assert.equal(lines(alone.sessions[0]).at(-1), `error ${failures.noQuestion("bobby").text}`);
    assert.deepEqual(alone.people, held.people);
  });

  it("is sent again when the user accepts, which remembers the new key as unverified", () => {
    const { state, effects } = run(held, answer(held, "yes"));
    assert.deepEqual(state.people[0], { ...known("bobby"), pin: otherKey, verified: false, at: NOW });
    assert.ok(effects.some((effect) => effect.type === "network" && effect.call === "send"));
    assert.equal(state.forks.length, 1);
  });
});

describe("a fork by someone whose key has changed", () => {
  for (const acceptForks of ["always", "known", "ask"] as const) {
    it(`is asked about with acceptForks ${acceptForks}, and reveals no address before that`, () => {
      const given = after(remembering(known("bobby")), settings({ acceptForks }));
      const { state, effects } = run(given, invite("bobby", "bobby", otherKey));
      assert.deepEqual(
        state.invites.map(({ phase }) => phase),
        ["asking"],
      );
      assert.ok(!effects.some((effect) => effect.type === "network" && effect.call === "send"));
      assert.ok(lines(state.sessions[0]).some((line) => line.includes("key has changed")));
    });
  }
});

describe("someone whose link opens after another key was remembered under their name", () => {
  const bobby: CoreEvent = { type: "people/loaded", people: [known("bobby", { verified: true })] };

  for (const [what, given] of [
    ["had asked", after(remembering(), invite("bobby", "bobby", otherKey))],
    [
      "was asked",
      after(
        remembering(),
        type("\\fork bobby"),
        introduce("w.1", "bobby", "bobby", {
          peer: { name: "bobby", pin: otherKey, card: { addresses: [] } },
        }),
      ),
    ],
  ] as const) {
    it(`gets no session, and no trust, if they ${what} before that`, () => {
      assert.equal(after(given, linked("bobby")).people[0]?.pin, otherKey);
      const late = after(given, bobby, linked("bobby"));
      assert.deepEqual(
        [late.sessions.length, late.people, late.forks, late.invites],
        [1, bobby.people, [], []],
      );
    });
  }

  it("does not end a request that still waits for the one who was remembered", () => {
    const asked = after(remembering(), type("\\fork bobby"), invite("bobby", "bobby", otherKey));
    const late = after(asked, bobby, linked("bobby"));
    assert.deepEqual([late.sessions.length, late.forks.length, late.invites], [1, 1, []]);
  });

  it("gets both if the user has decided for them", () => {
    const asked = after(remembering(known("bobby")), invite("bobby", "bobby", otherKey));
    const opened = after(asked, type("\\accept bobby"), linked("bobby"));
    assert.deepEqual([opened.sessions.length, opened.people[0]?.pin], [2, otherKey]);
  });
});

describe("a request of the user's own for someone who has asked with a changed key", () => {
  const given = after(remembering(known("bobby", { verified: true })), invite("bobby", "bobby", otherKey));
  const asked = after(given, type("\\fork bobby"));
  const sent = (events: readonly CoreEvent[]): unknown[] =>
    run(asked, ...events).effects.flatMap((effect) =>
      effect.type === "network" && effect.call === "send" ? [effect.args[1]] : [],
    );

  it("shows a modal question in place of the quiet one, and accepts nothing", () => {
    const { effects } = run(given, type("\\fork bobby"));
    const [former, question, ...others] = effects;
    assert.equal(former?.type, "withdraw");
    assert.ok(question?.type === "ask" && question.question.loud);
    assert.equal(question.question.text, trustTexts.askChanged("bobby"));
    assert.deepEqual(others, []);
    assert.deepEqual(asked.people, given.people);
  });

  it("is answered by opening the session, or by declining it", () => {
    const opened = after(asked, answer(asked, "yes"), linked("bobby"));
    assert.deepEqual([opened.active, opened.people[0]?.pin], [1, otherKey]);
    assert.deepEqual(sent([answer(asked, "no")]), [
      { type: "decline", sid: sid("bobby"), reason: "declined" },
    ]);
    assert.deepEqual(after(asked, answer(asked, "no"), linked("bobby")).people, given.people);
  });

  it("declines if it is canceled", () => {
    const cancelled: CoreEvent = { type: "user/cancelFork", id: sid("bobby") };
    assert.deepEqual(sent([cancelled]), [{ type: "decline", sid: sid("bobby"), reason: "declined" }]);
    const { invites, questions } = after(asked, cancelled);
    assert.deepEqual([invites, questions], [[], []]);
  });
});

describe("forkchat.acceptForks", () => {
  const decide = (acceptForks: "always" | "known" | "ask" | "never", ...people: KnownPeer[]): string => {
    const given = after(remembering(...people), settings({ acceptForks }));
    const { state, effects } = run(given, invite("bobby"));
    const sent = effects.flatMap((effect) =>
      effect.type === "network" && effect.call === "send" ? [effect.args[1].type] : [],
    );
    return sent[0] ?? state.invites[0]?.phase ?? "";
  };

  it("always: accepts everyone's at once", () => assert.equal(decide("always"), "accept"));
  it("known: accepts those of known keys", () => assert.equal(decide("known", known("bobby")), "accept"));
  it("known: asks about others", () => assert.equal(decide("known", known("carmen")), "asking"));
  it("ask: asks about friends too", () => assert.equal(decide("ask", known("bobby")), "asking"));
  it("never: declines", () => assert.equal(decide("never", known("bobby")), "decline"));

  it("ask: can be answered by typing", () => {
    const asked = after(online, settings({ acceptForks: "ask" }), invite("bobby"));
    assert.equal(after(asked, type("\\accept Bobby")).invites[0]?.phase, "accepted");
    assert.deepEqual(after(asked, type("\\decline bobby")).invites, []);
    assert.deepEqual(
      lines(after(asked, type("\\accept carmen")).sessions[0]).at(-1),
      `error ${failures.noQuestion("carmen").text}`,
    );
  });
});

describe("someone who is blocked", () => {
  const blocked = after(online, type("\\block bobby"));

  specify([
    {
      description: "gets no private session, and does not learn why",
      given: blocked,
      events: [invite("bobby")],
      expected: {
        sessions: ["*0 lobby"],
        lines: [],
        effects: [
          ["remember", "bobby"],
          ["send", 1, { type: "decline", sid: sid("bobby"), reason: "unavailable" }],
        ],
      },
    },
    {
      description: "is hidden in the lobby",
      given: blocked,
      events: [said(1, "bobby", "can you hear me?"), said(2, "carmen", "I can")],
      expected: { lines: ["0 carmen: I can"] },
    },
    {
      description: "cannot be forked by mistake",
      given: blocked,
      events: [type("\\fork bobby")],
      expected: { lines: [`0 error ${failures.blocked("bobby").text}`], effects: [["settle", 7, "blocked"]] },
    },
    {
      description: "loses the existing session",
      given: withBobby,
      events: [type("\\block bobby", 1)],
      expected: {
        sessions: ["*0 lobby"],
        effects: [
          ["remember", "bobby"],
          ["sendLink", "d1", { type: "bye", reason: "left" }],
          ["closeLink", "d1", 1000],
          ...noTimers("bobby"),
          ["settle", 7, "ok"],
          ["expect", []],
        ],
      },
    },
    {
      description: "is admitted again by \\unblock",
      given: blocked,
      events: [type("\\unblock bobby"), said(1, "bobby", "thank you")],
      expected: {
        lines: [`0 info ${trustTexts.unblocked("bobby")}`, "0 bobby: thank you"],
        effects: [
          ["forget", "bobby"],
          ["settle", 7, "ok"],
        ],
      },
    },
  ]);

  it("is kept out under another name with the same key, too", () => {
    const left = after(withBobby, type("\\block bobby", 1));
    const { state, effects } = run(left, invite("robert", "robert", pin("bobby")));
    assert.deepEqual(state.invites, []);
    assert.ok(effects.some((effect) => effect.type === "network" && effect.call === "send"));
  });

  it("can be an unknown caller, blocked in the question itself", () => {
    const asked = after(online, settings({ acceptForks: "ask" }), invite("bobby"));
    const state = after(asked, answer(asked, "block"));
    assert.deepEqual(
      state.people.map(({ name, blocked, pin }) => [name, blocked, pin]),
      [["bobby", true, pin("bobby")]],
    );
  });
});

describe("a newly met key", () => {
  it("is remembered, and the first one of a name stays as it is", () => {
    const state = after(online, invite("bobby"), linked("bobby"));
    assert.deepEqual(state.people, [{ ...known("bobby"), at: NOW }]);
  });
});
