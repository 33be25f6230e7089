// What the lobby tells after a short loss of the connection: missing messages, another name, people who have come and gone.
import assert from "node:assert/strict";
import { OTHER_EPOCH, type } from "../../../support/core.ts";
import { BACK, OnlineWindow } from "../../../support/onlineWindow.ts";

describe("a short loss of the connection", () => {
  let window: OnlineWindow;
  beforeEach(() => {
    window = new OnlineWindow();
  });
  afterEach(() => window.timers.uninstall());

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
});
