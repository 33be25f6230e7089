// Whether a key came to where it was meant to go: what takes the focus takes the key as well. Used by the driver's parts.
import type { Locator } from "playwright-core";

/** Resolves with what tells whether Enter was pressed in this field since then. */
export async function enterArrives(field: Locator): Promise<() => Promise<boolean>> {
  const enter = await field.evaluateHandle((input) => {
    const seen = { pressed: false };
    input.addEventListener(
      "keydown",
      (event) => (seen.pressed ||= event instanceof KeyboardEvent && event.key === "Enter"),
      { capture: true },
    );
    return seen;
  });
  // A page that has gone has forgotten it: that was the command.
  return () => enter.evaluate(({ pressed }) => pressed).catch(() => true);
}
