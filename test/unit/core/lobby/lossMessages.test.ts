// Messages over a short loss of the connection: what was typed meanwhile, and what was missed.
import assert from "node:assert/strict";
import { panelState } from "../../../../extension/core/view/panelView.ts";
import { messageId, NOW, show, type } from "../../../support/core.ts";
import { OnlineWindow, REFUSED } from "../../../support/onlineWindow.ts";

describe("a short loss of the connection", () => {
  let window: OnlineWindow;
  beforeEach(() => {
    window = new OnlineWindow();
  });
  afterEach(() => window.timers.uninstall());

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
});
