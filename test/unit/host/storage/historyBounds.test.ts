// What becomes of kept conversations when less is to be kept, and what a search gets of those that are not open.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { REWRITE_PAUSE_MS } from "../../../../extension/host/storage/rewriteQueue.ts";
import { NOW, said } from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { chatter, enter, heard, KeptConversations, quit } from "../../../support/keptConversations.ts";

const DAY_MS = 24 * 3_600_000;

describe("saved conversations after the limits were lowered", function () {
  this.timeout(60_000);
  const { window, onlyFile } = new KeptConversations();
  const timers = new FakeTimers();

  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  it("soon have no more than that, and lose nothing to a value that was set only briefly", () => {
    const open = window().take(...enter(), ...chatter(1, 600));
    const lines = (): number => readFileSync(onlyFile(), "utf8").trimEnd().split("\n").length - 2;
    const all = lines();
    const settings = { days: 30, forgetOnLeave: false };
    open.history.configure({ ...settings, messages: 100 });
    open.history.configure({ ...settings, messages: 1000 });
    timers.pass(REWRITE_PAUSE_MS);
    assert.equal(lines(), all);
    open.history.configure({ ...settings, messages: 100 });
    timers.pass(REWRITE_PAUSE_MS);
    assert.equal(lines(), 100);
    assert.equal(open.messages().length, 600, "what is on the screen stays");
  });

  it("have no line that is older than the lower number of days", () => {
    const open = window().take(...enter(), said(1, "bobby", "from last week"));
    open.now = NOW + 7 * DAY_MS;
    open.history.configure({ messages: 100, days: 3, forgetOnLeave: false });
    timers.pass(REWRITE_PAUSE_MS);
    assert.doesNotMatch(readFileSync(onlyFile(), "utf8"), /last week/);
  });
});

describe("saved conversations that are not open here", function () {
  this.timeout(60_000);
  const { window } = new KeptConversations();

  it("appear once in a search, whichever windows saved them, without expired lines", async () => {
    const first = window().take(...enter(), ...chatter(1, 4));
    const second = window().take(...enter(0, 0), ...chatter(1, 6));
    first.history.close();
    second.take(quit);
    const other = window();
    const texts = async (): Promise<string[][]> =>
      (await other.history.elsewhere(null)).map(({ entries }) =>
        entries.flatMap((entry) => (entry.kind === "message" ? [`${entry.from}: ${entry.text}`] : [])),
      );
    assert.deepEqual(await texts(), [heard(1, 6)]);
    other.now = NOW + 31 * DAY_MS;
    assert.deepEqual(await texts(), [[]]);
  });

  it("belong to another person if they were saved under another name", async () => {
    window()
      .take(...enter(), ...chatter(1, 3))
      .history.close();
    const other = window();
    assert.deepEqual(await other.history.elsewhere("frida"), []);
    assert.equal((await other.history.elsewhere("anna")).length, 1);
  });

  it("do not include open ones", async () => {
    const open = window().take(...enter(), ...chatter(1, 3));
    window().take(...enter(0, 3), ...chatter(4, 6));
    assert.deepEqual(await open.history.elsewhere(null), []);
  });
});
