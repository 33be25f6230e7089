// Cards of messages that bring changes: what they show and say, and what can be done with them.
import assert from "node:assert/strict";
import * as v from "valibot";
import { FileId, Sha256 } from "../../protocol/bulk.ts";
import type { ChangesPart, ListedChange } from "../../protocol/changesPart.ts";
import { writeChanges } from "../../protocol/changesText.ts";
import type { MessageEntry, TransferView } from "../../protocol/webview.ts";
import { violations } from "../support/axe.ts";
import { panelState, session, view } from "./pageData.ts";
import { PanelPage } from "./pageHarness.ts";
import { paletteNames } from "./palettes.ts";
import { talking, told } from "./talkData.ts";

const BOBBY = session(1);
const ID = v.parse(FileId, `${"c".repeat(21)}A`);
const SHA256 = v.parse(Sha256, `${"c".repeat(42)}A`);

const file = (path: string, rest: Partial<ListedChange> = {}): ListedChange => ({
  ...{ kind: "modified", path, lines: { added: 3, removed: 1 } },
  ...rest,
});
const some: readonly ListedChange[] = [
  file("package.json"),
  file("src/pool/close.ts"),
  file("src/pool/open.ts", { kind: "added", lines: { added: 120, removed: 0 } }),
  file("src/old.ts", { kind: "deleted", lines: { added: 0, removed: 14 } }),
  file("src/pool/names.ts", { kind: "renamed", oldPath: "src/names.ts" }),
  { kind: "modified", path: "media/icon.png" },
];
const many: readonly ListedChange[] = [
  file(".vscode/tasks.json"),
  file(".git/hooks/pre-commit", { kind: "added" }),
  ...Array.from({ length: 6 }, (_, i) =>
    file(`packages/server/src/${"deep/".repeat(12)}file${String(i)}.ts`),
  ),
];

const partOf = (list: readonly ListedChange[], files = list.length): ChangesPart => ({
  ...{ kind: "changes", at: 0, id: ID, size: 900, sha256: SHA256, files, added: 129, removed: 18 },
  list: [...list],
});
function sent(from: string, part: ChangesPart, words = ""): MessageEntry {
  const { text, part: written } = writeChanges(words, part);
  return told(from, text, 1, { part: written });
}
const transfer = (own: boolean, state: TransferView["state"]): TransferView => ({
  ...{ session: BOBBY, id: ID, own, state, bytes: 0, rate: null, secondsLeft: null },
});

describe("cards with changes", () => {
  let panel: PanelPage;
  afterEach(() => panel.close());

  async function show(
    entry: MessageEntry,
    options: Parameters<typeof PanelPage.open>[0] = {},
    transfers: TransferView[] = [],
  ): Promise<void> {
    panel = await PanelPage.open(options);
    await panel.snapshot({
      state: panelState({
        active: BOBBY,
        sessions: [view(0, "lobby"), talking({ end: 1 })],
        transfers,
      }),
      entries: [{ session: BOBBY, index: 0, entries: [entry] }],
    });
    await panel.painted();
  }
  const group = () => panel.log.getByRole("group", { name: /^Changes:/ });
  const rows = async () =>
    (await group().getByRole("listitem").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
  const row = (says: string) => group().getByRole("listitem").filter({ hasText: says });
  const status = () => group().getByRole("status").innerText();

  it("show each file with its lines, what became of it, and what it can do", async () => {
    await show(sent("bobby", partOf(some), "Please have a look."));
    assert.equal(await group().getAttribute("aria-label"), "Changes: 6 files");
    assert.deepEqual(await rows(), [
      "package.json +3 −1 changes build scripts or packages",
      "src/pool/close.ts +3 −1",
      "src/pool/open.ts new +120",
      "src/old.ts deleted −14",
      "src/pool/names.ts moved +3 −1",
      "media/icon.png binary",
    ]);
    assert.equal(await row("names.ts").locator(".kind").getAttribute("title"), "moved from src/names.ts");
    await group().getByText("6 changed files").waitFor();
    await group().getByRole("img", { name: "129 lines added, 18 removed" }).waitFor();
    await row("package.json").getByRole("img", { name: "Warning" }).waitFor();
    await panel.log.getByText("Please have a look.", { exact: true }).waitFor();
    assert.equal(await panel.log.getByText("Changes: 6 files").count(), 0);
  });

  it("are named after one file", async () => {
    await show(sent("bobby", partOf([file("a.ts")])));
    assert.equal(await group().getAttribute("aria-label"), "Changes: 1 file");
  });

  it("warn, and say how many files they do not list", async () => {
    await show(sent("bobby", partOf(many, 22)));
    const shown = await rows();
    assert.match(shown[0] ?? "", /^\.vscode\/tasks\.json .*changes editor settings or tasks$/);
    assert.match(shown[1] ?? "", /^\.git\/hooks\/pre-commit .*a name that is not safe$/);
    assert.equal(shown[8], "and 14 more files");
  });

  it("are cards as well where the text says something else, which is then shown", async () => {
    const entry = sent("bobby", partOf(some));
    await show({ ...entry, text: "Nothing to see here." });
    assert.equal((await rows()).length, 6);
    await panel.log.getByText("Nothing to see here.", { exact: true }).waitFor();
  });

  it("have three buttons, also for the keyboard", async () => {
    await show(sent("bobby", partOf(some)));
    await panel.log.getByRole("article").focus();
    for (const name of ["Review", "Apply", "Save as .patch"]) {
      const button = group().getByRole("button", { name, exact: true });
      assert.equal(await button.evaluate((one: HTMLElement) => one.tabIndex), 0);
      await button.press("Enter");
    }
    const asked = ["review", "apply", "save"].map((action) => ({
      ...{ type: "changes", action, session: BOBBY, index: 0 },
    }));
    await panel.next("changes", 3);
    assert.deepEqual(panel.posted("changes"), asked);
  });

  const states: readonly [boolean, TransferView["state"], string][] = [
    [false, { phase: "waiting" }, "Getting the changes…"],
    [false, { phase: "running" }, "Getting the changes…"],
    [false, { phase: "paused", by: "link" }, "Waiting for a connection"],
    [false, { phase: "paused", by: "disk", reason: "no room" }, "Paused: no room"],
    [false, { phase: "received" }, "Downloaded"],
    [false, { phase: "failed", why: "gone" }, "These changes are no longer available"],
    [false, { phase: "failed", why: "damaged" }, "These changes arrived damaged"],
    [true, { phase: "running" }, "Sending…"],
    [true, { phase: "sent" }, "Delivered"],
  ];
  for (const [own, state, says] of states)
    it(`say “${says}” for ${own ? "own ones" : "others"} that are ${JSON.stringify(state)}`, async () => {
      await show(sent(own ? "anna" : "bobby", partOf(some)), {}, [transfer(own, state)]);
      assert.equal(await status(), says);
    });

  it("say when they were applied, as a status, in place of how they came", async () => {
    const entry = sent("bobby", partOf(some));
    await show(entry, {}, [transfer(false, { phase: "received" })]);
    assert.equal(await status(), "Downloaded");
    const applied = { at: Date.UTC(2026, 10, 29, 14, 3) };
    const sameDay = { ...entry, at: applied.at - 60_000 };
    for (const [change, says] of [
      [{ ...sameDay, applied }, "Applied at 14:03"],
      [{ ...sameDay, applied: { ...applied, partly: true } }, "Partly applied at 14:03"],
      [{ ...entry, applied }, "Applied on 29 Nov 2026, 14:03"],
      [{ ...entry, applied: { ...applied, partly: true } }, "Partly applied on 29 Nov 2026, 14:03"],
    ] as const) {
      await panel.snapshot({
        state: panelState({
          active: BOBBY,
          sessions: [view(0, "lobby"), talking({ end: 1 })],
          transfers: [transfer(false, { phase: "received" })],
        }),
        entries: [{ session: BOBBY, index: 0, entries: [change] }],
      });
      assert.equal(await status(), says);
    }
    const describedBy = await group().getAttribute("aria-describedby");
    assert.equal(describedBy, await group().getByRole("status").getAttribute("id"));
    await panel.patchTransfers(transfer(false, { phase: "running" }));
    assert.equal(await status(), "Getting the changes…");
    const names = await group().getByRole("button").allInnerTexts();
    assert.deepEqual(names, ["Review", "Apply", "Save as .patch"]);
  });

  for (const width of [300, 520])
    it(`fit into ${width} pixels`, async () => {
      await show(sent("bobby", partOf(many, 22)), { width });
      const box = await group().boundingBox();
      const inside = await group().evaluate((element) =>
        [...element.querySelectorAll("li, button, .counts")].every(
          (each) => each.getBoundingClientRect().right <= element.getBoundingClientRect().right,
        ),
      );
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width && inside);
    });

  it("have their buttons below each other from the start, where they do not fit side by side", async () => {
    await show(sent("bobby", partOf(some)), { width: 300 });
    const left = (name: string) =>
      group()
        .getByRole("button", { name })
        .evaluate((button) => button.getBoundingClientRect().left);
    assert.equal(await left("Save as .patch"), await left("Review"));
  });

  it("have room for the number of files beside that of the lines", async () => {
    await show(sent("bobby", { ...partOf(some, 500), added: 123_456, removed: 98_765 }), { width: 300 });
    const head = group().locator(".code-head > .found-in");
    assert.ok(await head.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth));
  });

  for (const palette of paletteNames)
    it(`have no accessibility violations found by axe in the ${palette} theme`, async () => {
      await show(sent("bobby", partOf([...many.slice(0, 2), ...some])), { palette, width: 480 }, [
        transfer(false, { phase: "paused", by: "link" }),
      ]);
      assert.deepEqual(await violations(panel.page), []);
    });
});
