// When the loss of the connection is shown: not if it is short, and once if the server has been away for too long.
import assert from "node:assert/strict";
import { initialState } from "../../../../extension/core/model/state.ts";
import { diagnosis } from "../../../../extension/core/view/diagnosis.ts";
import { panelChange, panelState } from "../../../../extension/core/view/panelView.ts";
import { limits } from "../../../../protocol/limits.ts";
import {
  after,
  close,
  join,
  joined,
  listening,
  NOW,
  open,
  run,
  show,
  tell,
  type,
} from "../../../support/core.ts";
import { check, specify } from "../../../support/coreChecks.ts";
import { BACK, DISCONNECTED, OnlineWindow, REFUSED, STOPPED } from "../../../support/onlineWindow.ts";

describe("a short loss of the connection", () => {
  let window: OnlineWindow;
  beforeEach(() => {
    window = new OnlineWindow();
  });
  afterEach(() => window.timers.uninstall());

  it("shows nothing, in any part of the window", () => {
    const before = panelState(window.state);
    const seen: unknown[] = [];
    window.store.onChange((_before, state) => seen.push(panelState(state)));
    window.loses();
    window.passes(600);
    window.rejoins();
    window.passes(60_000);
    assert.ok(seen.length >= 3);
    for (const state of seen) assert.deepEqual(state, before);
  });

  it("is shown after two seconds, once and in all parts", () => {
    window.loses();
    window.passes(400);
    window.loses(REFUSED);
    window.passes(1_599);
    assert.deepEqual([window.lobby, window.lines], ["open", []]);
    const before = window.state;
    window.passes(1);
    assert.deepEqual([window.lobby, window.lines], ["closed", [DISCONNECTED]]);
    assert.equal(panelChange(before, window.state)?.state?.connection?.status, "connecting");
    const { connection, users, commands } = panelState(window.state);
    assert.equal(connection.status, "connecting");
    assert.deepEqual(users, []);
    assert.ok(!commands.some(({ name }) => name === "fork"));
    window.loses(REFUSED);
    window.passes(60_000);
    assert.deepEqual(window.lines, [DISCONNECTED]);
    assert.equal(window.lobby, "closed");
    window.rejoins();
    assert.deepEqual([window.lobby, window.lines], ["open", [DISCONNECTED, BACK]]);
  });

  it("is as quiet soon after joining", () => {
    window.loses();
    window.passes(400);
    window.rejoins();
    window.does(type("\\quit"), join("anna"));
    window.rejoins();
    const { end } = window.state.sessions[0].transcript;
    window.passes(1_000);
    window.loses();
    window.passes(1_999);
    assert.equal(window.lobby, "open");
    assert.equal(window.state.sessions[0].transcript.end, end);
  });

  it("is not hidden from a user who asks for a diagnosis", () => {
    window.loses();
    assert.match(diagnosis(window.state, NOW), /Disconnected: the server was stopped/u);
  });

  describe("that does not stay alone", () => {
    it("counts from the first one", () => {
      window.loses();
      window.passes(400);
      window.rejoins();
      window.passes(600);
      window.loses();
      window.passes(999);
      assert.deepEqual([window.lobby, window.lines], ["open", []]);
      window.passes(1);
      assert.deepEqual([window.lobby, window.lines], ["closed", [DISCONNECTED]]);
    });

    it("is shown at once when the two seconds are over", () => {
      window.loses();
      window.passes(400);
      window.rejoins();
      window.passes(9_999);
      assert.deepEqual(window.lines, []);
      window.loses();
      assert.deepEqual([window.lobby, window.lines], ["closed", [DISCONNECTED]]);
    });

    it("is quiet again after a stable connection", () => {
      window.loses();
      window.passes(2_000);
      window.rejoins();
      window.passes(10_000);
      window.loses();
      window.passes(1_999);
      assert.deepEqual([window.lobby, window.lines], ["open", [DISCONNECTED, BACK]]);
      window.passes(1);
      assert.deepEqual(window.lines, [DISCONNECTED, BACK, DISCONNECTED]);
    });
  });

  it("lasts no longer because a clock was set back", () => {
    window.loses();
    window.passes(400);
    window.rejoins();
    const { loss } = window.state;
    assert.ok(loss !== null);
    window.store.replace({ ...window.state, loss: { ...loss, at: loss.at + 3_600_000 } });
    window.loses();
    window.passes(2_000);
    assert.deepEqual(window.lines, [DISCONNECTED]);
  });
});

describe("a loss of the connection", () => {
  const lostIn = after(initialState("w"), show(true), join("anna"), open(), listening, tell(joined("anna")));
  const lost = after(lostIn, close(STOPPED));
  const dialing = after(lost, { type: "timer", key: "reconnect" });
  const shown = { connection: "offline", users: [], lines: [`0 ${DISCONNECTED}`] } as const;

  specify([
    {
      description: "is shown at once when another window has taken over",
      given: lostIn,
      events: [close({ kind: "replaced", text: "the server was stopped" })],
      expected: shown,
    },
    {
      description: "is shown at once when this window has broken the protocol",
      given: lostIn,
      events: [close({ kind: "fault", text: "the server was stopped" })],
      expected: shown,
    },
    {
      description: "is shown when the server refuses the rejoin",
      given: after(dialing, open(2)),
      events: [tell({ type: "refused", code: "token-wrong", text: "" }, 2)],
      expected: shown,
    },
    {
      description: "is not shown yet when the server refuses the rejoin for a moment",
      given: after(dialing, open(2)),
      events: [tell({ type: "refused", code: "rate-limited", text: "", retryMs: 300 }, 2)],
      expected: { connection: "offline", users: ["anna", "bobby", "carmen"], lines: [] },
    },
    {
      description: "is shown when something else answers at the server's address",
      given: dialing,
      events: [close({ kind: "rejected", text: "that is no Fork Chat server" }, 2)],
      expected: shown,
    },
    {
      description: "is shown when the server has another certificate",
      given: dialing,
      events: [close({ kind: "untrusted", text: "its certificate is not known", fingerprint: "AB:CD" }, 2)],
      expected: shown,
    },
    {
      description: "ends with a quit, and so do its timers",
      given: lost,
      events: [type("\\quit")],
      expected: {
        me: null,
        effects: [["cancel", "grace"], ["cancel", "reconnect"], ["stopListening"], ["settle", 7, "ok"]],
      },
    },
    {
      description: "leaves the pace of what is typed meanwhile to the rejoin",
      given: lost,
      events: Array.from({ length: 40 }, () => type("x".repeat(limits.textBytes))),
      expected: { effects: Array.from({ length: 40 }, () => ["settle", 7, "ok"]) },
    },
    {
      description: "is shown after sleep, whose timers come late",
      given: lost,
      events: [
        { type: "timer", key: "grace" },
        { type: "timer", key: "reconnect" },
      ],
      expected: { ...shown, connection: "connecting" },
    },
    {
      description: "is not shown by a timer that comes after the rejoin, or twice",
      given: after(dialing, open(2), tell(joined("anna"), 2)),
      events: [
        { type: "timer", key: "grace" },
        { type: "timer", key: "grace" },
      ],
      expected: { unchanged: true },
    },
  ]);

  it("is told once by the line and the state, whatever the server does then", () => {
    const { state } = run(lost, { type: "timer", key: "grace" });
    check(state, [{ type: "timer", key: "grace" }], { unchanged: true });
  });
});
