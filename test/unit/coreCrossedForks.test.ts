// Two forks of each other, in each order of arrival, and what comes late about forks.
import { limits } from "../../protocol/limits.ts";
import {
  after,
  cross,
  introduce,
  invite,
  linked,
  messageId,
  online,
  sid,
  specify,
  tell,
  type,
  withBoth,
} from "../support/core.ts";

const asked = after(online, type("\\fork bobby", 0, 4));

const dialling = after(asked, introduce("w.1", "bobby"));

const invited = after(online, invite("bobby"));

describe("two forks of each other", () => {
  specify([
    {
      description: "invitation, then `crossed`: one session, of role B, to which its asker is switched",
      given: asked,
      events: [invite("bobby"), cross("w.1", "bobby"), linked("bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby B open"],
        effects: [
          ["accept", 1, "session-bobby", limits.introductionMs],
          ["schedule", "invite:session-bobby", 2 * limits.introductionMs],
          ["cancel", "fork:w.1"],
          ["cancel", "invite:session-bobby"],
          ["settle", 4, "ok"],
        ],
      },
    },
    {
      description: "link, then `crossed`: the session that is open becomes the active one",
      given: after(asked, invite("bobby"), linked("bobby")),
      events: [cross("w.1", "bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby B open"],
        effects: [
          ["cancel", "fork:w.1"],
          ["settle", 4, "ok"],
        ],
      },
    },
    {
      description: "typed after the invitation has come: nothing more is asked, the session becomes active",
      given: invited,
      events: [type("\\fork bobby", 0, 4), linked("bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby B open"],
        effects: [
          ["cancel", "invite:session-bobby"],
          ["settle", 4, "ok"],
        ],
      },
    },
    {
      description: "typed twice after the invitation: the second is refused, the first is answered",
      given: after(invited, type("\\fork bobby", 0, 4)),
      events: [type("\\fork bobby", 0, 5), linked("bobby")],
      expected: {
        effects: [
          ["settle", 5, "already-forking"],
          ["cancel", "invite:session-bobby"],
          ["settle", 4, "ok"],
        ],
      },
    },
    {
      description: "typed after the invitation, whose connection never comes: fails",
      given: after(invited, type("\\fork bobby", 0, 4)),
      events: [{ type: "timer", key: "invite:session-bobby" }],
      expected: {
        effects: [
          ["cancel", "invite:session-bobby"],
          ["settle", 4, "fork-failed"],
        ],
      },
    },
    {
      description: "`crossed` with an invitation that is unknown: fails, and asks to try again",
      given: asked,
      events: [cross("w.1", "bobby")],
      expected: {
        lines: [
          "0 error The private session with bobby could not be opened: both of you tried at once; try again.",
        ],
        effects: [
          ["cancel", "fork:w.1"],
          ["settle", 4, "fork-failed"],
        ],
      },
    },
    {
      description: "`crossed` with somebody else's invitation: fails, and that invitation stays as it was",
      given: after(online, invite("carmen"), type("\\fork carmen", 0, 5), type("\\fork bobby", 0, 6)),
      events: [cross("w.1", "bobby", "carmen"), linked("carmen")],
      expected: {
        effects: [
          ["cancel", "fork:w.1"],
          ["settle", 6, "fork-failed"],
          ["cancel", "invite:session-carmen"],
          ["settle", 5, "ok"],
        ],
      },
    },
    {
      description: "links of both come up: the first one stays, the second is closed",
      given: after(dialling, invite("bobby", "reverse"), linked("bobby")),
      events: [linked("reverse")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        effects: [
          ["closePeer", "session-reverse", "left"],
          ["cancel", "invite:session-reverse"],
        ],
      },
    },
    {
      description: "the peer's link comes up first: who asked is switched to it",
      given: after(dialling, invite("bobby", "reverse"), linked("reverse")),
      events: [linked("bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby B open"],
        effects: [
          ["closePeer", "session-bobby", "left"],
          ["cancel", "fork:w.1"],
          ["settle", 4, "ok"],
        ],
      },
    },
  ]);
});

describe("what comes late about forks", () => {
  specify([
    {
      description: "introductions, refusals and timers of unknown forks do nothing",
      given: withBoth,
      events: [
        introduce("w.1", "bobby"),
        introduce("x.9", "dora"),
        cross("w.1", "bobby"),
        tell({ type: "declined", id: messageId("w.1"), to: "bobby", reason: "gone" }),
        { type: "timer", key: "fork:w.1" },
        { type: "timer", key: "invite:session-carmen" },
        { type: "peer/failed", sid: sid("bobby"), text: "cut off" },
      ],
      expected: { unchanged: true },
    },
    {
      description: "a second introduction of the same fork does nothing",
      given: dialling,
      events: [introduce("w.1", "bobby", "other")],
      expected: { unchanged: true },
    },
    {
      description: "a link that nobody waits for is closed",
      given: online,
      events: [linked("stranger")],
      expected: { sessions: ["*0 lobby"], effects: [["closePeer", "session-stranger", "left"]] },
    },
    {
      description: "a link that is told twice stays",
      given: withBoth,
      events: [linked("bobby"), linked("carmen")],
      expected: { unchanged: true },
    },
  ]);
});
