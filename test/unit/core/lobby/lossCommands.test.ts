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
        DISCONNECTED,
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
});
