// The head of a session: how it is connected and how sure it is who is there, in words.
import assert from "node:assert/strict";
import type { SessionView } from "../../protocol/webview.ts";
import { lines, MORNING, panelState, peer, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";

const BOBBY = session(1);

describe("a session's header", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const head = (name = "bobby") => panel.page.getByRole("group", { name: `Private session with ${name}` });
  const facts = () => head().getByRole("listitem").allInnerTexts();
  /** Shows a session with bobby, told as a patch once the page is there. */
  async function withBobby(rest: Partial<SessionView>): Promise<void> {
    const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->", peer: peer(), ...rest })];
    if (panel.revision === 0) await panel.snapshot({ state: panelState({ active: BOBBY, sessions }) });
    else await panel.patch({ sessions });
    await panel.painted();
  }

  it("names the person, with the mark, and says how the session is connected", async () => {
    await withBobby({});
    assert.match(await head().getByRole("heading", { level: 2 }).innerText(), /^bobby\s+P->$/);
    assert.deepEqual(await facts(), ["direct", "end-to-end encrypted", "not verified", "server up"]);
    await head().getByTitle("Private: encrypted from your window to bobby's", { exact: true }).waitFor();
    await withBobby({ mark: "P~>", peer: peer({ path: "relayed" }) });
    assert.match(await head().getByRole("heading", { level: 2 }).innerText(), /^bobby\s+P~>$/);
    assert.equal((await facts())[0], "relayed");
    await withBobby({ state: "waiting", peer: peer({ path: "none" }) });
    assert.equal((await facts())[0], "away");
    await withBobby({ state: "ended", peer: peer({ path: "none" }) });
    assert.deepEqual(await facts(), ["ended", "not verified", "server up"]);
    assert.equal(await panel.page.getByRole("button", { name: "Verify bobby" }).count(), 0);
  });

  it("says which side has verified the other, and who introduced them", async () => {
    const words = { nobody: "not verified", me: "you verified", peer: "they verified", both: "verified" };
    for (const verified of ["nobody", "me", "peer", "both"] as const) {
      await withBobby({ peer: peer({ verified }) });
      assert.deepEqual(await facts(), ["direct", "end-to-end encrypted", words[verified], "server up"]);
    }
    await withBobby({ peer: peer({ introducedBy: "carmen" }) });
    assert.equal((await facts())[4], "introduced by carmen");
  });

  it("names the introducer of an introduction, at the marks of header and tab", async () => {
    for (const mark of ["P->", "P~>"] as const) {
      const introduced = view(1, "zoe", { mark, peer: peer({ introducedBy: "bobby" }) });
      await panel.snapshot({
        state: panelState({ active: session(1), sessions: [view(0, "lobby"), introduced] }),
      });
      const titles = await panel.page
        .locator(".mark[title]")
        .evaluateAll((marks) => marks.map((each) => each.getAttribute("title")));
      assert.deepEqual(titles, ["bobby introduced you to zoe", "bobby introduced you to zoe"]);
    }
  });

  it("has the host's sentence as its description", async () => {
    await withBobby({ peer: peer({ path: "relayed", text: "Connected through the relay" }) });
    const tree = await panel.page.context().newCDPSession(panel.page);
    const { nodes } = await tree.send("Accessibility.getFullAXTree");
    const found = nodes.find(({ name }) => name?.value === "Private session with bobby");
    assert.deepEqual(
      [found?.role?.value, found?.description?.value],
      ["group", "Connected through the relay"],
    );
  });

  it("says whether the server is up", async () => {
    await withBobby({});
    for (const [status, fact] of [
      ["offline", "server down"],
      ["connecting", "server down"],
      ["online", "server up"],
    ] as const) {
      await panel.patch({ connection: { status, text: `The server is ${status}` } });
      await head().getByTitle(`The server is ${status}`).waitFor();
      assert.equal((await facts())[3], fact);
    }
  });

  for (const { state, path, word } of [
    { state: "open", path: "direct", word: "direct" },
    { state: "open", path: "relayed", word: "relayed" },
    { state: "waiting", path: "none", word: "away" },
    { state: "ended", path: "none", word: "ended" },
  ] as const) {
    it(`opens the diagnosis from "${word}"`, async () => {
      await withBobby({ state, peer: peer({ path }) });
      const button = head().getByRole("button", { name: `${word}, diagnose connection`, exact: true });
      assert.equal(await button.innerText(), word);
      await button.press("Enter");
      assert.deepEqual(await panel.next("run", 1), { type: "run", command: "diagnose" });
    });
  }

  it("asks the host for the safety number", async () => {
    await withBobby({});
    await panel.page.getByRole("button", { name: "Verify bobby" }).click();
    assert.deepEqual(await panel.next("verify", 1), { type: "verify", session: BOBBY, open: true });
  });

  for (const width of [300, 900])
    it(`has its name where the lobby's head has its own, in ${width} pixels`, async () => {
      await panel.page.setViewportSize({ width, height: 600 });
      const sessions = [view(0, "lobby"), view(1, "bobby", { mark: "P->", peer: peer() })];
      const boxes = [];
      for (const active of [0, 1]) {
        await panel.snapshot({ state: panelState({ active: session(active), sessions }) });
        boxes.push(
          await panel.page.locator(".session-head").evaluate((element) => ({
            name: element.querySelector("h2")?.getBoundingClientRect().top,
            height: element.getBoundingClientRect().height,
          })),
        );
      }
      const [lobby, bobby] = boxes;
      assert.ok(lobby !== undefined && bobby !== undefined);
      assert.equal(lobby.name, bobby.name);
      // A narrow head of a private session has a second line.
      if (width === 900) assert.equal(lobby.height, bobby.height);
    });

  it("says of the lobby how its server is reached, and who could read along", async () => {
    await panel.lobby(lines(3));
    const head = panel.page.getByRole("group", { name: "The lobby" });
    for (const { status, way, words } of [
      { status: "online", way: "local", words: ["server up", "this machine"] },
      { status: "online", way: "encrypted", words: ["server up", "TLS to server"] },
      { status: "offline", way: "plain", words: ["server down", "not encrypted"] },
    ] as const) {
      await panel.patch({ connection: { status, way, text: `The server is ${status}, ${way}` } });
      await panel.page.getByTitle(`The server is ${status}, ${way}`, { exact: true }).first().waitFor();
      assert.deepEqual(await head.getByRole("listitem").allInnerTexts(), words);
    }
    await head.getByRole("button", { name: "server down, diagnose connection", exact: true }).press("Enter");
    assert.deepEqual(await panel.next("run", 1), { type: "run", command: "diagnose" });
    assert.equal(await panel.page.getByRole("button", { name: /^Verify/ }).count(), 0);
  });

  it("yields in the lobby where there is hardly room to read", async () => {
    await panel.lobby(lines(3));
    const head = panel.page.getByRole("group", { name: "The lobby" });
    await head.waitFor();
    const isShown = () =>
      head.evaluate((element) => {
        const { left, top } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(left + 2, top + 2));
      });
    assert.equal(await isShown(), true);
    await panel.page.setViewportSize({ width: 400, height: 240 });
    assert.equal(await isShown(), false);
    await head.getByRole("button").focus();
    assert.equal(await isShown(), true);
  });

  it("leaves tabs their names: the session first, the unread count last", async () => {
    await withBobby({ peer: peer({ verified: "both" }), unread: 2 });
    assert.equal(await panel.tab(/^bobby/).getAttribute("aria-label"), "bobby P->, 2 unread");
    await panel
      .tab(/^bobby/)
      .and(panel.page.getByTitle("Verified by both"))
      .locator("svg")
      .waitFor();
    await withBobby({ state: "waiting", peer: peer({ path: "none", verified: "me" }), unread: 2 });
    assert.equal(await panel.tab(/^bobby/).getAttribute("aria-label"), "bobby P->, away, 2 unread");
    assert.equal(await panel.page.getByTitle("Verified by both").count(), 0);
    assert.equal(
      await panel
        .tab(/^bobby/)
        .locator("svg")
        .count(),
      0,
    );
  });

  it("keeps the composer of a session that is away, and says that messages wait", async () => {
    const text = "bobby can't be reached right now; messages wait until they reconnect";
    const pending = [{ id: "1", at: MORNING, text: "there?", status: "waiting" } as const];
    await withBobby({ state: "waiting", peer: peer({ path: "none", text }), pending });
    await panel.page.locator(".waits", { hasText: text }).waitFor();
    await panel.page.getByText("Waiting…").waitFor();
    assert.equal(await panel.page.locator(".why").count(), 0);
    const described = await panel.composer.getAttribute("aria-describedby");
    assert.equal(await panel.page.locator(`#${described ?? "none"}`).innerText(), text);
    await panel.composer.fill("are you there?");
    await panel.page.keyboard.press("Enter");
    assert.equal((await panel.next("submit", 1)).text, "are you there?");
    await withBobby({});
    await panel.page.locator(".waits").waitFor({ state: "detached" });
    assert.equal(await panel.composer.getAttribute("aria-describedby"), null);
  });
});
