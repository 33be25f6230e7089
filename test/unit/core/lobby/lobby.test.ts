// The lobby's conversation: own messages until they have a number, and those of others.
import assert from "node:assert/strict";
import { errorTexts } from "../../../../protocol/errors.ts";
import { limits } from "../../../../protocol/limits.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  blank,
  close,
  fires,
  look,
  messageId,
  NOW,
  numbered,
  offline,
  online,
  run,
  said,
  show,
  tell,
  type,
  withBobby,
} from "../../../support/core.ts";
import { check, specify } from "../../../support/coreChecks.ts";

const bad = tell({
  type: "error",
  id: messageId("w.1"),
  code: "message-too-long",
  text: "In the server's words.",
});
const busy = tell({
  type: "error",
  id: messageId("w.1"),
  code: "rate-limited",
  text: "In the server's words.",
  retryMs: 300,
});
const failed = after(online, type("hello"), bad);

describe("messages in the lobby", () => {
  specify([
    {
      description: "are pending until the server has numbered them",
      given: online,
      events: [type("hello")],
      expected: {
        pending: ["0 sending hello"],
        lines: [],
        effects: [
          ["send", 1, { type: "say", id: "w.1", text: "hello" }],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "take their place in the conversation with their number",
      given: after(online, type("hello")),
      events: [said(1, "bobby", "first"), numbered("w.1", 2)],
      expected: { pending: [], lines: ["0 bobby: first", "0 anna (own): hello"], effects: [] },
    },
    {
      description: "ignore repeated or unknown acknowledgements",
      given: after(online, type("hello"), numbered("w.1", 1)),
      events: [numbered("w.1", 1), numbered("w.99", 1), numbered("x.1", 1)],
      expected: { unchanged: true },
    },
    {
      description: "that start with two backslashes are sent with one",
      given: online,
      events: [type("\\\\fork is a command")],
      expected: { pending: ["0 sending \\fork is a command"] },
    },
    {
      description: "from others appear once per number",
      given: online,
      events: [said(1, "bobby", "hi"), said(1, "bobby", "hi"), said(2, "carmen", "ho")],
      expected: { lines: ["0 bobby: hi", "0 carmen: ho"], effects: [] },
    },
    {
      description: "count as unread while another session is active",
      given: withBobby,
      events: [said(1, "carmen", "hi")],
      expected: { sessions: [" 0 lobby +1", "*1 bobby A open"] },
    },
    {
      description: "count as unread while the panel is hidden, and are read when it is shown",
      given: after(online, show(false), said(1, "carmen", "hi")),
      events: [show(true)],
      expected: { sessions: ["*0 lobby"] },
    },
    {
      description: "that are too long, which no honest server sends, are not kept",
      given: online,
      events: [said(1, "bobby", "x".repeat(limits.textBytes + 1)), said(2, "bobby", "hi")],
      expected: { lines: ["0 bobby: hi"], sessions: ["*0 lobby"] },
    },
    {
      description: "are not sent while the server is away, and the error says why",
      given: after(offline, look(0)),
      events: [type("hello")],
      expected: {
        pending: [],
        lines: [
          "0 error The lobby isn't available: the connection was lost. Reconnecting automatically. Private sessions keep working.",
        ],
        effects: [["settle", 7, "server-away"]],
      },
    },
    {
      description: "before joining are answered with how to join",
      given: blank,
      events: [type("hello")],
      expected: { lines: [`0 error ${failures.notJoined.text}`], effects: [["settle", 7, "not-joined"]] },
    },
    {
      description: "are not empty or blank",
      given: online,
      events: [type("  \n ")],
      expected: { pending: [], effects: [["settle", 7, "message-empty"]] },
    },
  ]);

  it("are never dated in the future by a server whose clock is ahead", () => {
    const state = after(online, type("hello"), numbered("w.1", 1, NOW + 5000));
    assert.equal(state.sessions[0].transcript.chunks.flat().at(-1)?.at, NOW);
  });

  it("may be as long as the limit in UTF-8 bytes", () => {
    check(online, [type("ä".repeat(limits.textBytes / 2))], {
      pending: [`0 sending ${"ä".repeat(limits.textBytes / 2)}`],
    });
  });

  it("one byte over the limit, counted in UTF-8 and not in characters, are rejected and stay as a draft", () => {
    const text = `${"ä".repeat(limits.textBytes / 2)}!`;
    const { state, effects } = run(
      online,
      { type: "user/draft", session: LOBBY, text, about: null },
      type(text),
    );
    assert.equal(state.sessions[0].draft, text);
    assert.deepEqual(state.sessions[0].pending, []);
    assert.deepEqual(effects, [
      {
        type: "settle",
        request: 7,
        outcome: { ok: false, ...failures.messageTooLong(limits.textBytes + 1) },
      },
    ]);
  });

  it("beyond the number that may await confirmation are rejected", () => {
    const many = Array.from({ length: limits.unackedMessages }, (_, i) => type(`m${i}`));
    check(after(online, ...many), [type("one more")], { effects: [["settle", 7, "window-full"]] });
  });
});

describe("a message that the server rejected", () => {
  specify([
    {
      description: "stays, with the reason",
      given: after(online, type("hello")),
      events: [bad],
      expected: { pending: ["0 failed hello"], effects: [] },
    },
    {
      description: "is sent again under its id when the user asks for it",
      given: failed,
      events: [{ type: "user/retry", session: LOBBY, id: "w.1" }],
      expected: {
        pending: ["0 sending hello"],
        effects: [["send", 1, { type: "say", id: "w.1", text: "hello" }]],
      },
    },
    {
      description: "is discarded when the user asks for it",
      given: failed,
      events: [{ type: "user/discard", session: LOBBY, id: "w.1" }],
      expected: { pending: [], lines: [], effects: [] },
    },
    {
      description: "stays and cannot be sent while the server is away",
      given: after(failed, close(), fires("grace")),
      events: [{ type: "user/retry", session: LOBBY, id: "w.1" }],
      expected: { pending: ["0 failed hello"], effects: [] },
    },
    {
      description: "is not sent twice by asking twice, and unknown ones are never sent",
      given: after(failed, { type: "user/retry", session: LOBBY, id: "w.1" }),
      events: [
        { type: "user/retry", session: LOBBY, id: "w.1" },
        { type: "user/retry", session: LOBBY, id: "w.77" },
      ],
      expected: { unchanged: true },
    },
    {
      description: "shows its reason",
      given: failed,
      events: [tell({ type: "error", id: messageId("w.55"), code: "bad-message", text: "No." })],
      expected: { unchanged: true },
    },
  ]);

  it("shows the reason in the reader's language when its code is known", () => {
    assert.equal(failed.sessions[0].pending[0]?.reason, errorTexts["message-too-long"]);
  });

  specify([
    {
      description: "for its rate waits with everything behind it, and is resent automatically",
      given: after(online, type("hello")),
      events: [busy, type("and then")],
      expected: {
        pending: ["0 sending hello", "0 sending and then"],
        effects: [
          ["schedule", "pace", 300],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description:
        "waits no longer than a minute, whatever the server says: no timer lasts as long as a server can say",
      given: after(online, type("hello")),
      events: [
        tell({ type: "error", code: "rate-limited", text: "", id: messageId("w.1"), retryMs: 1e15 }),
        tell({ type: "error", code: "rate-limited", text: "", id: messageId("w.1"), retryMs: Infinity }),
      ],
      expected: {
        effects: [
          ["schedule", "pace", 60_000],
          ["schedule", "pace", 60_000],
        ],
      },
    },
    {
      description: "is resent in order when its time has come",
      given: after(online, type("hello"), busy, type("and then")),
      events: [{ type: "timer", key: "pace" }],
      expected: {
        effects: [
          ["send", 1, { type: "say", id: "w.1", text: "hello" }],
          ["send", 1, { type: "say", id: "w.2", text: "and then" }],
        ],
      },
    },
  ]);

  it("makes waiting messages go out no faster than the server accepts them", () => {
    const many = Array.from({ length: limits.framesPerSecond }, (_, i) => type(`m${i}`));
    const waiting = after(online, type("hello"), busy, ...many);
    const { state, effects } = run(waiting, { type: "timer", key: "pace" });
    assert.equal(effects.filter((effect) => effect.type === "network").length, limits.framesPerSecond / 2);
    assert.ok(state.pacing && effects.some((effect) => effect.type === "schedule" && effect.key === "pace"));
  });
});

describe("a stranger's message under an id of ours", () => {
  it("is shown as theirs, and acknowledges nothing", () => {
    const stranger = tell({
      type: "said",
      seq: 1,
      at: 5,
      from: "bobby",
      id: messageId("w.1"),
      text: "other words",
    });
    const state = after(failed, stranger);
    assert.equal(state.sessions[0].pending[0]?.status, "failed");
    const [line] = state.sessions[0].transcript.chunks.flat().slice(-1);
    assert.ok(line?.kind === "message" && !line.own && line.text === "other words");
  });
});
