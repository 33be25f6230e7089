// The session that the user has chosen is the one that is shown, also before the host has switched to it.
import assert from "node:assert/strict";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import type { SessionNumber } from "../../../../protocol/webview.ts";
import { after, look, unlinked, withBoth } from "../../../support/core.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const CARMEN = sessionNumber(2);
/** In the lobby, with a session with each of them. */
const withTwo = after(withBoth, look(0));

describe("a session that the user has chosen", () => {
  const open = (): Promise<PageAndHost> => new PageAndHost(withTwo).settle();
  const shown = ({ page }: PageAndHost): SessionNumber | undefined => page.model.value?.state.active;
  const both = ({ host, page }: PageAndHost) => [host.state.active, page.model.value?.state.active];
  /** The sessions that the page shows from now on, one after the other. */
  const watch = ({ page }: PageAndHost): SessionNumber[] => {
    const seen: SessionNumber[] = [];
    page.model.subscribe((model) => {
      if (model !== null && seen.at(-1) !== model.state.active) seen.push(model.state.active);
    });
    return seen;
  };

  it("is shown at once, and stays when the host has switched", async () => {
    const window = await open();
    window.page.activate(BOBBY);
    assert.deepEqual(both(window), [LOBBY, BOBBY]);
    await window.settle();
    assert.deepEqual(both(window), [BOBBY, BOBBY]);
  });

  it("is the last one of several, without showing the others again", async () => {
    const window = await open();
    for (const session of [BOBBY, LOBBY, CARMEN]) window.page.activate(session);
    const seen = watch(window);
    await window.settle();
    assert.deepEqual(seen, [CARMEN]);
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
  });

  it("stays when the host switches elsewhere before it knows, and does not stay after that", async () => {
    const window = await open();
    window.happens({ type: "user/activate", session: CARMEN });
    window.page.activate(BOBBY);
    const seen = watch(window);
    await window.settle();
    assert.deepEqual(seen, [BOBBY]);
    window.happens({ type: "user/activate", session: CARMEN });
    await window.settle();
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
  });

  it("is not taken from someone whose patches were lost", async () => {
    const window = await open();
    window.page.activate(BOBBY);
    window.page.receive({ type: "patch", revision: 99, entries: [] });
    const seen = watch(window);
    await window.settle();
    assert.deepEqual(seen, [BOBBY]);
  });

  it("stays when one that is gone is chosen after it", async () => {
    const window = await open();
    window.page.activate(BOBBY);
    const seen = watch(window);
    window.page.activate(sessionNumber(9));
    await window.settle();
    assert.deepEqual(seen, [BOBBY]);
  });

  it("is the host's after a page was hidden", async () => {
    const window = await open();
    window.page.activate(BOBBY);
    const seen = watch(window);
    window.hide();
    await window.settle();
    window.happens({ type: "user/activate", session: CARMEN });
    window.show();
    await window.settle();
    assert.deepEqual(seen, [BOBBY, CARMEN]);
    window.happens({ type: "user/activate", session: LOBBY });
    await window.settle();
    assert.deepEqual(both(window), [LOBBY, LOBBY]);
  });

  it("stays when it was chosen while a snapshot was on its way", async () => {
    const window = await open();
    window.page.receive({ type: "patch", revision: 99, entries: [] });
    window.page.activate(BOBBY);
    const seen = watch(window);
    await window.settle();
    assert.deepEqual(seen, [BOBBY]);
    window.happens({ type: "user/activate", session: LOBBY });
    await window.settle();
    assert.deepEqual(both(window), [LOBBY, LOBBY]);
  });

  it("is the host's after a page was hidden before its answer, chosen while a snapshot was on its way", async () => {
    const window = await open();
    window.hide();
    window.show();
    await window.arriveOne();
    assert.equal(window.page.model.value?.stale, true);
    window.page.activate(BOBBY);
    await window.arriveOne();
    window.hide();
    await window.settle();
    window.show();
    await window.settle();
    window.happens({ type: "user/activate", session: CARMEN });
    await window.settle();
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
  });

  describe("and that is gone by then", () => {
    /** Bobby's window has ended the session, and the page does not know. */
    const openToGone = async (): Promise<PageAndHost> => {
      const window = await open();
      window.happens(unlinked("bobby", "left"));
      window.page.activate(BOBBY);
      assert.equal(shown(window), BOBBY);
      return window;
    };

    it("gives way to the host's", async () => {
      const window = await openToGone();
      const seen = watch(window);
      await window.settle();
      assert.deepEqual(seen, [BOBBY, LOBBY]);
    });

    it("returns what was sent to it, and asks for the focus to be taken away", async () => {
      const window = await openToGone();
      window.send(BOBBY, "for bobby alone");
      const before = window.page.composer.displaced.value;
      await window.settle();
      assert.equal(window.shown(LOBBY), "for bobby alone");
      assert.equal(window.page.composer.displaced.value, before + 1);
      assert.deepEqual(window.host.state.sessions[0].pending, []);
    });

    it("leaves what was being written to be recalled, and asks for the focus to be taken away", async () => {
      const window = await openToGone();
      window.write(BOBBY, "for bobby al");
      const before = window.page.composer.displaced.value;
      await window.settle();
      assert.equal(window.shown(LOBBY), "");
      assert.equal(window.page.composer.displaced.value, before + 1);
      window.page.composer.walk(LOBBY, "older");
      assert.equal(window.shown(LOBBY), "for bobby al");
    });
  });

  it("in the side bar sends back what was sent from a page that still showed another one", async () => {
    const window = await open();
    window.hide();
    window.happens({ type: "user/activate", session: CARMEN });
    window.send(LOBBY, "for carmen alone");
    window.show();
    await window.settle();
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
    assert.deepEqual(window.host.state.sessions[0].pending, []);
    assert.equal(window.shown(LOBBY), "for carmen alone");
  });

  it("is not left for a message that had to wait", async () => {
    const window = await open();
    window.send(LOBBY, `password = "${"hunter2".repeat(3)}"`);
    window.page.activate(CARMEN);
    await window.settle();
    window.questions[0]?.answer(true);
    await window.settle();
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
    assert.equal(window.host.state.sessions[0].pending.length, 1);
  });
});
