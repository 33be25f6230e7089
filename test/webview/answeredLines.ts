// A lobby whose messages can be answered and edited, and what the composer tells of that.
import type { Locator } from "playwright-core";
import type { Entry } from "../../protocol/webview.ts";
import { view } from "./pageData.ts";
import type { PanelPage } from "./pageHarness.ts";
import { told } from "./talkData.ts";

export const talk = [told("anna", "first", 1), told("bobby", "a question", 2), told("anna", "\\last", 3)];

/** A lobby with these entries, and a session with bobby beside it. */
export async function lobby(
  panel: PanelPage,
  entries: readonly Entry[],
  rest: Parameters<typeof view>[2] = {},
): Promise<void> {
  await panel.lobby(entries, { sessions: [view(0, "lobby", rest), view(1, "bobby", { mark: "P->" })] });
}

/** Presses a button of a message that leads to the composer. */
export async function action(panel: PanelPage, index: number, name: string): Promise<void> {
  await panel.message(index).hover();
  await panel.page.getByRole("button", { name, exact: true }).click();
  await panel.page.locator("textarea:focus").waitFor();
}

/** What the composer shows of the message that its line is about. */
export function about(panel: PanelPage): Locator {
  return panel.page.locator(".about");
}
