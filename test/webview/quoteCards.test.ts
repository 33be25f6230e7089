// Cards of messages with a failed test or a terminal's output.
import assert from "node:assert/strict";
import { assertFound, assertQuoted } from "./cardChecks.ts";
import { PanelPage } from "./pageHarness.ts";
import { failure, output, OUTPUT_LINES, quoted, quotes } from "./quoteData.ts";

const ESC = String.fromCharCode(27);

describe("cards of other kinds", () => {
  let panel: PanelPage;
  beforeEach(async () => (panel = await PanelPage.open()));
  afterEach(() => panel.close());

  const group = (name: string) => panel.log.getByRole("group", { name, exact: true });
  const colored = (name: string, color: string) => group(name).locator(`code .hljs-${color}`).allInnerTexts();

  describe("of a failed test", () => {
    const name = "Failed test: pool › closes once";

    it("show its name, its line, and what failed as a diff", async () => {
      await panel.lobby([quoted("bobby", 1, failure, "Is it **twice**?")]);
      assert.equal(await panel.message(0).locator(".text").innerText(), "Is it twice?");
      assert.match(await group(name).innerText(), /pool › closes once/);
      assert.equal((await group(name).innerText()).includes("Test failed:"), false);
      assert.equal(await group(name).locator("code").innerText(), failure.code);
      await group(name).locator(".hljs-addition").first().waitFor();
      assert.deepEqual(await colored(name, "deletion"), ["- expected", "- closed: 1"]);
      assert.deepEqual(await colored(name, "addition"), ["+ actual", "+ closed: 2"]);
    });

    it("link to its line, and to the places of its stack", async () => {
      await panel.lobby([quoted("bobby", 1, failure)]);
      await group(name).getByRole("link", { name: "test/pool.test.ts:30", exact: true }).click();
      await group(name).getByRole("link", { name: "src/pool/close.ts:12:5", exact: true }).click();
      const { reference } = await panel.next("openFile", 2);
      assert.deepEqual(reference, { path: "src/pool/close.ts", line: 12, column: 5 });
      assert.deepEqual(panel.posted("openFile")[0]?.reference, { path: "test/pool.test.ts", line: 30 });
    });

    it("show a long diff in its colors, too", async () => {
      const lines = Array.from({ length: 150 }, (_, at) => `value ${at} ${"x".repeat(60)}`);
      const code = lines.map((line, at) => `${at % 2 === 0 ? "+" : "-"} ${line}`).join("\n");
      await panel.lobby([quoted("bobby", 1, { ...failure, code })]);
      await panel.page.getByRole("button", { name: "Show all 150 lines" }).click();
      await group(name).locator(".hljs-deletion").first().waitFor();
      await panel.settled();
      assert.equal((await colored(name, "addition")).length, 75);
      assert.equal(await group(name).locator("code").innerText(), code);
    });

    it("show what else its text says above it", async () => {
      await panel.lobby([quoted("bobby", 1, { ...failure, heading: "Test failed: another one" })]);
      await group(name).getByText("Test failed: another one").waitFor();
    });

    it("have no link for a test that is in no file", async () => {
      await panel.lobby([
        quoted("bobby", 1, { ...failure, part: { kind: "test", at: 0, name: "alone" }, code: "no" }),
      ]);
      await group("Failed test: alone").waitFor();
      assert.equal(await panel.log.getByRole("link").count(), 0);
    });
  });

  describe("of a terminal's output", () => {
    it("show the command, its exit code and its last 20 lines, and all of them on demand", async () => {
      await panel.lobby([quoted("bobby", 1, output(OUTPUT_LINES, "npm run build", 1))]);
      const card = group("Terminal output: npm run build");
      await card.getByText("npm run build", { exact: true }).waitFor();
      await card.getByText("exit code 1", { exact: true }).waitFor();
      assert.equal(await card.locator("code").innerText(), OUTPUT_LINES.slice(-20).join("\n"));
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await panel.settled();
      assert.equal(await card.locator("code").innerText(), OUTPUT_LINES.join("\n"));
      await panel.page.getByRole("button", { name: "Show less" }).click();
      assert.equal(await card.locator("code").innerText(), OUTPUT_LINES.slice(-20).join("\n"));
    });

    it("link to the files that it names", async () => {
      await panel.lobby([quotes[1] ?? assert.fail()]);
      await panel.log.getByRole("link", { name: "src/pool/close.ts(12,5)" }).click();
      const { reference } = await panel.next("openFile", 1);
      assert.deepEqual(reference, { path: "src/pool/close.ts", line: 12, column: 5 });
    });

    it("do without a command", async () => {
      await panel.lobby([quoted("bobby", 1, output(["one", "two"]))]);
      assert.equal(await group("Terminal output").locator("code").innerText(), "one\ntwo");
    });

    it("copy all of it, folded or not", async () => {
      await panel.lobby([quoted("bobby", 1, output())]);
      await group("Terminal output").getByRole("button", { name: "Copy", exact: true }).click();
      assert.equal((await panel.next("copyText", 1)).text, OUTPUT_LINES.join("\n"));
    });

    it("show escape sequences that another program sent instead of obeying them", async () => {
      const hostile = `${ESC}[31mred${ESC}[0m${ESC}]0;title\u0007`;
      const sent = { ...output(["x"], "ls", 0), code: hostile };
      await panel.lobby([
        quoted("bobby", 1, { ...sent, heading: hostile }),
        quoted("bobby", 2, { ...sent, part: { kind: "output", at: 0, command: hostile } }),
      ]);
      const shown = await panel.log.innerHTML();
      assert.doesNotMatch(shown, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
      assert.equal(await panel.log.locator("code").first().innerText(), "␛[31mred␛[0m␛]0;title␇");
    });

    it("say what they are, and the exit code, at 300 pixels", async () => {
      await panel.page.setViewportSize({ width: 300, height: 600 });
      await panel.lobby([quoted("bobby", 1, output(OUTPUT_LINES, "npm run build", 1))]);
      await panel.settled();
      const cut = await panel.log
        .locator(".card :is(.kind, .exit)")
        .evaluateAll((all) => all.map((each) => each.scrollWidth > each.clientWidth));
      assert.deepEqual(cut, [false, false]);
    });

    it("stay in their place with one endless line", async () => {
      await panel.page.setViewportSize({ width: 300, height: 600 });
      await panel.lobby([
        quoted("bobby", 1, output(["x".repeat(12_000)], "y".repeat(300), 1)),
        quoted("bobby", 2, { ...failure, part: { kind: "test", at: 0, name: "z".repeat(300) } }),
      ]);
      await panel.settled();
      assert.equal(await panel.log.evaluate((log) => log.scrollWidth - log.clientWidth), 0);
    });
  });

  it("are reached by keyboard in the focused message alone", async () => {
    await panel.lobby(quotes.slice(0, 2));
    const stops = () => panel.log.locator('.card :is(button, a)[tabindex="0"]').count();
    assert.equal(await stops(), 0);
    await panel.message(0).focus();
    assert.equal(await stops(), 4);
  });

  it("are short in replies to them", async () => {
    await panel.lobby(quotes);
    await assertQuoted(panel, [
      [0, "Is it closed twice here?"],
      [1, "$ npx tsc -b (exit code 2)"],
      [3, "just some lines"],
    ]);
  });

  it("are found by their name, their place, their command and their lines", async () => {
    await panel.lobby(quotes);
    await assertFound(panel, ["closes once", "pool.test.ts:30", "tsc -b", "line 47"]);
  });
});
