// What holds for cards of every kind.
import assert from "node:assert/strict";
import type { PanelPage } from "./pageHarness.ts";

/** A reply to each of these messages quotes so much of it. */
export async function assertQuoted(
  panel: PanelPage,
  messages: readonly (readonly [index: number, says: string])[],
): Promise<void> {
  for (const [index, says] of messages) {
    await panel.message(index).hover();
    await panel
      .message(index)
      .getByRole("button", { name: /^Reply to (?!line)/ })
      .click();
    await panel.page.locator(".about .excerpt").getByText(says, { exact: true }).waitFor();
  }
}

/** Each of these texts is found once, and highlighted. */
export async function assertFound(panel: PanelPage, queries: readonly string[]): Promise<void> {
  await panel.page.keyboard.press("Control+f");
  const field = panel.page.getByRole("search").getByRole("textbox");
  for (const query of queries) {
    await field.fill(query);
    await panel.page.getByText("1 of 1").waitFor();
    await panel.settled();
    const found = await panel.page.evaluate(() =>
      [...(CSS.highlights.get("found-current") ?? [])].map(String).join("|"),
    );
    assert.equal(found.toLowerCase(), query);
  }
}
