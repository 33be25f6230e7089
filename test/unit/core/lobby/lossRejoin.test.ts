// What the lobby tells after a loss of the connection: missing messages, another name, people who have come and gone.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
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
    window.hears({ type: "arrived", name: "emil" });
    assert.deepEqual(window.lines, ["info bobby has quit.", "info emil has joined."]);
  });

  it("tells the server afterwards that the user is busy", () => {
    window.loses();
    window.does(type("\\dnd"));
    window.passes(400);
    window.rejoins();
    assert.deepEqual(window.sent, [[2, { type: "presence", state: "busy" }]]);
  });
});

describe("people who lost the server, too", () => {
  let window: OnlineWindow;
  beforeEach(() => {
    window = new OnlineWindow();
  });
  afterEach(() => window.timers.uninstall());

  const rejoinsFirst = (): number => {
    window.rejoins({ gap: true, epoch: OTHER_EPOCH, users: [{ name: "anna" }] });
    return window.lines.length;
  };
  const arrive = (...names: string[]): void => {
    for (const name of names) window.hears({ type: "arrived", name });
  };

  for (const [what, awayMs] of [
    ["short", 400],
    ["long", 5_000],
  ] as const)
    it(`are not announced when they rejoin after a ${what} loss, unless they come again`, () => {
      window.loses();
      window.passes(awayMs);
      const before = rejoinsFirst();
      window.passes(8_000);
      arrive("Bobby", "dora");
      assert.deepEqual(window.state.users, ["anna", "Bobby", "dora"]);
      window.hears({ type: "left", name: "Bobby", reason: "quit" });
      arrive("Bobby");
      assert.deepEqual(window.lines.slice(before), [
        "info dora has joined.",
        "info Bobby has quit.",
        "info Bobby has joined.",
      ]);
    });

  it("are not announced when the connection is lost a second time before they are back", () => {
    window.loses();
    window.passes(400);
    rejoinsFirst();
    arrive("bobby");
    window.loses();
    window.passes(700);
    const before = rejoinsFirst();
    arrive("bobby", "carmen");
    assert.deepEqual(window.state.users, ["anna", "bobby", "carmen"]);
    assert.deepEqual(window.lines.slice(before), []);
  });

  it("are announced when they were back before this window, and leave and come again", () => {
    window.loses();
    window.passes(400);
    window.rejoins();
    window.hears({ type: "left", name: "bobby", reason: "quit" });
    arrive("bobby");
    assert.deepEqual(window.lines, ["info bobby has quit.", "info bobby has joined."]);
  });

  it("are announced when they come long after that", () => {
    window.loses();
    window.passes(400);
    const before = rejoinsFirst();
    window.passes(60_000);
    arrive("bobby");
    assert.deepEqual(window.lines.slice(before), ["info bobby has joined."]);
  });

  it("are remembered up to a full lobby, however many a server names while it drops the window", () => {
    for (const round of ["a", "b", "c"]) {
      window.loses();
      window.passes(5_000);
      const others = Array.from({ length: limits.clients - 1 }, (_, n) => ({ name: `${round}${n}` }));
      window.rejoins({ gap: true, epoch: OTHER_EPOCH, users: [{ name: "anna" }, ...others] });
    }
    window.loses();
    assert.equal(window.state.loss?.missing.length, limits.clients);
  });
});
