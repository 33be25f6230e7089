// Pictures in the log: their room is there before they are, a click opens them, and one that is gone says so.
import assert from "node:assert/strict";
import type { KeptFile, MessageEntry, TransferView } from "../../protocol/webview.ts";
import { keptPicture, offer, transfer } from "./fileData.ts";
import { panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { talking } from "./talkData.ts";

const BOBBY = session(1);

describe("a picture in the log", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open({ width: 400, height: 700 })));
  afterEach(() => panel.close());

  const show = (entry: MessageEntry, transfers: TransferView[] = [], state: "open" | "ended" = "open") =>
    panel.snapshot({
      state: panelState({
        active: BOBBY,
        sessions: [view(0, "lobby"), talking({ state, end: 1 })],
        transfers,
      }),
      entries: [{ session: BOBBY, index: 0, entries: [entry] }],
    });
  const withPicture = (from: string, kept: Partial<KeptFile> = {}): MessageEntry => ({
    ...offer(from, 1, "screen.png", 184_000),
    kept: { ...keptPicture("screen.png", 800, 600), ...kept },
  });
  /** That of a picture that moves. */
  const moving: Partial<KeptFile> = {
    ...keptPicture("screen.png", 800, 600),
    picture: { width: 800, height: 600, moves: true },
  };
  const picture = () => panel.log.getByRole("button", { name: "screen.png", exact: true });
  const box = async () => (await picture().boundingBox()) ?? assert.fail();
  const loaded = () =>
    panel.page.waitForFunction(
      () => (document.querySelector<HTMLCanvasElement>(".picture canvas")?.width ?? 0) > 1,
    );

  it("is shown in its proportions, from the folder of pictures, without a complaint of the policy", async () => {
    await show(withPicture("bobby"));
    await loaded();
    const ratio = await panel.log
      .getByRole("img", { name: "screen.png" })
      .evaluate((image: HTMLCanvasElement) => image.width / image.height);
    assert.ok(Math.abs(ratio - 4 / 3) < 0.01, String(ratio));
    const { width, height } = await box();
    assert.ok(Math.abs(width / height - 4 / 3) < 0.05, `${width} × ${height}`);
    assert.deepEqual(panel.complaints, []);
  });

  for (const [width, height] of [
    [800, 600],
    [3000, 100],
    [100, 3000],
    [8, 8],
  ] as const)
    it(`has its room before it is there: ${width} × ${height}`, async () => {
      await panel.page.route("**/pictures/**", (route) => void gate.then(() => route.continue()));
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      await show(withPicture("bobby", keptPicture("screen.png", width, height)));
      const before = await box();
      open();
      await loaded();
      assert.deepEqual(await box(), before);
      assert.ok(before.width <= 380 && before.height <= 322 && before.height >= 16, JSON.stringify(before));
    });

  it("is drawn no larger than it is shown, however tall it is", async () => {
    await show(withPicture("bobby", keptPicture("screen.png", 100, 3000)));
    await loaded();
    const { height } = await box();
    const drawn = await panel.log.locator(".picture canvas").evaluate((one: HTMLCanvasElement) => one.height);
    assert.ok(drawn <= height, `${drawn} pixels in ${height}`);
  });

  it("is opened with a click, also from an earlier session", async () => {
    const { seq: _, ...earlier } = withPicture("anna");
    await show(earlier, [], "ended");
    await picture().click();
    const { action, index } = await panel.next("file", 1);
    assert.deepEqual([action, index], ["open", 0]);
    assert.equal(await panel.log.getByRole("status").innerText(), "");
  });

  it("that came without asking can be saved, and one in a folder cannot again", async () => {
    const entry = withPicture("bobby", { unsaved: true });
    await show(entry, [transfer(entry, { phase: "received" })]);
    await panel.log.getByRole("button", { name: "Save…", exact: true }).click();
    assert.equal((await panel.next("file", 1)).action, "save");
    await panel.amend(0, withPicture("bobby"), BOBBY);
    assert.equal(await panel.log.getByRole("button", { name: "Save…" }).count(), 0);
  });

  it("that came without asking and is none can be saved or declined, and says what became of it", async () => {
    const { path } = keptPicture("screen.png", 1, 1);
    const entry = { ...withPicture("bobby"), kept: { path, unsaved: true } as const };
    await show(entry, [transfer(entry, { phase: "received" })]);
    await panel.log.getByRole("button", { name: "Save…", exact: true }).waitFor();
    const reason = "Not a picture that can be shown here";
    assert.equal(await panel.log.getByRole("status").innerText(), reason);
    await panel.log.getByRole("button", { name: "Decline", exact: true }).click();
    assert.equal((await panel.next("file", 1)).action, "cancel");
    await panel.amend(0, { ...entry, kept: { path, declined: true } }, BOBBY);
    assert.equal(await panel.log.getByRole("status").innerText(), `Declined: n${reason.slice(1)}`);
    assert.equal(await panel.log.getByRole("button", { name: /Save|Decline|Show/u }).count(), 0);
  });

  it("that is gone says so", async () => {
    await show(withPicture("bobby", { path: keptPicture("gone.png", 1, 1).path }));
    await panel.log.getByText("This picture is no longer kept.").waitFor();
    assert.match(panel.complaints.splice(0).join(), /404/u);
  });

  it("stands still where no motion is wanted, until it is pointed at or focused", async () => {
    await panel.preferStillness();
    await show(withPicture("bobby", moving));
    const still = panel.log.locator("canvas");
    const playing = panel.log.locator(".picture img");
    await still.waitFor();
    assert.equal(await playing.isVisible(), false);
    const { width, height } = await box();
    await picture().hover();
    await playing.waitFor();
    assert.equal(await still.isVisible(), false);
    const now = await box();
    assert.deepEqual([now.width, now.height], [width, height]);
    await panel.composer.hover();
    await still.waitFor();
    await picture().focus();
    await playing.waitFor();
  });

  it("plays for a while if it moves, and again while it is pointed at", async () => {
    await panel.page.clock.install();
    await show(withPicture("bobby", moving));
    const playing = panel.log.locator(".picture img");
    await playing.waitFor();
    assert.equal(await playing.getAttribute("alt"), "screen.png");
    await panel.page.clock.runFor(10_000);
    await playing.waitFor({ state: "detached" });
    await picture().hover();
    await playing.waitFor();
    await panel.page.clock.runFor(20_000);
    assert.equal(await playing.isVisible(), true);
  });

  it("stands still without an element that could play if it does not move", async () => {
    await show(withPicture("bobby"));
    await loaded();
    await picture().hover();
    assert.equal(await panel.log.locator(".picture img").count(), 0);
  });

  it("is loaded after the others, one at a time", async () => {
    const asked: (() => void)[] = [];
    await panel.page.route("**/pictures/**", (route) => {
      asked.push(() => void route.continue());
    });
    const names = ["a.png", "b.png"];
    const entries = names.map((name, n) => ({
      ...offer("bobby", n + 1, name, 1_000),
      kept: keptPicture(name, 80, 60),
    }));
    const sessions = [view(0, "lobby"), talking({ state: "open", end: 2 })];
    await panel.snapshot({
      state: panelState({ active: BOBBY, sessions }),
      entries: [{ session: BOBBY, index: 0, entries }],
    });
    while (asked.length === 0) await panel.page.evaluate(() => new Promise(requestAnimationFrame));
    await panel.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    assert.equal(asked.length, 1);
    const second = panel.page.waitForRequest(/[ab]\.png$/u);
    asked[0]?.();
    await second;
  });

  it("is a Tab stop in the focused message alone", async () => {
    await show(withPicture("bobby"));
    assert.equal(await picture().getAttribute("tabindex"), "-1");
    await panel.message(0).focus();
    assert.equal(await picture().getAttribute("tabindex"), "0");
  });
});
