// Someone who has sessions with two people introduces them to each other, without the server.
import assert from "node:assert/strict";
import type { State } from "../../../../extension/core/model/state.ts";
import { failures, trustTexts } from "../../../../extension/core/texts/texts.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { PeerMessage } from "../../../../protocol/peer.ts";
import { sessionView } from "../../../../extension/core/view/selectors.ts";
import {
  after,
  CARD,
  fires,
  frame,
  linked,
  look,
  offline,
  OWN_CARD,
  pin,
  run,
  settings,
  sid,
  type,
  UNIQUE,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { lines, lobbyLines, specify } from "../../../support/coreChecks.ts";

/** `offline`: without a server, with sessions 1 (bobby, over d1) and 2 (carmen, over i-carmen). */
const ids = { sid: UNIQUE } as { sid: never };
const introduced = after(offline, type("\\introduce bobby carmen", 1));
const consents = (session: string, change: Partial<Extract<PeerMessage, { type: "consent" }>> = {}) =>
  frame(session, { type: "consent", ...ids, accepted: true, card: CARD, ...change });

describe("being introduced", () => {
  /** bobby introduces us to zoe. Either she calls us, or we call her. */
  const met = (role: "A" | "B") =>
    after(
      withBobby,
      look(0),
      frame("bobby", { type: "introduce", sid: sid("zoe"), role, name: "zoe", pin: pin("zoe") }),
      frame("bobby", { type: "introduced", sid: sid("zoe"), card: CARD }),
      linked("zoe"),
    );

  for (const role of ["A", "B"] as const) {
    it(`is reported the same way on both sides: here for role ${role}`, () => {
      const state = met(role);
      assert.deepEqual(state.sessions[2] && lines(state.sessions[2]), [
        "info bobby introduced you to zoe. This private session is end-to-end encrypted.",
      ]);
      assert.equal(lobbyLines(state).at(-1), "info bobby introduced you to zoe: \\sw 2");
      assert.doesNotMatch(
        [...lobbyLines(state), ...state.sessions.slice(2).flatMap(lines)].join(),
        /zoe opened/,
      );
    });
  }
});

describe("being introduced to someone under the name of a person whom the user asks for", () => {
  const introducesAs = (name: string) => [
    frame("bobby", { type: "introduce", sid: sid("eve"), role: "B", name, pin: pin("eve") }),
    frame("bobby", { type: "introduced", sid: sid("eve"), card: CARD }),
  ];
  const asked = after(withBobby, look(0), type("\\fork carmen"));

  it("does not answer what was asked of the server", () => {
    const state = after(asked, ...introducesAs("carmen"), linked("eve"));
    assert.deepEqual([state.active, state.forks.length], [0, 1]);
    assert.equal(lobbyLines(state).at(-1), "info bobby introduced you to carmen: \\sw 2");
  });

  it("does not keep the user from asking the server", () => {
    const { effects } = run(after(withBobby, look(0), ...introducesAs("carmen")), type("\\fork carmen"));
    assert.ok(effects.some((effect) => effect.type === "network" && effect.call === "send"));
  });

  it("answers if they are known by this key", () => {
    const people = [{ name: "carmen", pin: pin("eve"), verified: false, blocked: false, at: 0 }];
    const state = after(asked, { type: "people/loaded", people }, ...introducesAs("carmen"), linked("eve"));
    assert.deepEqual([state.active, state.forks.length], [2, 0]);
  });
});

describe("introducing two people", () => {
  specify([
    {
      description: "asks each in the session with them, naming the other",
      given: offline,
      events: [type("\\introduce bobby carmen", 1)],
      expected: {
        lines: [`1 info ${trustTexts.introducing("bobby", "carmen")}`],
        effects: [
          ["sendLink", "d1", { type: "introduce", ...ids, role: "A", name: "carmen", pin: pin("carmen") }],
          [
            "sendLink",
            "i-carmen",
            { type: "introduce", ...ids, role: "B", name: "bobby", pin: pin("bobby") },
          ],
          ["schedule", `introduce:${UNIQUE}`, limits.introductionMs],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "tells neither the other's address before both have consented",
      given: introduced,
      events: [consents("bobby")],
      expected: { lines: [], effects: [] },
    },
    {
      description: "tells both the other's address once both have consented",
      given: introduced,
      events: [consents("bobby"), consents("carmen", { card: OWN_CARD })],
      expected: {
        lines: [`1 info ${trustTexts.introduced("bobby", "carmen")}`],
        effects: [
          ["cancel", `introduce:${UNIQUE}`],
          ["sendLink", "d1", { type: "introduced", ...ids, card: OWN_CARD }],
          ["sendLink", "i-carmen", { type: "introduced", ...ids, card: CARD }],
        ],
      },
    },
    {
      description: "ends when one declines, and gives the other no card",
      given: introduced,
      events: [consents("bobby"), frame("carmen", { type: "consent", ...ids, accepted: false })],
      expected: {
        lines: [`1 info ${trustTexts.notIntroduced("bobby", "carmen")}`],
        effects: [
          ["cancel", `introduce:${UNIQUE}`],
          ["sendLink", "d1", { type: "introduced", ...ids }],
          ["sendLink", "i-carmen", { type: "introduced", ...ids }],
        ],
      },
    },
    {
      description: "ends when one does not answer",
      given: introduced,
      events: [consents("bobby"), fires(`introduce:${UNIQUE}`)],
      expected: { lines: [`1 info ${trustTexts.notIntroduced("bobby", "carmen")}`] },
    },
    {
      description: "requires sessions with both",
      given: offline,
      events: [type("\\introduce bobby dora", 1)],
      expected: { lines: [`1 error ${failures.notInSession("dora").text}`] },
    },
    {
      description: "requires both to be connected",
      given: after(offline, unlinked("carmen", "lost")),
      events: [type("\\introduce bobby carmen", 1)],
      expected: { lines: [`1 error ${failures.notInSession("carmen").text}`] },
    },
    {
      description: "is not possible between someone and themselves",
      given: offline,
      events: [type("\\introduce bobby Bobby", 1)],
      expected: { lines: [`1 error ${failures.usageOfIntroduce.text}`] },
    },
  ]);

  it("accepts consent only from someone who was asked", () => {
    const state = after(introduced, consents("carmen"), consents("carmen"));
    assert.equal(state.introductions.length, 1);
  });
});

describe("being introduced", () => {
  const session = sid("dora");
  const introduce = frame("bobby", {
    type: "introduce",
    sid: session,
    role: "A",
    name: "dora",
    pin: pin("dora"),
  });
  const completed = frame("bobby", { type: "introduced", sid: session, card: CARD });
  const consented = after(withBobby, introduce);

  specify([
    {
      description: "is accepted like a fork, with one's own card, over the session with the introducer",
      given: withBobby,
      events: [introduce],
      expected: {
        effects: [
          ["schedule", `invite:${session}`, limits.introductionMs + limits.connectMs],
          ["sendLink", "d1", { type: "consent", sid: session, accepted: true, card: OWN_CARD }],
          ["schedule", `invite:${session}`, limits.introductionMs + limits.connectMs],
          ["expect", [pin("bobby"), pin("dora")]],
        ],
      },
    },
    {
      description: "is asked about where forks are, with the introducer's name",
      given: after(withBobby, settings({ acceptForks: "ask" })),
      events: [introduce],
      expected: {
        effects: [
          ["schedule", `invite:${session}`, limits.introductionMs],
          ["ask", trustTexts.ask("dora", "bobby")],
        ],
      },
    },
    {
      description: "ends without a card, with a line in the session with the introducer",
      given: consented,
      events: [frame("bobby", { type: "introduced", sid: session })],
      expected: { lines: [`1 info ${trustTexts.introductionOver("dora")}`] },
    },
  ]);

  it("opens a session that names the introducer", () => {
    const state = after(consented, completed, linked("dora"));
    const opened = state.sessions.find((each) => each.kind === "peer" && each.peer === "dora");
    assert.ok(opened !== undefined);
    assert.equal(sessionView(state, opened).peer?.introducedBy, "bobby");
  });

  it("can be completed only by the introducer", () => {
    const given: State = after(offline, introduce);
    const { state } = run(given, frame("carmen", { type: "introduced", sid: session, card: CARD }));
    assert.ok(!state.channels.some(({ sid }) => sid === session));
  });

  it("asks first when a known name comes with another key", () => {
    const given = after(withBobby, introduce, completed, linked("dora"), unlinked("dora", "left"));
    const again = frame("bobby", {
      type: "introduce",
      sid: sid("again"),
      role: "A",
      name: "dora",
      pin: pin("eve"),
    });
    assert.deepEqual(
      after(given, again).invites.map(({ phase }) => phase),
      ["asking"],
    );
  });
});
