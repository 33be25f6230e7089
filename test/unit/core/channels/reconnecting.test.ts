// Losing the server: what still works, and when it is dialed again, also after a reload.
import {
  after,
  blank,
  close,
  confirm,
  EPOCH,
  fires,
  hear,
  listening,
  offline,
  online,
  open,
  SERVER,
  tell,
  TOKEN,
  type,
  withBoth,
} from "../../../support/core.ts";
import { check, specify } from "../../../support/coreChecks.ts";
import { STOPPED } from "../../../support/onlineWindow.ts";

const reconnecting = after(offline, { type: "timer", key: "reconnect" });

describe("when the server drops", () => {
  specify([
    {
      description:
        "the lobby says so after a moment and a retry is scheduled; peer sessions stay as they are",
      given: withBoth,
      events: [close(STOPPED), fires("grace")],
      expected: {
        connection: "offline",
        users: [],
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        lines: ["0 info Disconnected: the server was stopped. Private sessions keep working."],
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
      events: [close(STOPPED), close()],
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
