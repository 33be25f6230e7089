// Translated sentences that contain elements, at the place where the language puts them.
import type { ComponentChild } from "preact";

/** The sentence `text` with elements in place of `{0}`, `{1}` and so on. */
export function filled(
  text: (...places: string[]) => string,
  ...elements: readonly ComponentChild[]
): ComponentChild[] {
  const places = elements.map((_, at) => `{${at}}`);
  const parts = text(...places).split(/\{(\d+)\}/u);
  // Between the texts are the numbers of placeholders.
  return parts.map((part, at) => (at % 2 === 0 ? part : elements[Number(part)]));
}
