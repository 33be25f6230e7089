// From someone else's fork to a session.
import { closeCodes } from "../../../../protocol/errors.ts";
import { limits } from "../../../../protocol/limits.ts";
import {
  after,
  close,
  invite,
  linked,
  online,
  OWN_CARD,
  pin,
  sid,
  withBobby,
  full,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const invited = after(online, invite("bobby"));

describe("an incoming fork", () => {
  specify([
    {
      description: "is accepted at once, quietly",
      given: online,
      events: [invite("bobby")],
      expected: {
        sessions: ["*0 lobby"],
        lines: [],
        effects: [
          ["schedule", "invite:session-bobby", limits.introductionMs + limits.connectMs],
          ["send", 1, { type: "accept", sid: sid("bobby"), card: OWN_CARD }],
          ["schedule", "invite:session-bobby", limits.introductionMs + limits.connectMs],
          ["expect", [pin("bobby")]],
        ],
      },
    },
    {
      description: "opens a session as B, reports it where the user is, and switches no one",
      given: invited,
      events: [linked("bobby")],
      expected: {
        sessions: ["*0 lobby", " 1 bobby B open"],
        lines: [
          "0 info bobby opened a private session: \\sw 1",
          "1 info bobby opened this private session. It is end-to-end encrypted.",
        ],
      },
    },
    {
      description: "is reported in the private session that is active",
      given: after(withBobby, invite("carmen")),
      events: [linked("carmen")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        lines: [
          "1 info carmen opened a private session: \\sw 2",
          "2 info carmen opened this private session. It is end-to-end encrypted.",
        ],
      },
    },
    {
      description: "from someone with an open session is declined",
      given: withBobby,
      events: [invite("bobby", "another")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        effects: [["send", 1, { type: "decline", sid: "session-another", reason: "in-session" }]],
      },
    },
    {
      description: "is declined when the maximum number of sessions is reached",
      given: full,
      events: [invite("bobby")],
      expected: {
        effects: [["send", 1, { type: "decline", sid: "session-bobby", reason: "unavailable" }]],
      },
    },
    {
      description: "replaces an earlier invitation whose connection never came",
      given: invited,
      events: [invite("bobby", "newer")],
      expected: {
        effects: [
          ["cancel", "invite:session-bobby"],
          ["schedule", "invite:session-newer", limits.introductionMs + limits.connectMs],
          ["send", 1, { type: "accept", sid: sid("newer"), card: OWN_CARD }],
          ["schedule", "invite:session-newer", limits.introductionMs + limits.connectMs],
        ],
      },
    },
    {
      description: "that arrives twice under one id counts once",
      given: invited,
      events: [invite("bobby"), invite("carmen", "bobby")],
      expected: { unchanged: true },
    },
    {
      description: "is forgotten when no connection comes",
      given: invited,
      events: [{ type: "timer", key: "invite:session-bobby" }, linked("bobby")],
      expected: {
        sessions: ["*0 lobby"],
        lines: [],
        effects: [
          ["cancel", "invite:session-bobby"],
          ["expect", []],
          ["closeLink", "i-bobby", closeCodes.unknownSession],
        ],
      },
    },
    {
      description: "continues when the server drops before the link is up",
      given: after(invited, close()),
      events: [linked("bobby")],
      expected: { sessions: ["*0 lobby", " 1 bobby B open"] },
    },
  ]);
});
