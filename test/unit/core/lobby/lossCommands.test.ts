// Commands during a short loss of the connection.
import assert from "node:assert/strict";
import { ownCard } from "../../../../extension/core/channels/dialling.ts";
import { panelState } from "../../../../extension/core/view/panelView.ts";
import { CARD, invite, linked, messageId, pin, settings, sid, type } from "../../../support/core.ts";
import { lobbyLines } from "../../../support/coreChecks.ts";
import { DISCONNECTED, OnlineWindow, REFUSED } from "../../../support/onlineWindow.ts";

const introduction = {
  type: "introduction",
  sid: sid("bobby"),
  role: "A",
  peer: { name: "bobby", pin: pin("bobby"), card: CARD },
} as const;

describe("a short loss of the connection", () => {
  let window: OnlineWindow;
  beforeEach(() => {
    window = new OnlineWindow();
  });
  afterEach(() => window.timers.uninstall());

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

    it("withdraws those that were canceled, before or meanwhile", () => {
      window.does(type("\\fork carmen"), type("\\fork bobby"), { type: "user/cancelFork", id: "w.1" });
      window.loses();
      window.does({ type: "user/cancelFork", id: "w.2" }, type("\\fork bobby"));
      window.passes(400);
      window.sent.length = 0;
      window.rejoins();
      const card = ownCard(window.state);
      assert.deepEqual(window.sent, [
        [2, { type: "withdraw", id: "w.1" }],
        [2, { type: "withdraw", id: "w.2" }],
        [2, { type: "fork", id: "w.3", to: "bobby", card }],
      ]);
      window.hears({ type: "declined", id: messageId("w.2"), to: "bobby", reason: "withdrawn" });
      window.hears({ type: "error", id: messageId("w.1"), code: "rate-limited", text: "", retryMs: 1_000 });
      assert.deepEqual(
        window.state.forks.map(({ id }) => id),
        ["w.3"],
      );
      assert.deepEqual(window.lines, ["info Request to carmen canceled.", "info Request to bobby canceled."]);
    });

    it("opens nothing if one that was canceled meanwhile had been accepted", () => {
      window.does(type("\\fork bobby"));
      window.loses();
      window.does({ type: "user/cancelFork", id: "w.1" });
      window.passes(400);
      window.rejoins();
      window.hears({ ...introduction, id: messageId("w.1") });
      window.does(linked("bobby"));
      assert.equal(window.state.sessions.length, 1);
      assert.deepEqual(window.state.forks, []);
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
      window.sent.length = 0;
      window.loses();
      window.passes(640);
      window.rejoins();
      const again = [3, { type: "accept", sid: sid("dora"), card }];
      assert.deepEqual(window.sent, [again], "the server may not have got what was accepted");
      window.hears({
        ...introduction,
        sid: sid("dora"),
        peer: { ...introduction.peer, name: "dora", pin: pin("dora") },
      });
      window.sent.length = 0;
      window.loses();
      window.passes(640);
      window.rejoins();
      assert.ok(!JSON.stringify(window.sent).includes("accept"), "it has been introduced");
    });

    for (const [what, step, reason] of [
      ["canceled", { type: "user/cancelFork", id: sid("bobby") }, "declined"],
      ["blocked", type("\\block bobby"), "unavailable"],
    ] as const) {
      it(`accepts nothing that was ${what} before the rejoin`, () => {
        window.does(settings({ acceptForks: "ask" }), invite("bobby"));
        window.loses();
        window.does(type("\\fork bobby"), step);
        window.passes(400);
        window.rejoins();
        assert.deepEqual(window.sent, [[2, { type: "decline", sid: sid("bobby"), reason }]]);
      });
    }

    it("reports one that could not be asked for once the loss is shown", () => {
      window.loses();
      window.does(type("\\fork bobby"));
      window.passes(2_000);
      assert.deepEqual(window.lines, [
        DISCONNECTED,
        "error Couldn't open a private session with bobby: the server was stopped.",
      ]);
      assert.deepEqual(panelState(window.state).forks, []);
    });

    it("withdraws one that the server may have once it is back, however late", () => {
      window.does(type("\\fork bobby"));
      window.loses();
      window.passes(2_000);
      window.sent.length = 0;
      window.rejoins();
      assert.deepEqual(window.sent, [[2, { type: "withdraw", id: "w.1" }]]);
      window.hears({ ...introduction, id: messageId("w.1") });
      window.does(linked("bobby"));
      assert.equal(window.state.sessions.length, 1);
    });

    it("ends with \\quit", () => {
      window.loses();
      window.does(type("\\quit"));
      window.passes(60_000);
      assert.equal(window.state.connection.status, "idle");
      assert.deepEqual(lobbyLines(window.state), []);
    });
  });
});
