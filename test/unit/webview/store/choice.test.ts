// The session that the user has chosen is the one that is shown, also before the host has switched to it.
import assert from "node:assert/strict";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import type { SessionNumber } from "../../../../protocol/webview.ts";
import { after, look, withBoth } from "../../../support/core.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const CARMEN = sessionNumber(2);
/** In the lobby, with a session with each of them. */
const withTwo = after(withBoth, look(0));

describe("a session that the user has chosen", () => {
  const open = (): Promise<PageAndHost> => new PageAndHost(withTwo).settle();
  const shown = ({ page }: PageAndHost): SessionNumber | undefined => page.model.value?.state.active;
  const both = ({ host, page }: PageAndHost) => [host.state.active, page.model.value?.state.active];

  it("is shown at once, and stays when the host has switched", async () => {
    const window = await open();
    window.page.activate(BOBBY);
    assert.deepEqual(both(window), [LOBBY, BOBBY]);
    await window.settle();
    assert.deepEqual(both(window), [BOBBY, BOBBY]);
  });

  it("is the last one of several, without showing the others again", async () => {
    const window = await open();
    const seen = new Set<SessionNumber | undefined>();
    for (const session of [BOBBY, LOBBY, CARMEN]) window.page.activate(session);
    const watching = window.page.model.subscribe((model) => seen.add(model?.state.active));
    await window.settle();
    watching();
    assert.deepEqual([...seen], [CARMEN]);
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
  });

  it("stays when the host switches elsewhere before it knows, and does not stay after that", async () => {
    const window = await open();
    window.happens({ type: "user/activate", session: CARMEN });
    window.page.activate(BOBBY);
    await window.settle();
    assert.deepEqual(both(window), [BOBBY, BOBBY]);
    window.happens({ type: "user/activate", session: CARMEN });
    await window.settle();
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
  });

  it("gives way to the host's when it ends", async () => {
    const window = await open();
    window.happens({ type: "user/leave", session: BOBBY });
    window.page.activate(BOBBY);
    assert.equal(shown(window), BOBBY);
    await window.settle();
    assert.deepEqual(both(window), [LOBBY, LOBBY]);
  });

  it("is the host's after a page was hidden", async () => {
    const window = await open();
    window.page.activate(BOBBY);
    window.hide();
    await window.settle();
    window.happens({ type: "user/activate", session: CARMEN });
    window.show();
    await window.settle();
    assert.deepEqual(both(window), [CARMEN, CARMEN]);
    window.happens({ type: "user/activate", session: LOBBY });
    await window.settle();
    assert.deepEqual(both(window), [LOBBY, LOBBY]);
  });

  it("stays when it was chosen while a snapshot was on its way", async () => {
    const window = await open();
    const seen: (SessionNumber | undefined)[] = [];
    window.page.receive({ type: "patch", revision: 99, entries: [] });
    window.page.activate(BOBBY);
    const watching = window.page.model.subscribe((model) => seen.push(model?.state.active));
    await window.settle();
    watching();
    assert.deepEqual(new Set(seen), new Set([BOBBY]));
    window.happens({ type: "user/activate", session: LOBBY });
    await window.settle();
    assert.deepEqual(both(window), [LOBBY, LOBBY]);
  });
});
