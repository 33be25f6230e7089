// The card of changes that were sent, drawn in the page in place of another card.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { CardFile, ChangesCard } from "../../protocol/changesCard.ts";
import { bundles } from "../../scripts/bundles.ts";
import { violations } from "../support/axe.ts";
import { card as codeCard } from "./cardData.ts";
import { PanelPage } from "./pageHarness.ts";
import { paletteNames } from "./palettes.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const file = (path: string, rest: Partial<CardFile> = {}): CardFile => ({
  ...{ kind: "modified", path, lines: { added: 3, removed: 1 }, warning: null },
  ...rest,
});
const files: readonly CardFile[] = [
  file("src/pool/close.ts"),
  file("src/pool/open.ts", { kind: "added", lines: { added: 120, removed: 0 } }),
  file("src/old.ts", { kind: "deleted", lines: { added: 0, removed: 14 } }),
  file("src/pool/names.ts", { kind: "renamed", oldPath: "src/names.ts" }),
  file("media/icon.png", { lines: null }),
  file("package.json", { warning: "scripts" }),
];
const some: ChangesCard = { files, added: 129, removed: 18 };
const many: ChangesCard = {
  ...some,
  files: [
    ...Array.from({ length: 20 }, (_, i) =>
      file(`packages/server/src/${"deep/".repeat(12)}file${String(i)}.ts`),
    ),
    file(".vscode/tasks.json", { warning: "editor" }),
    file("link", { kind: "added", warning: "refused" }),
  ],
};

describe("cards with changes", () => {
  let script: string;
  let panel: PanelPage;

  before(async () => {
    const { outputFiles } = await build({
      ...bundles["webview"],
      bundle: true,
      entryPoints: [],
      write: false,
      absWorkingDir: ROOT,
      stdin: {
        contents: `
          import { h, render } from "preact";
          import { ChangesCard } from "./webview/message/changesCard.tsx";
          globalThis.drawCard = (card, reached) => {
            const place = document.querySelector(".card").parentElement;
            globalThis.acts = [];
            render(null, place);
            place.replaceChildren();
            render(h(ChangesCard, { card, reached, id: undefined, onAct: (act) => acts.push(act) }), place);
          };`,
        resolveDir: ROOT,
        loader: "ts",
      },
    });
    script = outputFiles[0]?.text ?? "";
  });
  afterEach(() => panel.close());

  async function draw(card: ChangesCard, options: Parameters<typeof PanelPage.open>[0] = {}): Promise<void> {
    panel = await PanelPage.open(options);
    await panel.lobby([codeCard("bobby", 1, { words: "Please have a look." })]);
    await panel.page.evaluate(script);
    await panel.page.evaluate(`drawCard(${JSON.stringify(card)}, true)`);
    await panel.painted();
  }
  const group = () => panel.page.getByRole("group", { name: /^Changes:/ });
  const rows = () => group().getByRole("listitem").allInnerTexts();
  const row = (says: string) => group().getByRole("listitem").filter({ hasText: says });

  it("show each file with its lines, what became of it, and what it can do", async () => {
    await draw(some);
    assert.equal(await group().getAttribute("aria-label"), "Changes: 6 files");
    assert.deepEqual(
      (await rows()).map((text) => text.replaceAll(/\s+/g, " ")),
      [
        "package.json +3 −1 changes build scripts or packages",
        "src/pool/close.ts +3 −1",
        "src/pool/open.ts new +120 −0",
        "src/old.ts deleted +0 −14",
        "src/pool/names.ts moved +3 −1",
        "media/icon.png binary",
      ],
    );
    assert.equal(await row("names.ts").locator(".kind").getAttribute("title"), "moved from src/names.ts");
    await group().getByText("6 changed files").waitFor();
    await group().getByRole("img", { name: "129 lines added, 18 removed" }).waitFor();
    await row("package.json").getByRole("img", { name: "Warning" }).waitFor();
  });

  it("list some of many files, first those with a warning", async () => {
    await draw(many);
    const shown = await rows();
    assert.equal(shown.length, 9);
    assert.match(shown[0] ?? "", /^\.vscode\/tasks\.json/);
    assert.match(shown[1] ?? "", /^link/);
    assert.equal(shown[8], "and 14 more files");
  });

  it("have three buttons, also for the keyboard", async () => {
    await draw(some);
    for (const name of ["Review", "Apply", "Save as .patch"])
      await group().getByRole("button", { name, exact: true }).press("Enter");
    assert.deepEqual(await panel.page.evaluate("acts"), ["review", "apply", "save"]);
    await panel.page.evaluate(`drawCard(${JSON.stringify(some)}, false)`);
    await panel.painted();
    const stops = await group()
      .getByRole("button")
      .evaluateAll((all) => all.map((one) => one.tabIndex));
    assert.deepEqual(stops, [-1, -1, -1]);
  });

  for (const width of [300, 480])
    it(`fit into ${width} pixels`, async () => {
      await draw(many, { width });
      const box = await group().boundingBox();
      const inside = await group().evaluate((element) =>
        [...element.querySelectorAll("li, button, .counts")].every(
          (each) => each.getBoundingClientRect().right <= element.getBoundingClientRect().right,
        ),
      );
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width && inside);
    });

  for (const palette of paletteNames)
    it(`have no accessibility violations found by axe in the ${palette} theme`, async () => {
      await draw({ ...some, files: [...files, ...many.files.slice(-2)] }, { palette, width: 480 });
      assert.deepEqual(await violations(panel.page), []);
    });
});
