// Losing the server, coming back by oneself, and coming back after a reload.
import assert from "node:assert/strict";
import { backoff } from "../../../../extension/core/channels/backoff.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import {
  after,
  blank,
  close,
  confirm,
  EPOCH,
  fires,
  hear,
  join,
  joined,
  listening,
  messageId,
  numbered,
  offline,
  online,
  open,
  OTHER_EPOCH,
  run,
  SERVER,
  tell,
  TOKEN,
  type,
  withBoth,
} from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";

const reconnecting = after(offline, { type: "timer", key: "reconnect" });

const stopped = { kind: "server-stopped", text: "the server was stopped" } as const;

describe("when the server drops", () => {
  specify([
    {
      description:
        "the lobby says so after a moment and a retry is scheduled; peer sessions stay as they are",
      given: withBoth,
      events: [close(stopped), fires("grace")],
      expected: {
        connection: "offline",
        users: [],
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        lines: [
          "0 error Disconnected: the server was stopped. Reconnecting automatically. Private sessions keep working.",
        ],
        effects: [
          ["schedule", "reconnect", 400],
          ["schedule", "grace", 2_000],
          ["cancel", "grace"],
        ],
      },
    },
    {
      description: "peers keep exchanging messages both ways",
      given: after(offline, type("still here", 1)),
      events: [confirm("bobby", 1), hear("bobby", 1, "me too")],
      expected: {
        lines: ["1 anna (own): still here", "1 bobby: me too"],
        effects: [
          ["sendLink", "d1", { type: "ack", received: 1 }],
          ["sendLink", "d1", { type: "read", upTo: 1 }],
        ],
      },
    },
    {
      description: "a fork that waits for the server ends, with the reason",
      given: after(online, type("\\fork bobby"), close()),
      events: [fires("grace")],
      expected: {
        effects: [
          ["cancel", "grace"],
          ["cancel", "fork:w.1"],
          ["settle", 7, "fork-failed"],
        ],
      },
    },
    {
      description: "the timer dials again",
      given: offline,
      events: [{ type: "timer", key: "reconnect" }],
      expected: { connection: "connecting", effects: [["connect", 2, SERVER, "anna"]] },
    },
    {
      description: "the reconnecting client requests its name and what it missed",
      given: reconnecting,
      events: [open(2), listening],
      expected: {
        effects: [
          ["listen", "anna", "network", 50_001],
          ["join", 2, { name: "anna", resume: TOKEN, lastSeen: { epoch: EPOCH, seq: 0 } }],
        ],
      },
    },
    {
      description: "each failed attempt makes the next wait longer",
      given: reconnecting,
      events: [
        close({ kind: "unreachable", text: "nothing listens there" }, 2),
        { type: "timer", key: "reconnect" },
        close({ kind: "unreachable", text: "nothing listens there" }, 3),
      ],
      expected: {
        connection: "offline",
        lines: [],
        effects: [
          ["schedule", "reconnect", 640],
          ["connect", 3, SERVER, "anna"],
          ["schedule", "reconnect", 1024],
        ],
      },
    },
    {
      description: "a refusal while reconnecting is retried as well",
      given: after(reconnecting, open(2)),
      events: [tell({ type: "refused", code: "version", text: "Too old." }, 2)],
      expected: {
        me: "anna",
        connection: "offline",
        effects: [
          ["disconnect", 2, "quit"],
          ["schedule", "reconnect", 640],
        ],
      },
    },
    {
      description:
        "a server that admits no one for a while is retried after that, and then at the usual pace",
      given: after(reconnecting, open(2)),
      events: [tell({ type: "refused", code: "rate-limited", text: "", retryMs: 30_000 }, 2)],
      expected: {
        connection: "offline",
        effects: [
          ["disconnect", 2, "quit"],
          ["schedule", "reconnect", 30_640],
        ],
      },
    },
    {
      description: "a server that admits no one for days is retried after a minute",
      given: after(reconnecting, open(2)),
      events: [tell({ type: "refused", code: "rate-limited", text: "", retryMs: 1e15 }, 2)],
      expected: {
        connection: "offline",
        effects: [
          ["disconnect", 2, "quit"],
          ["schedule", "reconnect", 60_640],
        ],
      },
    },
    {
      description: "a late timer does nothing",
      given: reconnecting,
      events: [{ type: "timer", key: "reconnect" }],
      expected: { unchanged: true },
    },
    {
      description: "the former connection's end, reported twice, does nothing",
      given: offline,
      events: [close(stopped), close()],
      expected: { unchanged: true },
    },
  ]);

  it("a window that was replaced does not take the name back", () => {
    const replaced = after(withBoth, close({ kind: "replaced", text: "another window has taken over" }));
    check(replaced, [{ type: "timer", key: "reconnect" }, open(2), listening], {
      effects: [
        ["connect", 2, SERVER, "anna"],
        ["listen", "anna", "network", 50_001],
        ["join", 2, { name: "anna", lastSeen: { epoch: EPOCH, seq: 0 } }],
      ],
    });
  });
});

describe("when the server is back", () => {
  const back = after(reconnecting, open(2));

  specify([
    {
      description: "the lobby is open again, and no session is lost or duplicated",
      given: back,
      events: [tell(joined("anna"), 2)],
      expected: {
        connection: "online",
        users: ["anna", "bobby", "carmen"],
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        lines: ["0 info You're back in the lobby."],
        effects: [],
      },
    },
    {
      description: "missed messages follow, and numbering continues from there",
      given: back,
      events: [
        tell(joined("anna", { seq: 2, missed: 2 }), 2),
        tellSaid(1, "bobby", "one"),
        tellSaid(2, "bobby", "two"),
      ],
      expected: { lines: ["0 info You're back in the lobby.", "0 bobby: one", "0 bobby: two"] },
    },
    {
      description: "messages that were shown before are not shown again",
      given: after(
        offline,
        { type: "timer", key: "reconnect" },
        open(2),
        tell(joined("anna", { seq: 5, missed: 1 }), 2),
      ),
      events: [tellSaid(4, "bobby", "old"), tellSaid(5, "bobby", "new"), tellSaid(5, "bobby", "new")],
      expected: { lines: ["0 bobby: new"] },
    },
    {
      description: "a gap is reported",
      given: back,
      events: [tell(joined("anna", { seq: 900, missed: 512, gap: true }), 2)],
      expected: {
        lines: ["0 info You're back in the lobby. Some messages sent in the meantime are missing."],
      },
    },
    {
      description: "a gap is reported to someone who quit and rejoins, and whose saved lines end before it",
      given: after(
        ...[blank, join("anna")],
        { type: "history/loaded", session: LOBBY, entries: [], seen: { epoch: EPOCH, seq: 5 } } as const,
        ...[open(), listening],
      ),
      events: [tell(joined("anna", { seq: 900, missed: 200, gap: true }))],
      expected: {
        lines: ["0 info You're back in the lobby. Some messages sent in the meantime are missing."],
      },
    },
    {
      description: "a different server, without the earlier messages, is reported",
      given: back,
      events: [tell(joined("anna", { epoch: OTHER_EPOCH, gap: true }), 2)],
      expected: {
        lines: [
          "0 info You're back in the lobby. The server restarted, so messages sent in the meantime are missing.",
        ],
      },
    },
    {
      description: "a name that now belongs to someone else is reported",
      given: back,
      events: [tell(joined("anna_2"), 2)],
      expected: {
        me: "anna_2",
        lines: ["0 info The name anna is taken, so you are anna_2.", "0 info You're back in the lobby."],
      },
    },
    {
      description: "a server that lacks more than it ever had is counted from 0",
      given: back,
      events: [tell(joined("anna", { seq: 1, missed: 7 }), 2), tellSaid(1, "bobby", "first")],
      expected: { lines: ["0 info You're back in the lobby.", "0 bobby: first"] },
    },
  ]);

  it("messages in flight are sent again, under the same id", () => {
    const interrupted = after(online, type("hello"), close(), { type: "timer", key: "reconnect" }, open(2));
    check(interrupted, [tell(joined("anna"), 2)], {
      pending: ["0 sending hello"],
      effects: [
        ["cancel", "grace"],
        ["send", 2, { type: "say", id: "w.1", text: "hello" }],
      ],
    });
  });

  it("a message that arrived although its acknowledgement was lost is not shown twice", () => {
    const interrupted = after(online, type("hello"), close(), { type: "timer", key: "reconnect" }, open(2));
    const state = after(
      interrupted,
      tell(joined("anna", { seq: 1, missed: 1 }), 2),
      tell({ type: "said", seq: 1, at: 1, from: "anna", id: messageId("w.1"), text: "hello" }, 2),
      tell({ type: "ack", id: messageId("w.1"), seq: 1, at: 1 }, 2),
    );
    assert.equal(lobbyLines(state).filter((line) => line === "anna (own): hello").length, 1);
    assert.deepEqual(state.sessions[0].pending, []);
  });

  it("a message that was acknowledged before is not sent again", () => {
    const done = after(online, type("hello"), numbered("w.1", 1), close());
    check(done, [{ type: "timer", key: "reconnect" }, open(2), tell(joined("anna", { seq: 1 }), 2)], {
      pending: [],
      lines: [],
    });
  });
});

describe("a reloaded window", () => {
  const reloaded = { ...blank, me: { name: "anna", server: SERVER, identity: "anna" } };
  specify([
    {
      description: "joins automatically, and keeps trying while the server is away",
      given: reloaded,
      events: [{ type: "window/restored" }, close({ kind: "unreachable", text: "nothing listens there" })],
      expected: {
        me: "anna",
        connection: "offline",
        effects: [
          ["connect", 1, SERVER, "anna"],
          ["schedule", "reconnect", 400],
        ],
      },
    },
    {
      description: "does nothing if no one had joined",
      given: blank,
      events: [{ type: "window/restored" }],
      expected: { unchanged: true },
    },
    {
      description: "does nothing if it has already joined",
      given: online,
      events: [{ type: "window/restored" }],
      expected: { unchanged: true },
    },
  ]);
});

describe("the delay before the next attempt", () => {
  it("grows from half a second to a quarter of a minute", () => {
    const longest = Array.from({ length: 12 }, (_, attempt) => backoff(attempt, 1));
    assert.equal(longest[0], 500);
    assert.equal(longest.at(-1), 8_000);
    assert.deepEqual(
      longest,
      [...longest].sort((a, b) => a - b),
    );
  });

  it("is jittered over its upper half", () => {
    assert.equal(backoff(3, 0) * 2, backoff(3, 1));
    assert.ok(backoff(3, 0.5) > backoff(3, 0.25));
  });

  it("stays within its bound after any number of attempts", () => {
    assert.equal(backoff(100_000, 1), 8_000);
    const { effects } = run(offline, { type: "timer", key: "reconnect" }, close(stopped, 2));
    assert.ok(effects.every((effect) => effect.type !== "schedule" || effect.ms <= 8_000));
  });
});

function tellSaid(seq: number, from: string, text: string): ReturnType<typeof tell> {
  return tell({ type: "said", seq, at: 1, from, id: messageId(`m.${seq}`), text }, 2);
}
