// Opens and folds a comment thread by its mark in an editor's margin. VS Code drops some clicks on a mark that it has only just
// drawn.
import type { Locator } from "playwright-core";
import { eventually } from "./eventually.ts";

/** A click that comes sooner than this after the last one might undo it. */
const TOGGLING_MS = 5_000;

/** Resolves when the thread is open, also if it already was. */
export function openThread(mark: Locator, thread: Locator): Promise<void> {
  return toggle(mark, thread, "visible");
}

/** Resolves when it is folded. */
export function foldThread(mark: Locator, thread: Locator): Promise<void> {
  return toggle(mark, thread, "hidden");
}

async function toggle(mark: Locator, thread: Locator, state: "visible" | "hidden"): Promise<void> {
  await eventually(`the thread of a mark ${state}`, async () => {
    if ((await thread.first().isVisible()) === (state === "visible")) return true;
    await mark.first().click();
    await thread.first().waitFor({ state, timeout: TOGGLING_MS });
    return true;
  });
}
