// Whether a key came to where it was meant to go: what takes the focus takes the key as well. Used by the driver's parts.
import type { Locator } from "playwright-core";

/** Resolves with what tells whether Enter was pressed since then in this field, or in one that has taken its place. */
export async function enterArrives(field: Locator): Promise<() => Promise<boolean>> {
  const enter = await field.evaluateHandle((input) => {
    const seen = { pressed: false };
    const label = input.getAttribute("aria-label");
    input.ownerDocument.addEventListener(
      "keydown",
      ({ key, target }) => {
        if (key !== "Enter" || !(target instanceof Element)) return;
        const isSuccessor = label !== null && target.getAttribute("aria-label") === label;
        seen.pressed ||= target === input || isSuccessor;
      },
      { capture: true },
    );
    return seen;
  });
  // A page that has gone has forgotten it: that was the command.
  return () => enter.evaluate(({ pressed }) => pressed).catch(() => true);
}
