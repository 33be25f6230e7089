// From `\fork` to a session, on both sides.
import assert from "node:assert/strict";
import { closeCodes } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { sessionNumber, type State } from "../../extension/core/state.ts";
import { failures } from "../../extension/core/texts.ts";
import {
  after,
  CARD,
  check,
  close,
  fires,
  hear,
  introduce,
  invite,
  lines,
  linked,
  look,
  messageId,
  noTimers,
  notReached,
  offline,
  online,
  OWN_CARD,
  pin,
  run,
  show,
  sid,
  specify,
  tell,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../support/core.ts";

const asked = after(online, type("\\fork bobby", 0, 4));

const dialling = after(asked, introduce("w.1", "bobby"));

const dials = (link: string): readonly unknown[] => [
  "dial",
  link,
  { pin: pin("bobby"), addresses: CARD.addresses, nearby: false, overLoopback: false, relay: null },
];

/** As many dials in vain as a session that never had a link is worth. */
const lateFailures = Array.from({ length: 4 }, () => [
  notReached("bobby", "no address of theirs can be reached"),
  fires("redial:session-bobby"),
]).flat();

const invited = after(online, invite("bobby"));

const full: State = {
  ...online,
  invites: Array.from({ length: limits.sessions }, (_, i) => ({
    sid: sid(`${i}`),
    from: `guest${i}`,
    pin: pin(`guest${i}`),
    introduction: null,
    phase: "asking",
    wanted: false,
    request: null,
  })),
};

describe("forking somebody", () => {
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
      description: "finds the name without regard to case, and asks for it as its owner writes it",
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
      description: "once introduced, dials the peer",
      given: asked,
      events: [introduce("w.1", "bobby")],
      expected: {
        sessions: ["*0 lobby"],
        effects: [["schedule", "fork:w.1", 20_000], dials("d1"), ["expect", [pin("bobby")]]],
      },
    },
    {
      description: "once the link is up, opens a session as A and switches to it",
      given: dialling,
      events: [linked("bobby")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        lines: [
          "1 info You opened this private session with bobby. It is encrypted from your window to theirs.",
        ],
      },
    },
    {
      description: "refuses oneself",
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
      description: "refuses a peer with whom a session is open, and says where it is",
      given: withBobby,
      events: [type("\\fork bobby")],
      expected: {
        lines: ["0 error You have a private session with bobby already: \\sw 1"],
        effects: [["settle", 7, "already-in-session"]],
      },
    },
    {
      description: "refuses a second fork of the same peer while the first is under way",
      given: asked,
      events: [type("\\fork bobby")],
      expected: { effects: [["settle", 7, "already-forking"]] },
    },
    {
      description: "refuses when there are as many sessions as there can be",
      given: full,
      events: [type("\\fork bobby")],
      expected: { effects: [["settle", 7, "too-many-sessions"]] },
    },
    {
      description: "is not sent to a server that is away",
      given: offline,
      events: [type("\\fork bobby")],
      expected: { effects: [["settle", 7, "server-away"]] },
    },
  ]);
});

describe("a fork that fails", () => {
  const failed = (why: string): string =>
    `0 error The private session with bobby could not be opened: ${why}.`;
  const effects = [
    ["cancel", "fork:w.1"],
    ["settle", 4, "fork-failed"],
  ];

  for (const [reason, why] of [
    ["in-session", "the other side still has a session with you; it has to be left there first"],
    ["unavailable", "the other side cannot take private sessions now"],
    ["gone", "the other side has just left"],
    ["timeout", "there was no answer in time"],
  ] as const) {
    it(`says why it was declined: ${reason}`, () => {
      const declined = tell({ type: "declined", id: messageId("w.1"), to: "bobby", reason });
      check(asked, [declined], { sessions: ["*0 lobby"], lines: [failed(why)], effects });
    });
  }

  specify([
    {
      description: "gives the server's own words",
      given: asked,
      events: [
        tell({
          type: "error",
          id: messageId("w.1"),
          code: "unknown-user",
          text: "Nobody of that name is online.",
        }),
      ],
      expected: { lines: [failed("Nobody of that name is online")], effects },
    },
    {
      description: "says that the peer was dialled in vain",
      given: dialling,
      events: lateFailures,
      expected: { lines: [failed("no address of theirs can be reached")] },
    },
    {
      description: "says that the server did not answer in time",
      given: asked,
      events: [{ type: "timer", key: "fork:w.1" }],
      expected: { lines: [failed("there was no answer in time")], effects },
    },
    {
      description: "gives up a dial that takes too long",
      given: dialling,
      events: [{ type: "timer", key: "fork:w.1" }],
      expected: {
        lines: [failed("there was no answer in time")],
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
      description: "may be tried again at once",
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
      description: "is not followed by an introduction under the id of a session that is there already",
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

describe("being forked", () => {
  specify([
    {
      description: "is taken at once, quietly",
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
      description: "opens a session as B, says so where one is, and switches nobody",
      given: invited,
      events: [linked("bobby")],
      expected: {
        sessions: ["*0 lobby", " 1 bobby B open"],
        lines: [
          "0 info bobby opened a private session: \\sw 1",
          "1 info bobby opened this private session. It is encrypted from your window to theirs.",
        ],
      },
    },
    {
      description: "says so in the private session that one is in",
      given: after(withBobby, invite("carmen")),
      events: [linked("carmen")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        lines: [
          "1 info carmen opened a private session: \\sw 2",
          "2 info carmen opened this private session. It is encrypted from your window to theirs.",
        ],
      },
    },
    {
      description: "by somebody with whom a session is open is declined",
      given: withBobby,
      events: [invite("bobby", "another")],
      expected: {
        sessions: [" 0 lobby", "*1 bobby A open"],
        effects: [["send", 1, { type: "decline", sid: "session-another", reason: "in-session" }]],
      },
    },
    {
      description: "when there are as many sessions as there can be is declined",
      given: full,
      events: [invite("bobby")],
      expected: {
        effects: [["send", 1, { type: "decline", sid: "session-bobby", reason: "unavailable" }]],
      },
    },
    {
      description: "again replaces an invitation whose connection never came",
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
      description: "twice under one id counts once",
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
      description: "goes on when the server drops before the link is up",
      given: after(invited, close()),
      events: [linked("bobby")],
      expected: { sessions: ["*0 lobby", " 1 bobby B open"] },
    },
  ]);
});

describe("session numbers", () => {
  it("count up and are never reused while joined", () => {
    const again = after(withBoth, type("\\leave", 1), type("\\leave", 2), type("\\fork bobby", 0));
    check(again, [introduce("w.2", "bobby", "second"), linked("second")], {
      sessions: [" 0 lobby", "*3 bobby A open"],
    });
  });

  it("a session that we open takes over what an ended one with that peer left to read", () => {
    const ended = after(
      withBoth,
      hear("carmen", 1, "remember this"),
      look(0),
      show(false),
      hear("carmen", 2, "and this"),
      unlinked("carmen", "quit"),
    );
    const { state } = run(
      ended,
      type("\\fork carmen", 0),
      introduce("w.2", "carmen", "second"),
      linked("second"),
    );
    check(state, [], { sessions: [" 0 lobby", " 1 bobby A open", "*3 carmen A open"] });
    const session = state.sessions.at(-1);
    assert.ok(session !== undefined && lines(session).includes("carmen: remember this"));
  });

  it("a session opened to us takes over nothing: under a name that was free, anybody may come", () => {
    const ended = after(
      withBobby,
      {
        type: "user/draft",
        session: sessionNumber(1),
        text: "not for strangers",
      },
      unlinked("bobby", "quit"),
    );
    const { state } = run(ended, invite("bobby", "second"), linked("second"));
    check(state, [], { sessions: [" 0 lobby", "*1 bobby A ended", " 2 bobby B open"] });
    assert.equal(state.sessions[2]?.draft, "");
  });

  it("what was never confirmed is not lost with the ended session", () => {
    const ended = after(withBobby, type("are you there?", 1), unlinked("bobby", "quit"));
    const state = after(
      ended,
      type("\\fork bobby", 0),
      introduce("w.3", "bobby", "second"),
      linked("second"),
    );
    const texts = state.sessions[1]?.transcript.chunks.flat().map((entry) => entry.text) ?? [];
    assert.ok(texts.includes("bobby did not confirm: are you there?"));
    assert.deepEqual(state.sessions[1]?.pending, []);
  });

  it("last words that were not read yet stay when their author leaves, and whoever was there lands in the lobby", () => {
    const hidden = after(withBobby, { type: "panel/visible", visible: false }, hear("bobby", 1, "bye!"));
    check(hidden, [unlinked("bobby", "left")], { sessions: ["*0 lobby", " 1 bobby A ended +1"] });
    check(withBobby, [hear("bobby", 1, "bye!"), unlinked("bobby", "left")], { sessions: ["*0 lobby"] });
  });
});
