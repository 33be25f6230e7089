// Cards of messages that offer files: what they show and say, and what can be done with them.
import assert from "node:assert/strict";
import { violations } from "../support/axe.ts";
import type { MessageEntry, TransferView } from "../../protocol/webview.ts";
import { assertFound } from "./cardChecks.ts";
import { files, offer, transfer, transfers } from "./fileData.ts";
import { panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { paletteNames } from "./palettes.ts";
import { talking } from "./talkData.ts";

const BOBBY = session(1);
const NAME = "File: a.txt";

describe("cards with files", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const group = (name = NAME) => panel.log.getByRole("group", { name, exact: true });
  const buttons = () => group().getByRole("button").allInnerTexts();
  const status = (name = NAME) => group(name).getByRole("status").innerText();

  const show = (
    entries: MessageEntry[],
    views: readonly TransferView[] = [],
    state: "open" | "waiting" | "ended" = "open",
  ) =>
    panel.snapshot({
      state: panelState({
        active: BOBBY,
        sessions: [view(0, "lobby"), talking({ state, end: entries.length })],
        transfers: [...views],
      }),
      entries: [{ session: BOBBY, index: 0, entries }],
    });
  const one = async (from: string, state: TransferView["state"], rest: Partial<TransferView> = {}) => {
    const entry = offer(from, 1, "a.txt", 2_000_000);
    await show([entry], [transfer(entry, state, rest)]);
  };
  const moves = async (from: string, state: TransferView["state"], rest: Partial<TransferView> = {}) => {
    const entry = offer(from, 1, "a.txt", 2_000_000);
    await panel.patchTransfers(transfer(entry, state, rest));
  };

  describe("offer", () => {
    const steps: readonly [string, TransferView["state"], readonly string[], string][] = [
      ["bobby", { phase: "offered" }, ["Save…", "Decline"], ""],
      ["bobby", { phase: "waiting" }, ["Pause", "Cancel"], "Waiting…"],
      ["bobby", { phase: "running" }, ["Pause", "Cancel"], "1 MB of 2 MB"],
      ["bobby", { phase: "paused", by: "me" }, ["Resume", "Cancel"], "1 MB of 2 MB · Paused"],
      [
        "bobby",
        { phase: "paused", by: "them" },
        ["Pause", "Cancel"],
        "1 MB of 2 MB · Paused on the other side",
      ],
      [
        "bobby",
        { phase: "paused", by: "link" },
        ["Pause", "Cancel"],
        "1 MB of 2 MB · Waiting for a connection",
      ],
      [
        "bobby",
        { phase: "paused", by: "disk", reason: "no room" },
        ["Resume", "Cancel"],
        "1 MB of 2 MB · Paused: no room",
      ],
      ["bobby", { phase: "verifying" }, [], "Verifying…"],
      ["bobby", { phase: "received" }, ["Show"], "2 MB received"],
      ["bobby", { phase: "declined" }, [], "Declined"],
      ["bobby", { phase: "canceled" }, [], "Canceled"],
      ["bobby", { phase: "failed", why: "withdrawn" }, [], "The offer was withdrawn"],
      ["anna", { phase: "offered" }, ["Cancel"], "Waiting for an answer"],
      ["anna", { phase: "running" }, ["Pause", "Cancel"], "1 MB of 2 MB"],
      ["anna", { phase: "paused", by: "me" }, ["Resume", "Cancel"], "1 MB of 2 MB · Paused"],
      ["anna", { phase: "sent" }, [], "2 MB sent"],
      ["anna", { phase: "declined" }, [], "Declined"],
      ["anna", { phase: "canceled" }, [], "Canceled"],
      ["anna", { phase: "failed", why: "gone" }, [], "The file is no longer available"],
      [
        "anna",
        { phase: "failed", why: "many" },
        [],
        "Declined automatically: too many files are waiting for an answer there",
      ],
      [
        "bobby",
        { phase: "failed", why: "many" },
        [],
        "Declined automatically: too many files were waiting for your answer",
      ],
    ];
    for (const [from, state, actions, says] of steps)
      it(`${actions.join(" and ") || "nothing"} for a file of ${from} that is ${JSON.stringify(state)}`, async () => {
        await one(from, state, { bytes: 1_000_000 });
        assert.deepEqual(await buttons(), actions);
        assert.equal(await status(), says);
      });

    it("to save a file that the host says nothing of yet, but not from an earlier session, or when it is over", async () => {
      const entry = offer("bobby", 1, "a.txt");
      await show([entry]);
      assert.deepEqual(await buttons(), ["Save…", "Decline"]);
      const { seq: _, ...earlier } = entry;
      await show([earlier]);
      assert.deepEqual(await buttons(), []);
      await show([entry], [], "ended");
      assert.deepEqual(await buttons(), []);
      assert.equal(await status(), "No longer available");
    });

    it("on the newest of several files to save all that wait for an answer", async () => {
      const entries = [1, 2, 3].map((seq) => offer("bobby", seq, `${seq}.txt`));
      const [first, second, third] = entries;
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      const views = entries.map((entry) => transfer(entry, { phase: "offered" }));
      await show(entries, views);
      const all = panel.page.getByRole("button", { name: "Save All 3…", exact: true });
      assert.equal(
        await panel.page.getByRole("group", { name: "File: 3.txt", exact: true }).locator(all).count(),
        1,
      );
      await all.click();
      const { action, index } = await panel.next("file", 1);
      assert.deepEqual([action, index], ["saveAll", 2]);
      await panel.patchTransfers(transfer(third, { phase: "running" }));
      await panel.page.getByRole("button", { name: "Save All 2…", exact: true }).waitFor();
      await panel.patchTransfers(transfer(second, { phase: "declined" }));
      assert.equal(await panel.page.getByRole("button", { name: /^Save All/u }).count(), 0);
    });

    it("this to the host, by the message and what is wanted", async () => {
      await one("bobby", { phase: "offered" });
      await group().getByRole("button", { name: "Save…" }).click();
      await group().getByRole("button", { name: "Decline" }).click();
      await moves("bobby", { phase: "running" });
      await group().getByRole("button", { name: "Pause" }).click();
      await moves("bobby", { phase: "paused", by: "me" });
      await group().getByRole("button", { name: "Resume" }).click();
      await moves("bobby", { phase: "received" });
      await group().getByRole("button", { name: "Show" }).click();
      assert.deepEqual(
        panel.posted("file").map(({ action, session, index }) => [action, session, index]),
        ["save", "cancel", "pause", "resume", "show"].map((action) => [action, BOBBY, 0]),
      );
    });

    it("this by keyboard, in the focused message alone", async () => {
      await show(files, transfers);
      const stops = () => panel.log.locator('.card button[tabindex="0"]').count();
      assert.equal(await stops(), 0);
      await panel.message(0).focus();
      assert.equal(await stops(), 2);
    });
  });

  describe("say", () => {
    it("how far a file is, how fast, and how long it will take", async () => {
      await one("bobby", { phase: "running" }, { bytes: 500_000, rate: 1_500_000, secondsLeft: 59.4 });
      assert.equal(await status(), "500 kB of 2 MB · 1.5 MB/s · 59 seconds left");
      const bar = group().getByRole("progressbar");
      assert.equal(await bar.getAttribute("aria-valuenow"), "25");
      assert.equal(await bar.getAttribute("aria-label"), "a.txt");
      await moves("bobby", { phase: "received" });
      assert.equal(await group().getByRole("progressbar").count(), 0);
    });

    it("aloud when a file starts, ends or fails, and not each percent", async () => {
      const aloud = () => group().locator('[aria-live="polite"]').innerText();
      await one("bobby", { phase: "offered" });
      assert.equal(await aloud(), "");
      await moves("bobby", { phase: "running" });
      assert.equal(await aloud(), "Receiving a.txt");
      await moves("bobby", { phase: "running" }, { bytes: 1_000_000 });
      await moves("bobby", { phase: "paused", by: "me" }, { bytes: 1_000_000 });
      await moves("bobby", { phase: "running" }, { bytes: 1_500_000 });
      assert.equal(await aloud(), "Receiving a.txt");
      await moves("bobby", { phase: "received" });
      assert.equal(await aloud(), "a.txt: 2 MB received");
      assert.equal(await group().getByRole("status").getAttribute("aria-live"), "off");
    });

    it("aloud when the other side cancels a file", async () => {
      await one("bobby", { phase: "running" });
      await moves("bobby", { phase: "canceled" });
      assert.equal(await group().locator('[aria-live="polite"]').innerText(), "a.txt: Canceled");
    });

    it("nothing of a file of the same id that goes the other way", async () => {
      const entry = offer("bobby", 1, "a.txt");
      await show([entry], [transfer({ ...entry, own: true }, { phase: "sent" })]);
      assert.deepEqual(await buttons(), ["Save…", "Decline"]);
    });
  });

  describe("show", () => {
    it("the name and no text, unless the message says something else", async () => {
      const entry = offer("bobby", 1, "a.txt");
      await show([entry, { ...offer("bobby", 2, "b.txt"), text: "**look**" }]);
      assert.equal(await panel.message(0).locator(".text").count(), 0);
      assert.equal(await panel.message(1).locator(".text").innerText(), "look");
    });

    it("what a hostile name hides", async () => {
      await show([offer("bobby", 1, "photo\u202egnp.exe"), offer("bobby", 2, "<b>x</b>.txt")]);
      assert.equal(
        await group("File: photo[U+202E]gnp.exe").locator(".file-name").innerText(),
        "photo[U+202E]gnp.exe",
      );
      assert.equal(await group("File: <b>x</b>.txt").locator("b").count(), 0);
    });

    it("names that are found", async () => {
      await show([offer("bobby", 1, "needle.txt")]);
      await assertFound(panel, ["needle"]);
    });
  });

  for (const palette of paletteNames)
    it(`have no accessibility violations found by axe, and fit 300 pixels (${palette})`, async () => {
      await panel.close();
      panel = await PanelPage.open({ palette, width: 300, height: 600 });
      await show(files, transfers);
      assert.deepEqual(await violations(panel.page), []);
      const wide = await panel.log.evaluate(
        (log) =>
          [...log.querySelectorAll(".card.file, .card.file *:not(.unseen)")].filter(
            (element) => element.getBoundingClientRect().right > log.getBoundingClientRect().right,
          ).length,
      );
      assert.equal(wide, 0);
    });
});
