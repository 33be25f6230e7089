// Two forks of each other, in each order of arrival; and what comes late about forks.
import { closeCodes } from "../../../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../../../protocol/limits.ts";
import {
  after,
  answers,
  boot,
  calls,
  fires,
  helloOf,
  introduce,
  invite,
  linked,
  messageId,
  online,
  pin,
  presented,
  reaches,
  sid,
  tell,
  type,
  UNIQUE,
  withBoth,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const asked = after(online, type("\\fork bobby", 0, 4));

const dialling = after(asked, introduce("w.1", "bobby"));

/** What we say first to bobby once we have talked. */
const ourHello = {
  type: "hello",
  v: PROTOCOL_VERSION,
  sid: sid("bobby"),
  boot: UNIQUE,
  can: ["part", "where", "files"],
  knows: boot("bobby"),
  received: 0,
  sent: 0,
};

const invited = after(online, invite("bobby"));

/** The server has seen both forks: one introduction for both, here with the role that it gave us. */
const crossed = (role: "A" | "B") => introduce("w.1", "bobby", "bobby", { role });

describe("crossed forks", () => {
  specify([
    {
      description: "when ours comes first: we are A, and dial at once",
      given: asked,
      events: [crossed("A"), linked("bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"] },
    },
    {
      description: "when theirs comes first: we are B, wait a moment for their dial, and are switched to it",
      given: asked,
      events: [crossed("B")],
      expected: {
        effects: [
          ["schedule", "fork:w.1", 20_000],
          ["schedule", "redial:session-bobby", 1000],
          ["expect", [pin("bobby")]],
        ],
      },
    },
    {
      description: "when theirs comes first: they dial",
      given: after(asked, crossed("B")),
      events: [linked("bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby B open"] },
    },
    {
      description: "their invitation, already accepted, ends with the introduction: one session",
      given: after(asked, invite("bobby"), crossed("B")),
      events: [linked("bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby B open"] },
    },
    {
      description: "the server's answer that our acceptance came too late is ignored",
      given: after(asked, invite("bobby"), crossed("B")),
      events: [tell({ type: "error", code: "unknown-invite", text: "This invitation is over." })],
      expected: { unchanged: true },
    },
    {
      description:
        "typed after the invitation arrived: nothing more is asked, and the session becomes active",
      given: invited,
      events: [type("\\fork bobby", 0, 4), linked("bobby")],
      expected: { sessions: [" 0 lobby", "*1 bobby B open"] },
    },
    {
      description: "typed twice after the invitation: the second is refused, the first is answered",
      given: after(invited, type("\\fork bobby", 0, 4)),
      events: [type("\\fork bobby", 0, 5)],
      expected: { effects: [["settle", 5, "already-forking"]] },
    },
    {
      description: "typed after the invitation, whose connection never comes: it fails",
      given: after(invited, type("\\fork bobby", 0, 4)),
      events: [fires("invite:session-bobby")],
      expected: {
        effects: [
          ["cancel", "invite:session-bobby"],
          ["settle", 4, "fork-failed"],
          ["expect", []],
        ],
      },
    },
    {
      description: "of two sessions with one person, the first to connect stays and the other is left",
      given: after(dialling, invite("bobby", "reverse"), linked("bobby")),
      events: [calls("reverse", { sid: sid("reverse") })],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"] },
    },
  ]);
});

describe("two simultaneous dials of one session", () => {
  // `anna` comes before `bobby`: of two dials with one number ours stays.
  const greeted = after(dialling, reaches("bobby"));

  specify([
    {
      description: "keep ours and close theirs when their key is higher",
      given: greeted,
      events: [calls("bobby", { n: 1 })],
      expected: { effects: [["closeLink", "i-bobby", closeCodes.stale]] },
    },
    {
      description: "keep theirs and close ours when their key is lower",
      given: {
        ...after(dialling, {
          type: "link/connected",
          link: "d1",
          role: "dialler",
          pin: pin("bobby"),
          ownPin: pin("zoe"),
          path: "direct",
          ways: [],
        }),
      },
      events: [
        {
          type: "link/connected",
          link: "i9",
          role: "listener",
          pin: pin("bobby"),
          ownPin: pin("zoe"),
          path: "direct",
          ways: [],
        },
        (state) => [{ type: "link/frame", link: "i9", frame: helloOf(state, "bobby", { n: 1 }) }],
      ],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"] },
    },
    {
      description: "keep the higher number, no matter who dials",
      given: greeted,
      events: [calls("bobby", { n: 2 })],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"] },
    },
    {
      description: "answer a lower number with the higher one, and close it",
      given: after(greeted, answers("bobby"), calls("bobby", { n: 7 }, "i7")),
      events: [calls("bobby", { n: 3 }, "i3")],
      expected: {
        effects: [
          ["sendLink", "i3", { ...ourHello, n: 7 }],
          ["closeLink", "i3", closeCodes.stale],
        ],
      },
    },
  ]);
});

describe("late messages about forks", () => {
  specify([
    {
      description: "introductions, refusals and timers of unknown forks are ignored",
      given: withBoth,
      events: [
        introduce("w.1", "bobby"),
        introduce("x.9", "dora"),
        presented("dora"),
        tell({ type: "declined", id: messageId("w.1"), to: "bobby", reason: "gone" }),
        fires("fork:w.1"),
        fires("invite:session-carmen"),
        { type: "link/failed", link: "d77", text: "cut off", ways: [] },
      ],
      expected: { unchanged: true },
    },
    {
      description: "a second introduction of the same fork is ignored",
      given: dialling,
      events: [introduce("w.1", "bobby", "other")],
      expected: { unchanged: true },
    },
    {
      description: "an unexpected caller gets an error: there is no such session",
      given: online,
      events: [calls("stranger")],
      expected: { sessions: ["*0 lobby"], effects: [["closeLink", "i-stranger", closeCodes.unknownSession]] },
    },
    {
      description: "a caller with a different key than the invitation's is treated as unexpected",
      given: invited,
      events: [
        {
          type: "link/connected",
          link: "i1",
          role: "listener",
          pin: pin("mallory"),
          ownPin: pin("anna"),
          path: "direct",
          ways: [],
        },
        (state) => [{ type: "link/frame", link: "i1", frame: helloOf(state, "bobby", { n: 1 }) }],
      ],
      expected: { sessions: ["*0 lobby"], effects: [["closeLink", "i1", closeCodes.unknownSession]] },
    },
  ]);
});
