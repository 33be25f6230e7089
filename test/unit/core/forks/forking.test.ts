// From `\fork` to a session, on the side of who forks.
import { closeCodes } from "../../../../protocol/errors.ts";
import { limits } from "../../../../protocol/limits.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  CARD,
  fires,
  introduce,
  linked,
  messageId,
  noTimers,
  notReached,
  offline,
  online,
  OWN_CARD,
  pin,
  tell,
  type,
  withBobby,
  full,
} from "../../../support/core.ts";
import { check, specify } from "../../../support/coreChecks.ts";

const asked = after(online, type("\\fork bobby", 0, 4));

const dialling = after(asked, introduce("w.1", "bobby"));

const dials = (link: string): readonly unknown[] => [
  "dial",
  link,
  {
    pin: pin("bobby"),
    addresses: CARD.addresses,
    relay: null,
  },
];

/** As many failed dials as end a session that never had a link. */
const lateFailures = Array.from({ length: 4 }, () => [
  notReached("bobby", "none of their addresses can be reached"),
  fires("redial:session-bobby"),
]).flat();

describe("forking someone", () => {
  specify([
    {
      description: "asks the server, and waits no longer than its answer and a dial may take",
      given: online,
      events: [type("\\fork bobby")],
      expected: {
        sessions: ["*0 lobby"],
        effects: [
          ["send", 1, { type: "fork", id: "w.1", to: "bobby", card: OWN_CARD }],
          ["schedule", "fork:w.1", limits.introductionMs + limits.connectMs],
        ],
      },
    },
    {
      description: "ignores case in the name, and asks for it as its owner writes it",
      given: online,
      events: [type("\\fork BOBBY")],
      expected: {
        effects: [
          ["send", 1, { type: "fork", id: "w.1", to: "bobby", card: OWN_CARD }],
          ["schedule", "fork:w.1", limits.introductionMs + limits.connectMs],
        ],
      },
    },
    {
      description: "dials the peer once introduced",
      given: asked,
      events: [introduce("w.1", "bobby")],
      expected: {
        sessions: ["*0 lobby"],
        effects: [["schedule", "fork:w.1", 20_000], dials("d1"), ["expect", [pin("bobby")]]],
      },
    },
    {
      description: "opens a session as A and switches to it once the link is up",
      given: dialling,
      events: [linked("bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: ["1 info You opened this private session with bobby. It is end-to-end encrypted."],
      },
    },
    {
      description: "refuses one's own name",
      given: online,
      events: [type("\\fork Anna")],
      expected: { lines: [`0 error ${failures.selfFork.text}`], effects: [["settle", 7, "self-fork"]] },
    },
    {
      description: "refuses a name that is not online",
      given: online,
      events: [type("\\fork dora")],
      expected: {
        lines: [`0 error ${failures.unknownUser("dora").text}`],
        effects: [["settle", 7, "unknown-user"]],
      },
    },
    {
      description: "suggests the name that was probably meant",
      given: online,
      events: [type("\\fork boby")],
      expected: {
        lines: ["0 error No one named boby is online. Did you mean bobby?"],
        effects: [["settle", 7, "unknown-user"]],
      },
    },
    {
      description: "refuses a peer with an open session, and says where it is",
      given: withBobby,
      events: [type("\\fork bobby")],
      expected: {
        lines: ["0 error You already have a private session with bobby: \\sw 1"],
        effects: [["settle", 7, "already-in-session"]],
      },
    },
    {
      description: "refuses a second fork of the same peer while the first is pending",
      given: asked,
      events: [type("\\fork bobby")],
      expected: { effects: [["settle", 7, "already-forking"]] },
    },
    {
      description: "refuses when the maximum number of sessions is reached",
      given: full,
      events: [type("\\fork bobby")],
      expected: { effects: [["settle", 7, "too-many-sessions"]] },
    },
    {
      description: "sends nothing to a server that is away",
      given: offline,
      events: [type("\\fork bobby")],
      expected: { effects: [["settle", 7, "server-away"]] },
    },
  ]);
});

describe("a failed fork", () => {
  const failed = (why: string): string => `0 error Couldn't open a private session with bobby: ${why}.`;
  const effects = [
    ["cancel", "fork:w.1"],
    ["settle", 4, "fork-failed"],
  ];

  for (const [reason, why] of [
    ["in-session", "they still have a session with you and have to leave it first"],
    ["unavailable", "they can't accept private sessions right now"],
    ["gone", "they just left"],
    ["timeout", "the request timed out"],
  ] as const) {
    it(`says why it was declined: ${reason}`, () => {
      const declined = tell({ type: "declined", id: messageId("w.1"), to: "bobby", reason });
      check(asked, [declined], { sessions: ["*0 lobby"], lines: [failed(why)], effects });
    });
  }

  specify([
    {
      description: "shows the server's own text",
      given: asked,
      events: [
        tell({
          type: "error",
          id: messageId("w.1"),
          code: "unknown-user",
          text: "No one with that name is online.",
        }),
      ],
      expected: { lines: [failed("No one with that name is online")], effects },
    },
    {
      description: "says when the server will accept the next one",
      given: asked,
      events: [tell({ type: "error", id: messageId("w.1"), code: "rate-limited", text: "", retryMs: 4_200 })],
      expected: {
        lines: [failed("too many requests to the server; try again in 5 s")],
        effects,
      },
    },
    {
      description: "says that the peer could not be reached",
      given: dialling,
      events: lateFailures,
      expected: { lines: [failed("none of their addresses can be reached")] },
    },
    {
      description: "says that the server did not answer in time",
      given: asked,
      events: [{ type: "timer", key: "fork:w.1" }],
      expected: { lines: [failed("the request timed out")], effects },
    },
    {
      description: "stops a dial that takes too long",
      given: dialling,
      events: [{ type: "timer", key: "fork:w.1" }],
      expected: {
        lines: [failed("the request timed out")],
        effects: [
          ["cancel", "fork:w.1"],
          ["sendLink", "d1", { type: "bye", reason: "left" }],
          ["closeLink", "d1", closeCodes.quit],
          ...noTimers("bobby"),
          ["settle", 4, "fork-failed"],
          ["expect", []],
        ],
      },
    },
    {
      description: "can be retried at once",
      given: after(dialling, { type: "timer", key: "fork:w.1" }),
      events: [type("\\fork bobby")],
      expected: {
        effects: [
          ["send", 1, { type: "fork", id: "w.2", to: "bobby", card: OWN_CARD }],
          ["schedule", "fork:w.2", limits.introductionMs + limits.connectMs],
        ],
      },
    },
    {
      description: "ignores an introduction under the id of an existing session",
      given: after(withBobby, type("\\fork carmen", 0, 5)),
      events: [introduce("w.2", "carmen", "bobby")],
      expected: {
        sessions: ["*0 lobby", " 1 bobby A open"],
        effects: [
          ["cancel", "fork:w.2"],
          ["settle", 5, "fork-failed"],
        ],
      },
    },
  ]);
});
