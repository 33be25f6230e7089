// A short loss of the connection is not shown: the lobby looks and works as before until the server is back, or has been away for
// too long.
import assert from "node:assert/strict";
import type { CloseCause, Network } from "../../../../extension/core/model/ports.ts";
import { initialState, type State } from "../../../../extension/core/model/state.ts";
import { ownCard } from "../../../../extension/core/channels/dialling.ts";
import { diagnosis } from "../../../../extension/core/view/diagnosis.ts";
import { panelChange, panelState } from "../../../../extension/core/view/panelView.ts";
import { limits } from "../../../../protocol/limits.ts";
import { EffectRunner, type WindowEffects } from "../../../../extension/host/store/effectRunner.ts";
import { Store } from "../../../../extension/host/store/store.ts";
import {
  after,
  CARD,
  close,
  invite,
  join,
  joined,
  linked,
  listening,
  messageId,
  NOW,
  open,
  OTHER_EPOCH,
  pin,
  run,
  settings,
  show,
  sid,
  type Step,
  tell,
  type,
  UNIQUE,
} from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

const STOPPED: CloseCause = { kind: "server-stopped", text: "the server was stopped" };
const REFUSED: CloseCause = { kind: "unreachable", text: "nothing listens there" };

const LINE =
  "error Disconnected: the server was stopped. Reconnecting automatically. Private sessions keep working.";
const BACK = "info You're back in the lobby.";

const introduction = {
  type: "introduction",
  sid: sid("bobby"),
  role: "A",
  peer: { name: "bobby", pin: pin("bobby"), card: CARD },
} as const;

/** A window with its timers, at a server that does what the test says. The fastest retries: 250 ms after a loss, or 400. */
class Window {
  readonly store: Store;
  readonly timers = new FakeTimers();
  /** What was sent to the server, and on which connection. */
  readonly sent: unknown[] = [];
  #start = 0;

  constructor() {
    const network = new Proxy({} as Network, {
      get:
        (_target, call) =>
        (...args: readonly unknown[]): void => {
          if (call === "send") this.sent.push(args);
        },
    });
    const nothing = new Proxy({} as WindowEffects, { get: () => () => undefined });
    const runner = new EffectRunner(network, nothing, (key) => this.store.dispatch({ type: "timer", key }));
    this.store = new Store(
      initialState("w"),
      { now: () => NOW + this.timers.now, random: () => 0, unique: () => UNIQUE },
      (effect) => {
        if (effect.type !== "settle") runner.run(effect);
      },
    );
    this.timers.install();
    this.does(show(true), join("anna"));
    this.#admitted();
    // The connection is stable.
    this.passes(10_000);
    this.#start = this.state.sessions[0].transcript.end;
  }

  get state(): State {
    return this.store.state;
  }

  /** Lines that the lobby has shown since it was joined. */
  get lines(): string[] {
    return lobbyLines(this.state).slice(this.#start);
  }

  get lobby(): string {
    return panelState(this.state).sessions[0]?.state ?? "";
  }

  does(...steps: readonly Step[]): void {
    for (const step of steps) {
      for (const event of typeof step === "function" ? step(this.state) : [step]) this.store.dispatch(event);
    }
  }

  passes(ms: number): void {
    this.timers.pass(ms);
  }

  loses(cause = STOPPED): void {
    this.does(close(cause, this.#id));
  }

  /** The dial that is on its way reaches the server. */
  rejoins(change: Parameters<typeof joined>[1] = {}, name = "anna"): void {
    this.#admitted(change, name);
  }

  hears(message: Parameters<typeof tell>[0]): void {
    this.does(tell(message, this.#id));
  }

  #admitted(change: Parameters<typeof joined>[1] = {}, name = "anna"): void {
    const { connection } = this.state;
    assert.equal(connection.status, "connecting");
    this.does(open(this.#id), listening, tell(joined(name, change), this.#id));
  }

  get #id(): number {
    const { connection } = this.state;
    return "id" in connection ? connection.id : assert.fail(`${connection.status}: no connection`);
  }
}

describe("a short loss of the connection", () => {
  let window: Window;
  beforeEach(() => {
    window = new Window();
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
    assert.deepEqual([window.lobby, window.lines], ["closed", [LINE]]);
    assert.equal(panelChange(before, window.state)?.state?.connection?.status, "connecting");
    const { connection, users, commands } = panelState(window.state);
    assert.equal(connection.status, "connecting");
    assert.deepEqual(users, []);
    assert.ok(!commands.some(({ name }) => name === "fork"));
    window.loses(REFUSED);
    window.passes(60_000);
    assert.deepEqual(window.lines, [LINE]);
    assert.equal(window.lobby, "closed");
    window.rejoins();
    assert.deepEqual([window.lobby, window.lines], ["open", [LINE, BACK]]);
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

  describe("with messages", () => {
    it("sends what was typed meanwhile after the rejoin: in order, and once", () => {
      window.does(type("on its way"));
      window.loses();
      window.sent.length = 0;
      window.does(type("one"));
      window.passes(400);
      window.does(type("two"));
      assert.deepEqual(window.sent, []);
      assert.deepEqual(
        panelState(window.state).sessions[0]?.pending.map(({ status }) => status),
        ["sending", "sending", "sending"],
      );
      window.rejoins();
      window.passes(60_000);
      assert.deepEqual(
        window.sent,
        ["on its way", "one", "two"].map((text, i) => [2, { type: "say", id: `w.${i + 1}`, text }]),
      );
      for (const n of [1, 2, 3]) window.hears({ type: "ack", id: messageId(`w.${n}`), seq: n, at: NOW });
      assert.deepEqual(window.lines, ["anna (own): on its way", "anna (own): one", "anna (own): two"]);
      assert.deepEqual(window.state.sessions[0].pending, []);
    });

    it("keeps what was typed until the server is back, however late that is", () => {
      window.loses();
      window.does(type("one"));
      window.passes(400);
      window.loses(REFUSED);
      window.passes(60_000);
      assert.equal(panelState(window.state).sessions[0]?.pending[0]?.status, "waiting");
      window.rejoins();
      assert.deepEqual(window.sent, [[3, { type: "say", id: "w.1", text: "one" }]]);
    });

    it("sends a rejected message again after the rejoin", () => {
      window.does(type("one"));
      const id = messageId("w.1");
      window.hears({ type: "error", id, code: "message-too-long", text: "" });
      window.loses();
      window.sent.length = 0;
      window.does({ type: "user/retry", session: window.state.active, id });
      assert.deepEqual(window.lines, []);
      window.passes(400);
      window.rejoins();
      assert.deepEqual(window.sent, [[2, { type: "say", id, text: "one" }]]);
    });

    it("asks before quitting drops what was typed meanwhile", () => {
      window.loses();
      window.does(type("one"), type("\\quit"));
      assert.match(window.lines[0] ?? "", /^info 1 message is still waiting to be sent to the lobby\./u);
      assert.equal(window.state.me?.name, "anna");
      window.does(type("\\quit"));
      assert.equal(window.state.me, null);
    });

    it("counts missed ones as unread, once", () => {
      window.does(show(false));
      window.loses();
      window.passes(400);
      window.rejoins({ seq: 1, missed: 1 });
      const missed = {
        type: "said",
        seq: 1,
        at: NOW,
        from: "bobby",
        id: messageId("b.1"),
        text: "hi",
      } as const;
      window.hears(missed);
      window.hears(missed);
      assert.deepEqual(window.lines, ["bobby: hi"]);
      assert.equal(window.state.sessions[0].unread, 1);
    });
  });

  for (const [what, change, line] of [
    ["missing messages", { gap: true }, `${BACK} Some messages sent in the meantime are missing.`],
    [
      "a server that has restarted",
      { gap: true, epoch: OTHER_EPOCH },
      `${BACK} The server restarted, so messages sent in the meantime are missing.`,
    ],
  ] as const) {
    it(`tells of ${what} in one line`, () => {
      window.loses();
      window.passes(400);
      window.rejoins(change);
      window.passes(60_000);
      assert.deepEqual(window.lines, [line]);
    });
  }

  it("tells that the name was given to someone else", () => {
    window.loses();
    window.passes(400);
    window.rejoins({}, "anna_2");
    assert.deepEqual(window.lines, ["info The name anna is taken, so you are anna_2."]);
  });

  it("takes people who have come and gone meanwhile from the server's list", () => {
    window.loses();
    window.passes(400);
    assert.deepEqual(window.state.users, ["anna", "bobby", "carmen"]);
    window.rejoins({ users: [{ name: "anna" }, { name: "bobby" }, { name: "dora" }] });
    assert.deepEqual(window.state.users, ["anna", "bobby", "dora"]);
    window.hears({ type: "left", name: "bobby", reason: "quit" });
    window.hears({ type: "arrived", name: "carmen" });
    assert.deepEqual(window.lines, ["info bobby has quit.", "info carmen has joined."]);
  });

  it("tells the server afterwards that the user is busy", () => {
    window.loses();
    window.does(type("\\dnd"));
    window.passes(400);
    window.rejoins();
    assert.deepEqual(window.sent, [[2, { type: "presence", state: "busy" }]]);
  });

  it("is not hidden from a user who asks for a diagnosis", () => {
    window.loses();
    assert.match(diagnosis(window.state, NOW), /Disconnected: the server was stopped/u);
  });

  describe("with commands", () => {
    it("answers \\users and \\lobby", () => {
      window.loses();
      window.does(type("\\users"), type("\\lobby"));
      const [users = "", ...others] = window.lines;
      assert.match(users, /^output 3 online/u);
      assert.deepEqual(others, []);
    });

    it("asks for a private session after the rejoin", () => {
      window.loses();
      window.does(type("\\fork bobby"));
      assert.deepEqual(
        panelState(window.state).forks.map(({ name, phase }) => [name, phase]),
        [["bobby", "asking"]],
      );
      window.passes(400);
      window.loses(REFUSED);
      window.passes(640);
      assert.deepEqual(window.sent, []);
      window.rejoins();
      const card = ownCard(window.state);
      assert.deepEqual(window.sent, [[3, { type: "fork", id: "w.1", to: "bobby", card }]]);
      window.hears({ ...introduction, id: messageId("w.1") });
      window.does(linked("bobby"));
      assert.equal(window.state.sessions[1]?.kind, "peer");
      assert.deepEqual(window.lines, []);
    });

    it("asks again for one that waits for an answer, and keeps it if the server has done so, too", () => {
      window.does(type("\\fork bobby"), type("\\fork carmen"));
      window.loses();
      window.passes(400);
      window.sent.length = 0;
      window.rejoins();
      const card = ownCard(window.state);
      assert.deepEqual(window.sent, [
        [2, { type: "fork", id: "w.1", to: "bobby", card }],
        [2, { type: "fork", id: "w.2", to: "carmen", card }],
      ]);
      window.hears({ type: "error", id: messageId("w.1"), code: "fork-pending", text: "" });
      window.hears({ ...introduction, id: messageId("w.1") });
      window.does(linked("bobby"));
      assert.equal(window.state.sessions[1]?.kind, "peer");
      assert.deepEqual(window.lines, []);
    });

    it("asks for none that was canceled, before or meanwhile", () => {
      window.does(type("\\fork carmen"), { type: "user/cancelFork", id: "w.1" });
      window.loses();
      window.sent.length = 0;
      window.does(type("\\fork bobby"), { type: "user/cancelFork", id: "w.2" });
      window.passes(400);
      window.rejoins();
      assert.deepEqual(window.sent, []);
      assert.deepEqual(
        window.state.forks.map(({ to, cancelled }) => [to, cancelled]),
        [["carmen", true]],
      );
    });

    it("answers the requests of others after the rejoin", () => {
      window.does(settings({ acceptForks: "ask" }), invite("dora"), invite("emil"));
      window.loses();
      window.does(type("\\accept dora"), type("\\decline emil"));
      window.passes(400);
      assert.deepEqual(window.sent, []);
      window.rejoins();
      const card = ownCard(window.state);
      assert.deepEqual(window.sent, [
        [2, { type: "accept", sid: sid("dora"), card }],
        [2, { type: "decline", sid: sid("emil"), reason: "declined" }],
      ]);
      window.loses();
      window.passes(640);
      window.sent.length = 0;
      window.rejoins();
      assert.deepEqual(window.sent, [], "they are given once");
    });

    it("reports one that could not be asked for once the loss is shown", () => {
      window.loses();
      window.does(type("\\fork bobby"));
      window.passes(2_000);
      assert.deepEqual(window.lines, [
        LINE,
        "error Couldn't open a private session with bobby: the server was stopped.",
      ]);
      assert.deepEqual(window.state.forks, []);
    });

    it("ends with \\quit", () => {
      window.loses();
      window.does(type("\\quit"));
      window.passes(60_000);
      assert.equal(window.state.connection.status, "idle");
      assert.deepEqual(lobbyLines(window.state), []);
    });
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
      assert.deepEqual([window.lobby, window.lines], ["closed", [LINE]]);
    });

    it("is shown at once when the two seconds are over", () => {
      window.loses();
      window.passes(400);
      window.rejoins();
      window.passes(9_999);
      assert.deepEqual(window.lines, []);
      window.loses();
      assert.deepEqual([window.lobby, window.lines], ["closed", [LINE]]);
    });

    it("is quiet again after a stable connection", () => {
      window.loses();
      window.passes(2_000);
      window.rejoins();
      window.passes(10_000);
      window.loses();
      window.passes(1_999);
      assert.deepEqual([window.lobby, window.lines], ["open", [LINE, BACK]]);
      window.passes(1);
      assert.deepEqual(window.lines, [LINE, BACK, LINE]);
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
    assert.deepEqual(window.lines, [LINE]);
  });
});

describe("a loss of the connection", () => {
  const lostIn = after(initialState("w"), show(true), join("anna"), open(), listening, tell(joined("anna")));
  const lost = after(lostIn, close(STOPPED));
  const dialing = after(lost, { type: "timer", key: "reconnect" });
  const shown = { connection: "offline", users: [], lines: [`0 ${LINE}`] } as const;

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
