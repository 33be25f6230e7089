// Lines typed behind a command that ends or changes the session it is typed in: nothing is lost, and nothing goes elsewhere.
import assert from "node:assert/strict";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import {
  after,
  blank,
  invite,
  join,
  joined,
  listening,
  look,
  offline,
  open as opened,
  presented,
  settings,
  tell,
  unlinked,
  linked,
  withBoth,
} from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const CARMEN = sessionNumber(2);
const withTwo = after(withBoth, look(0));
const asked = after(
  blank,
  settings({ acceptForks: "ask" }),
  ...[join("anna"), opened(), listening, tell(joined("anna"))],
  invite("bobby"),
);

describe("lines typed right after", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());
  const open = (state = withTwo): Promise<PageAndHost> => new PageAndHost(state).settle();

  for (const command of ["accept", "decline"]) {
    it(`\\${command} stay in the session they were typed in`, async () => {
      const window = await open(asked);
      window.send(LOBBY, `\\${command} bobby`).send(LOBBY, "one").write(LOBBY, "and");
      await window.settle();
      window.happens(presented("bobby"));
      window.happens(linked("bobby"));
      await window.settle();
      assert.deepEqual(window.submitted.slice(1), [[LOBBY, "one"]]);
      assert.equal(window.shown(LOBBY), "and");
      assert.equal(window.host.state.active, LOBBY);
    });
  }

  for (const command of ["mute", "dnd", "sessions"]) {
    it(`\\${command} stay in the private session, in their order`, async () => {
      const window = await open(after(withTwo, look(1)));
      window.send(BOBBY, `\\${command}`).send(BOBBY, "one").send(BOBBY, "two").write(BOBBY, "and");
      await window.settle();
      assert.deepEqual(window.submitted.slice(1), [
        [BOBBY, "one"],
        [BOBBY, "two"],
      ]);
      assert.equal(window.shown(BOBBY), "and");
    });
  }

  it("\\quit are returned, from any session", async () => {
    for (const place of [LOBBY, BOBBY]) {
      const window = await open(after(withTwo, look(place)));
      window.send(place, "\\quit").send(place, "one").send(place, "two").write(place, "and");
      await window.settle();
      assert.deepEqual(window.host.state.sessions[0].pending, []);
      assert.equal(window.shown(LOBBY), "one\ntwo\nand");
      timers.pass(1_000);
      await window.settle();
      assert.equal(window.host.state.sessions[0].draft, "one\ntwo\nand");
    }
  });

  it("\\lobby are returned when it fails", async () => {
    const window = await open(after(offline, look(1)));
    window.send(BOBBY, "\\lobby").send(BOBBY, "for all");
    await window.settle();
    assert.equal(window.submitted.length, 1);
    assert.equal(window.shown(BOBBY), "for all");
  });

  it("\\lobby and \\switch follow several of them, each where the last one switched to", async () => {
    const window = await open(after(withTwo, look(1)));
    window.send(BOBBY, "\\lobby").send(BOBBY, "for all").send(BOBBY, "\\sw carmen").send(BOBBY, "for carmen");
    await window.settle();
    assert.deepEqual(window.submitted.slice(1), [
      [LOBBY, "for all"],
      [LOBBY, "\\sw carmen"],
      [CARMEN, "for carmen"],
    ]);
  });

  it("\\leave are returned when a second one has nowhere to go", async () => {
    const window = await open(after(withTwo, look(1)));
    window.send(BOBBY, "\\leave").send(BOBBY, "\\leave").send(BOBBY, "for carmen?");
    await window.settle();
    assert.equal(
      window.submitted.some(([, text]) => text === "for carmen?"),
      false,
    );
    assert.equal(window.shown(LOBBY), "for carmen?");
  });

  it("a command are returned when the other side ends its session in the meantime", async () => {
    const window = await open(after(withTwo, look(1)));
    window.send(BOBBY, "\\mute").send(BOBBY, "for bobby");
    window.happens(unlinked("bobby", "left"));
    await window.settle();
    assert.equal(window.submitted.length, 1);
    assert.equal(window.shown(LOBBY), "for bobby");
  });

  it("a command are kept when the page requests a snapshot before its answer", async () => {
    const window = await open(after(withTwo, look(1)));
    window.send(BOBBY, "\\leave").send(BOBBY, "one");
    window.page.composer.asks();
    await window.settle();
    const [, ...more] = window.submitted;
    assert.deepEqual(more, []);
    assert.equal(window.shown(LOBBY) + window.shown(BOBBY), "one");
  });
});
