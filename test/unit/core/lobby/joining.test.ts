// Joining.
import assert from "node:assert/strict";
import { failures } from "../../../../extension/core/texts/texts.ts";
import {
  after,
  blank,
  close,
  join,
  joined,
  listening,
  online,
  open,
  said,
  SERVER,
  settings,
  tell,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

const refused = tell({ type: "refused", code: "name-reserved", text: "Choose another name." });

const stopped = { kind: "server-stopped", text: "the server was stopped" } as const;

describe("joining", () => {
  specify([
    {
      description: "dials the server",
      given: blank,
      events: [join("anna")],
      expected: {
        me: "anna",
        connection: "connecting",
        effects: [["connect", 1, SERVER, "anna"]],
        lines: [],
      },
    },
    {
      description: "listens for peers as the server requires, then sends its name",
      given: after(blank, join("anna")),
      events: [open(), listening],
      expected: {
        connection: "connecting",
        effects: [
          ["listen", "anna", "network", null],
          ["join", 1, { name: "anna" }],
        ],
      },
    },
    {
      description: "sends its name even when peers cannot reach it, and reports once that they cannot",
      given: after(blank, join("anna"), open()),
      events: [{ type: "listener/failed", text: "The port is taken.", isHopeless: false }],
      expected: { effects: [["join", 1, { name: "anna" }]], lines: ["0 error The port is taken."] },
    },
    {
      description: "does not report a failed listener when there is a relay",
      given: after(blank, join("anna"), open(1, { relay: true })),
      events: [{ type: "listener/failed", text: "The port is taken.", isHopeless: false }],
      expected: { effects: [["join", 1, { name: "anna" }]], lines: [] },
    },
    {
      description: "opens no listener with a hidden address",
      given: after(blank, settings({ connection: "relay" }), join("anna")),
      events: [open()],
      expected: { effects: [["stopListening"], ["join", 1, { name: "anna" }]] },
    },
    {
      description: "fails with a specific code when the server requires a token",
      given: after(blank, join("anna"), open(), listening),
      events: [tell({ type: "refused", code: "token-missing", text: "This server requires a token." })],
      expected: {
        me: null,
        effects: [["disconnect", 1, "quit"], ["stopListening"], ["settle", 1, "token-needed"]],
      },
    },
    {
      description: "fails with a specific code when the server's certificate is not trusted",
      given: after(blank, join("anna")),
      events: [close({ kind: "untrusted", text: "its certificate is not known", fingerprint: "AB:CD" })],
      expected: { me: null, effects: [["stopListening"], ["settle", 1, "untrusted-server"]] },
    },
    {
      description: "listens for peers on the network when a server on loopback was reached from elsewhere",
      given: after(blank, join("anna")),
      events: [open(1, { reach: "loopback" })],
      expected: { effects: [["listen", "anna", "network", null]] },
    },
    {
      description: "listens only on loopback when server and window are on one machine",
      given: after(blank, join("anna")),
      events: [open(1, { reach: "loopback" }, true)],
      expected: { effects: [["listen", "anna", "loopback", null]] },
    },
    {
      description: "succeeds when the server confirms, and lists people in alphabetical order",
      given: after(blank, join("anna", 5), open()),
      events: [tell(joined("anna", { users: [{ name: "Zoe" }, { name: "anna" }, { name: "bobby" }] }))],
      expected: {
        connection: "online",
        users: ["anna", "bobby", "Zoe"],
        lines: ["0 info You joined the lobby as anna. Type \\help to see the commands."],
        effects: [["settle", 5, "ok"]],
      },
    },
    {
      description: "under a taken name uses the one that the server gives, and says so",
      given: after(blank, join("anna"), open()),
      events: [tell(joined("anna_2"))],
      expected: {
        me: "anna_2",
        lines: [
          "0 info The name anna is taken, so you are anna_2.",
          "0 info You joined the lobby as anna_2. Type \\help to see the commands.",
        ],
      },
    },
    {
      description: "normalizes the name before anything is dialed",
      given: blank,
      events: [join("  ａnna ")],
      expected: { me: "anna" },
    },
    {
      description: "is not attempted with an invalid name",
      given: blank,
      events: [join("an na")],
      expected: { me: null, connection: "idle", effects: [["settle", 1, "name"]] },
    },
    {
      description: "is refused while joined, and says how to join again",
      given: online,
      events: [join("dora", 9)],
      expected: {
        me: "anna",
        lines: [`0 error ${failures.alreadyJoined("anna").text}`],
        effects: [["settle", 9, "already-joined"]],
      },
    },
    {
      description: "is refused while another join is in progress, which continues",
      given: after(blank, join("anna")),
      events: [join("dora", 9)],
      expected: { me: "anna", connection: "connecting", effects: [["settle", 9, "already-joined"]] },
    },
    {
      description: "fails when no server answers, and leaves nothing behind",
      given: after(blank, join("anna")),
      events: [close({ kind: "unreachable", text: "nothing listens there" })],
      expected: {
        me: null,
        connection: "idle",
        effects: [["stopListening"], ["settle", 1, "unreachable"]],
      },
    },
    {
      description: "fails when the server disconnects",
      given: after(blank, join("anna"), open()),
      events: [close()],
      expected: { me: null, connection: "idle", effects: [["stopListening"], ["settle", 1, "refused"]] },
    },
    {
      description: "fails when the server refuses the name",
      given: after(blank, join("anna"), open()),
      events: [refused],
      expected: {
        me: null,
        connection: "idle",
        effects: [["disconnect", 1, "quit"], ["stopListening"], ["settle", 1, "refused"]],
      },
    },
    {
      description: "can be retried after a failure, on a new connection",
      given: after(blank, join("anna"), close()),
      events: [join("anna", 2)],
      expected: { connection: "connecting", effects: [["connect", 2, SERVER, "anna"]] },
    },
    {
      description: "ignores everything but errors before it has joined",
      given: after(blank, join("anna"), open()),
      events: [
        tell({ type: "arrived", name: "dora" }),
        tell({ type: "users", items: [{ name: "dora" }] }),
        said(1, "dora", "boo"),
      ],
      expected: { unchanged: true },
    },
    {
      description: "shows a server error that belongs to no message",
      given: online,
      events: [tell({ type: "error", code: "bad-json", text: "The frame is not valid JSON." })],
      expected: { lines: ["0 error The server says: The frame is not valid JSON."], effects: [] },
    },
    {
      description: "ignores a second answer, and a late refusal or opening",
      given: online,
      events: [tell(joined("mallory")), refused],
      expected: { unchanged: true },
    },
    {
      description: "ignores events of former connections",
      given: after(blank, join("anna"), close(), join("anna")),
      events: [open(1), tell(joined("anna"), 1), close(stopped, 1)],
      expected: { unchanged: true },
    },
    {
      description: "ignores connections when no one has joined",
      given: blank,
      events: [open(1), tell(joined("anna"), 1), close(stopped, 1), { type: "timer", key: "reconnect" }],
      expected: { unchanged: true },
    },
    {
      description: "reports when peers cannot reach this window",
      given: online,
      events: [{ type: "listener/failed", text: "The port is taken.", isHopeless: false }],
      expected: { lines: ["0 error The port is taken."], effects: [] },
    },
  ]);

  it("says that the lobby may be full when the server has no place now", () => {
    const full = tell({ type: "refused", code: "rate-limited", text: "The lobby is full.", retryMs: 10_000 });
    const { failedJoin } = after(blank, join("anna"), open(), listening, full);
    assert.match(failedJoin ?? "", /^The lobby is full, or /);
  });
});
