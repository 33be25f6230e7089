// The tabs: their roles and names, the keyboard, what each click and key asks of the host.
import assert from "node:assert/strict";
import type { PanelState } from "../../protocol/webview.ts";
import { LOBBY, lines, notice, panelState, says, session, view } from "./pageData.ts";
import { PanelPage, WINDOW_ID } from "./pageHarness.ts";

const BOBBY = session(1);

function three(rest: Partial<PanelState> = {}): PanelState {
  const sessions = [
    view(0, "lobby"),
    view(1, "bobby", { mark: "P->", unread: 3 }),
    view(2, "carmen", { mark: "P~>", state: "ended" }),
  ];
  return panelState({ sessions, ...rest });
}

describe("the panel's sessions", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  it("are tabs whose names begin with the session and end with the unread count", async () => {
    await panel.snapshot({ state: three() });
    const tabs = panel.page.getByRole("tablist", { name: "Sessions" }).getByRole("tab");
    assert.equal(await tabs.count(), 3);
    const labels = await tabs.evaluateAll((all) => all.map((tab) => tab.getAttribute("aria-label")));
    assert.deepEqual(labels, ["lobby", "bobby P->, 3 unread", "carmen P~>, ended"]);
  });

  it("show the active one with a star, as selected, and in the panel's and the log's name", async () => {
    await panel.snapshot({ state: three({ active: BOBBY }) });
    assert.equal(await panel.tab(/^bobby/).getAttribute("aria-selected"), "true");
    assert.equal(await panel.tab(/^lobby/).getAttribute("aria-selected"), "false");
    assert.match(await panel.tab(/^bobby/).innerText(), /^\*\s*bobby/);
    assert.doesNotMatch(await panel.tab(/^lobby/).innerText(), /\*/);
    await panel.page.getByRole("tabpanel", { name: /^bobby/ }).waitFor();
    await panel.page.getByRole("log", { name: "bobby", exact: true }).waitFor();
  });

  it("announce messages in hidden ones: their number and sender, if they are not muted", async () => {
    const state = (lobby: number, bobby: number, carmen: number, active = session(3)): PanelState =>
      panelState({
        sessions: [
          view(0, "lobby", { unread: lobby, end: 2 }),
          view(1, "bobby", { mark: "P->", unread: bobby }),
          view(2, "carmen", { mark: "P~>", unread: carmen, muted: true }),
          view(3, "dora", { mark: "P->" }),
        ],
        active,
      });
    const entries = [
      { session: LOBBY, index: 0, entries: [says("emil", "hello"), notice("info", "somebody came")] },
    ];
    await panel.snapshot({ state: state(0, 3, 0), entries });
    const aloud = panel.page.locator(".arrivals");
    const heard = (text: string) =>
      panel.page.waitForFunction(
        (wanted) => document.querySelector(".arrivals")?.textContent === wanted,
        text,
      );
    assert.equal(await aloud.textContent(), "");
    assert.equal(await aloud.getAttribute("aria-live"), "polite");
    await panel.patch(state(1, 3, 1));
    await heard("1 unread message in the lobby from emil");
    await panel.patch(state(1, 5, 2));
    await heard("5 unread messages from bobby");
    await panel.patch(state(2, 6, 2));
    await heard("2 unread messages in the lobby, the latest from emil\n6 unread messages from bobby");
    await panel.patch(state(2, 0, 2, BOBBY));
    await heard("");
  });

  it("are activated by a click, which focuses the composer", async () => {
    await panel.snapshot({ state: three() });
    await panel.tab(/^bobby/).click();
    assert.deepEqual(await panel.next("activate", 1), { type: "activate", id: 1, session: BOBBY });
    await panel.page.locator("textarea:focus").waitFor();
  });

  it("are shown at once when clicked: what is typed then goes there, however long the window takes", async () => {
    await panel.snapshot({ state: three() });
    await panel.tab(/^bobby/).click();
    await panel.page.keyboard.type("for bobby alone");
    await panel.page.keyboard.press("Enter");
    const { session, text } = await panel.next("submit", 1);
    assert.deepEqual([session, text], [BOBBY, "for bobby alone"]);
    await panel.page.getByRole("log", { name: "bobby" }).waitFor();
  });

  it("have a composer each: undo brings no text from another one", async () => {
    await panel.snapshot({ state: three({ active: BOBBY }) });
    await panel.composer.focus();
    await panel.page.keyboard.type("for bobby");
    await panel.press("Control+a", "Delete");
    await panel.patch({ active: LOBBY });
    await panel.page.locator("textarea:focus").waitFor();
    await panel.press("Control+z");
    await panel.settled();
    assert.equal(await panel.value(), "");
  });

  it("that are gone while someone writes to them give the focus to a tab: the rest of the line is sent to no one", async () => {
    const { sessions } = three();
    await panel.snapshot({ state: three({ active: BOBBY }) });
    await panel.composer.focus();
    await panel.page.keyboard.type("for bobby al");
    await panel.patch({ active: LOBBY, sessions: sessions.filter(({ number }) => number !== BOBBY) });
    await panel.page.locator("[role=tab]:focus").waitFor();
    await panel.page.keyboard.type("one");
    await panel.page.keyboard.press("Enter");
    await panel.next("activate", 1);
    assert.deepEqual(panel.posted("submit"), []);
    await panel.composer.focus();
    await panel.page.keyboard.press("Control+ArrowUp");
    await panel.holds("for bobby al");
  });

  it("get no line while it is not known which of them is active", async () => {
    await panel.snapshot({ state: three() });
    await panel.composer.focus();
    await panel.page.keyboard.type("for all");
    await panel.post({ type: "patch", revision: panel.revision + 9, entries: [] });
    await panel.next("ready", 2);
    await panel.page.keyboard.press("Enter");
    await panel.snapshot({ state: three(), revision: 20 });
    assert.deepEqual(panel.posted("submit"), []);
    await panel.holds("for all");
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("submit", 1)).text, "for all");
  });

  it("are opened from a notice that names them", async () => {
    await panel.snapshot({
      state: three(),
      entries: [
        { session: LOBBY, index: 0, entries: [notice("info", "bobby opened a private session: \\sw 1")] },
      ],
    });
    assert.match(await panel.log.innerText(), /bobby opened a private session: \\sw 1 /);
    await panel.log.getByRole("button", { name: "\\sw 1" }).click();
    assert.deepEqual(await panel.next("activate", 1), { type: "activate", id: 1, session: BOBBY });
  });

  it("are one Tab stop, moved along by arrows, and activated by Enter only", async () => {
    await panel.snapshot({ state: three() });
    await panel.composer.focus();
    // Before the composer come the log and the head's way to the diagnosis.
    for (let i = 0; i < 3; i++) await panel.page.keyboard.press("Shift+Tab");
    const focused = () => panel.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.equal(await focused(), "lobby");
    const keys = ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End", "ArrowLeft"];
    const reached: unknown[] = [];
    for (const key of keys) {
      await panel.page.keyboard.press(key);
      reached.push((await focused())?.split(/[ ,]/)[0]);
    }
    assert.deepEqual(reached, ["bobby", "carmen", "lobby", "carmen", "lobby", "carmen", "bobby"]);
    assert.deepEqual(panel.posted("activate"), []);
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("activate", 1)).session, BOBBY);
    assert.equal(await panel.tab(/^bobby/).evaluate((tab) => tab === document.activeElement), true);
  });

  it("are left with Delete on the tab, or the active one's button; the lobby is not", async () => {
    await panel.snapshot({ state: three({ active: BOBBY }) });
    await panel.tab(/^carmen/).focus();
    await panel.page.keyboard.press("Delete");
    assert.equal((await panel.next("leave", 1)).session, session(2));
    await panel.page.getByRole("button", { name: "Leave bobby" }).click();
    assert.equal((await panel.next("leave", 2)).session, BOBBY);
    await panel.tab(/^lobby/).focus();
    await panel.page.keyboard.press("Delete");
    await panel.patch({ active: LOBBY });
    await panel.page.getByRole("log", { name: "lobby" }).waitFor();
    assert.equal(await panel.page.getByRole("button", { name: /^Leave/ }).count(), 0);
    assert.equal(panel.posted("leave").length, 2);
  });

  it("scroll sideways when there are many, with the active one in view", async () => {
    const sessions = [view(0, "lobby"), ...Array.from({ length: 30 }, (_, at) => view(at + 1, `peer_${at}`))];
    await panel.snapshot({ state: panelState({ sessions, active: session(30) }) });
    const inView = (name: string) =>
      panel.tab(name).evaluate((tab) => {
        const box = tab.getBoundingClientRect();
        return box.left >= 0 && box.right <= innerWidth;
      });
    assert.equal(await inView("peer_29"), true);
    assert.equal(await inView("lobby"), false);
    await panel.patch({ active: LOBBY });
    await panel.page.getByRole("log", { name: "lobby" }).waitFor();
    assert.equal(await inView("lobby"), true);
  });

  it("keep the active one in view, unfaded, when the panel becomes narrower", async () => {
    const sessions = [
      view(0, "lobby"),
      ...["bobby", "carmen", "dmitri"].map((name, at) => view(at + 1, name, { mark: "P->" })),
    ];
    await panel.snapshot({ state: panelState({ sessions, active: session(3) }) });
    await panel.page.setViewportSize({ width: 300, height: 600 });
    await panel.page.waitForFunction(() => {
      const tab = document.querySelector('[role="tab"][aria-selected="true"]');
      const strip = tab?.parentElement;
      if (tab == null || strip == null) return false;
      return tab.getBoundingClientRect().right <= strip.getBoundingClientRect().right - 19;
    });
  });

  it("say why a closed or ended one accepts no messages, and keep the composer", async () => {
    const connection = { status: "offline", text: "Disconnected: it was stopped" } as const;
    const sessions = [
      view(0, "lobby", { state: "closed" }),
      view(1, "bobby", { mark: "P->", state: "ended" }),
    ];
    await panel.snapshot({ state: panelState({ sessions, connection }) });
    const why = panel.page.locator(".why");
    const says = "Disconnected: it was stopped. Reconnecting automatically.";
    assert.equal(await why.innerText(), `${says} Diagnose Connection`);
    assert.equal(await panel.page.getByText("it was stopped").count(), 1, "once");
    assert.equal(await panel.composer.isEnabled(), true);
    await panel.patch({ connection: { status: "connecting", text: "Connecting to ws://h:1" } });
    assert.match(await why.innerText(), /^The lobby is unavailable\. Connecting to ws:\/\/h:1\. /u);
    await panel.patch({ active: BOBBY, connection });
    assert.match(await why.innerText(), /^The session with bobby has ended\./u);
    assert.match(await panel.page.getByRole("status").innerText(), /it was stopped/u);
  });

  it("offer the diagnosis in a closed lobby", async () => {
    const diagnose = panel.page.getByRole("button", { name: "Diagnose Connection", exact: true });
    await panel.snapshot();
    assert.equal(await diagnose.count(), 0);
    const connection = { status: "offline", text: "Disconnected" } as const;
    await panel.patch({ sessions: [view(0, "lobby", { state: "closed" })], connection });
    await diagnose.press("Enter");
    assert.deepEqual(await panel.next("run", 1), { type: "run", command: "diagnose" });
  });
});

describe("the panel's connection status", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  it("is a status in words, with the user's name and the server", async () => {
    await panel.snapshot();
    const status = panel.page.getByRole("status");
    assert.match(await status.innerText(), /Online\s+as\s+anna\s+Connected to ws:\/\/127\.0\.0\.1:43210/);
    await panel.patch({ connection: { status: "offline", text: "Disconnected" } });
    await panel.page.getByText("Offline").waitFor();
  });

  it("offers to join or to start a server while not joined, and nothing else", async () => {
    await panel.snapshot({
      state: panelState({ me: null, connection: { status: "idle", text: "Not joined" } }),
    });
    await panel.page.getByRole("button", { name: "Join as…" }).click();
    await panel.page.getByRole("button", { name: "Start Server" }).click();
    await panel.next("run", 2);
    assert.deepEqual(
      panel.posted("run").map(({ command }) => command),
      ["join", "startServer"],
    );
    assert.equal(await panel.composer.count(), 0);
    assert.equal(await panel.page.getByRole("tab").count(), 0);
  });

  it("focuses the first useful element when the host asks: the composer, or the Join button", async () => {
    await panel.snapshot();
    await panel.post({ type: "focus" });
    await panel.page.locator("textarea:focus").waitFor();
    await panel.patch({ me: null, connection: { status: "idle", text: "Not joined" } });
    await panel.post({ type: "focus" });
    await panel.page.locator("button:focus", { hasText: "Join as…" }).waitFor();
  });

  it("offers joining to a user who quits in the composer", async () => {
    await panel.snapshot();
    await panel.composer.focus();
    await panel.patch({ me: null, connection: { status: "idle", text: "Not joined" } });
    await panel.page.locator("button:focus", { hasText: "Join as…" }).waitFor();
  });

  it("keeps the window's id for the window", async () => {
    await panel.snapshot();
    assert.deepEqual(panel.persisted, { windowId: WINDOW_ID, unfolded: [] });
  });

  it("requests one snapshot after a lost patch, and shows it", async () => {
    await panel.lobby(lines(3));
    await panel.post({ type: "patch", revision: panel.revision + 5, entries: [] });
    await panel.next("ready", 2);
    await panel.post({ type: "patch", revision: panel.revision + 6, entries: [] });
    await panel.snapshot({ revision: 20, entries: [{ session: LOBBY, index: 0, entries: lines(4) }] });
    await panel.page.getByText("line 3").waitFor();
    await panel.patch({}, 4, [notice("info", "carmen joined")]);
    await panel.page.getByText("carmen joined").waitFor();
    assert.equal(panel.posted("ready").length, 2);
  });
});
