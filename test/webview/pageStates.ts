// The panel as people meet it, with what they open by hand. For tests of its looks.
import { LOBBY } from "./pageData.ts";
import type { PanelPage } from "./pageHarness.ts";
import { snapshots } from "./pageSnapshots.ts";

type Hands = (panel: PanelPage) => Promise<void>;

/** States that are reached with the keyboard, each from a snapshot. */
const byHand: Record<string, { readonly from: keyof typeof snapshots; readonly hands: Hands }> = {
  commands: {
    from: "busy",
    hands: async ({ composer, page }) => {
      await composer.fill("\\");
      await page.keyboard.press("ArrowDown");
      await page.getByRole("listbox").waitFor();
    },
  },
  emoji: {
    from: "talk",
    hands: async ({ composer, page }) => {
      await composer.fill("well done :smi");
      await page.getByRole("listbox").waitFor();
    },
  },
  acting: { from: "talk", hands: async ({ page, log }) => act(page, log, 1) },
  retracting: {
    from: "talk",
    hands: async ({ page, log }) => {
      await act(page, log, 1);
      await page.getByRole("button", { name: "Retract your message" }).click();
      await page.getByText("Retract?").waitFor();
    },
  },
  reacting: {
    from: "talk",
    hands: async ({ page, log }) => {
      await act(page, log, 3);
      await page.getByRole("button", { name: "React to bobby's message" }).click();
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("sm");
    },
  },
  replying: {
    from: "talk",
    hands: async ({ page, log }) => {
      await act(page, log, 3);
      await page.getByRole("button", { name: "Reply to bobby's message" }).click();
      await page.getByText("Replying to bobby:").waitFor();
    },
  },
  editing: {
    from: "talk",
    hands: async ({ page, composer }) => {
      await composer.press("ArrowUp");
      await page.getByText("Editing your message").waitFor();
    },
  },
  matches: {
    from: "cards",
    hands: async (panel) => {
      const place = { path: "src/pool/closing.ts", range: { from: 30, to: 34 } };
      for (const [index, match] of [
        { state: "moved" as const, place },
        { state: "same" as const },
        { state: "unsure" as const },
        { state: "changed" as const, place: { path: "src/pool/close.ts", range: { from: 14, to: 14 } } },
        null,
        { state: "gone" as const },
      ].entries()) {
        if (match === null) continue;
        const row = panel.message(index);
        await row.scrollIntoViewIfNeeded();
        await panel.seen(index);
        await panel.post({ type: "match", session: LOBBY, index, match });
      }
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).waitFor({ state: "attached" });
    },
  },
  unfoldedCard: {
    from: "cardsWithBobby",
    hands: async (panel) => {
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await panel.page.getByRole("button", { name: "Show less" }).waitFor();
    },
  },
  unfoldedOutput: {
    from: "quotesWithBobby",
    hands: async (panel) => {
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await panel.page.getByRole("button", { name: "Show less" }).waitFor();
    },
  },
  finding: {
    from: "talk",
    hands: async ({ page }) => {
      await page.keyboard.press("Control+f");
      await page.getByRole("search").waitFor();
      await page.keyboard.type("push");
      await page.getByText("1 of 2").waitFor();
    },
  },
  unfolded: {
    from: "crowd",
    hands: async ({ page }) => {
      await page.getByRole("button", { name: "Show individually" }).click();
      await page.getByText("ines has joined.").waitFor();
    },
  },
};

/** Puts the focus on a message, so that its buttons are shown. */
async function act(page: PanelPage["page"], log: PanelPage["log"], index: number): Promise<void> {
  await log.locator(`[data-index="${index}"] > .message`).focus();
  await page.getByRole("toolbar").waitFor();
}

export const pageStates = [...Object.keys(snapshots), ...Object.keys(byHand)];

/** Brings a page into one of these states. */
export async function show(panel: PanelPage, name: string): Promise<void> {
  // What is open in the page itself belongs to its session: no snapshot closes it.
  await panel.page.keyboard.press("Escape");
  await panel.page.mouse.move(0, 0);
  const state = byHand[name];
  await panel.snapshot({ ...snapshots.welcome });
  await panel.snapshot(
    state === undefined ? snapshots[name as keyof typeof snapshots] : snapshots[state.from],
  );
  await panel.composer
    .or(panel.page.getByRole("button", { name: "Join as…" }))
    .first()
    .waitFor();
  await state?.hands(panel);
  await panel.painted();
}
