// What is written behind a command goes where that leads, or comes back: never to anyone else, and never away.
import assert from "node:assert/strict";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { after, look, NOW, online, tell, unlinked, withBoth } from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const CARMEN = sessionNumber(2);
/** In the lobby, with a session with each of them. */
const withTwo = after(withBoth, look(0));

describe("text written after a command", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  const open = (state = withTwo): Promise<PageAndHost> => new PageAndHost(state).settle();

  it("goes where the command switches to, and the text there stays", async () => {
    const window = await open();
    window.write(CARMEN, "an old draft, ");
    await window.settle();
    timers.pass(1_000);
    window.send(LOBBY, "\\sw carmen").send(LOBBY, "one").write(LOBBY, "and");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "one"]]);
    assert.deepEqual([window.shown(LOBBY), window.shown(CARMEN)], ["", "an old draft, and"]);
    timers.pass(1_000);
    await window.settle();
    assert.equal(window.shown(CARMEN), "an old draft, and");
    assert.equal(window.host.state.sessions[2]?.draft, "an old draft, and");
  });

  it("goes to no one when a fork is declined, and unsent text stays", async () => {
    const window = await open(online);
    window.send(LOBBY, "\\fork bobby");
    await window.settle();
    window.send(LOBBY, "secret").write(LOBBY, "and");
    timers.pass(600);
    await window.settle();
    const [fork] = window.host.state.forks;
    assert.ok(fork !== undefined);
    window.happens(tell({ type: "declined", id: fork.id, to: "bobby", reason: "declined" }));
    await window.settle();
    timers.pass(600);
    await window.settle();
    assert.deepEqual(window.submitted, [[LOBBY, "\\fork bobby"]]);
    assert.equal(window.shown(LOBBY), "secret\nand");
  });

  it("goes to no one when the answer does not come in time, or there is no such person", async () => {
    const late = await open(online);
    late.send(LOBBY, "\\fork bobby").send(LOBBY, "secret");
    await late.settle();
    timers.pass(3_000);
    await late.settle();
    const none = await open(online);
    none.send(LOBBY, "\\fork boby").send(LOBBY, "secret");
    await none.settle();
    for (const window of [late, none]) {
      assert.equal(window.submitted.length, 1);
      assert.equal(window.shown(LOBBY), "secret");
    }
  });

  it("waits for the answer of any other command, however slow the machine is", async () => {
    const window = await open();
    window.send(LOBBY, "\\sw carmen").send(LOBBY, "\\\\literal");
    timers.pass(60_000);
    assert.equal(window.shown(LOBBY), "");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "\\\\literal"]]);
    assert.deepEqual([window.shown(LOBBY), window.shown(CARMEN)], ["", ""]);
  });

  it("is returned to the active session when a block ends its session, and goes to no one", async () => {
    const window = await open(after(withTwo, look(1)));
    window.send(BOBBY, "\\block bobby").send(BOBBY, "one").send(BOBBY, "two").write(BOBBY, "and");
    await window.settle();
    assert.equal(window.host.state.active, LOBBY);
    assert.equal(window.submitted.length, 1);
    assert.equal(window.shown(LOBBY), "one\ntwo\nand");
    timers.pass(1_000);
    await window.settle();
    assert.equal(window.host.state.sessions[0].draft, "one\ntwo\nand");
  });

  it("is returned to the active session when its session ended in the meantime", async () => {
    const window = await open(after(withTwo, look(1)));
    window.send(BOBBY, "for bobby");
    window.host.dispatch({ type: "user/leave", session: BOBBY });
    await window.settle();
    assert.equal(window.shown(LOBBY), "for bobby");
  });

  it("does not go to a session that was opened from elsewhere in the meantime", async () => {
    const window = await open();
    window.send(LOBBY, "\\users").send(LOBBY, "for all");
    window.host.dispatch({ type: "user/activate", session: CARMEN });
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[LOBBY, "for all"]]);
  });

  it("is separate from text in another session, which goes where it was written", async () => {
    const window = await open(after(withTwo, unlinked("bobby", "left")));
    window.send(LOBBY, "\\fork bobby");
    await window.settle();
    window.host.dispatch({ type: "user/activate", session: CARMEN });
    await window.settle();
    window.send(CARMEN, "private");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "private"]]);
  });

  it("stays when the page is hidden, or has lost a patch", async () => {
    for (const ending of ["leaves", "asks"] as const) {
      const window = await open(online);
      window.send(LOBBY, "\\fork bobby").send(LOBBY, "one").write(LOBBY, "and");
      window.page.composer[ending]();
      await window.settle();
      assert.equal(window.submitted.length, 1);
      assert.equal(window.host.state.sessions[0].draft, "one\nand");
    }
  });

  it("leaves a half-written edit alone in the session it goes to", async () => {
    const window = await open();
    const entry = { kind: "message", from: "anna", own: true, at: NOW, text: "old" } as const;
    window.page.composer.edit(CARMEN, 0, entry);
    window.page.composer.setText(CARMEN, "half an edit");
    await window.settle();
    window.send(LOBBY, "\\sw carmen").send(LOBBY, "hello");
    await window.settle();
    timers.pass(1_000);
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[CARMEN, "hello"]]);
    assert.equal(window.shown(CARMEN), "half an edit");
  });

  it("goes to the lobby behind a leave", async () => {
    const window = await open();
    window.host.dispatch({ type: "user/activate", session: CARMEN });
    await window.settle();
    window.send(CARMEN, "\\leave").send(CARMEN, "hello all").write(CARMEN, "good");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [[LOBBY, "hello all"]]);
    assert.equal(window.shown(LOBBY), "good");
  });

  it("keeps the user in a session whose other side leaves", async () => {
    const window = await open(after(withBoth, look(2)));
    window.write(CARMEN, "p").write(CARMEN, "please do not tell");
    await window.settle();
    window.happens(unlinked("carmen", "left"));
    await window.settle();
    assert.equal(window.host.state.active, CARMEN);
    assert.equal(window.shown(CARMEN), "please do not tell");
  });
});
