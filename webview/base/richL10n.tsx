// Translated sentences in which elements stand, wherever the language puts them.
import type { ComponentChild } from "preact";

/** The sentence that `text` makes of places, `{0}` and on, with the elements in them. */
export function filled(
  text: (...places: string[]) => string,
  ...elements: readonly ComponentChild[]
): ComponentChild[] {
  const places = elements.map((_, at) => `{${at}}`);
  const parts = text(...places).split(/\{(\d+)\}/u);
  // What stands between the texts is the number of a place.
  return parts.map((part, at) => (at % 2 === 0 ? part : elements[Number(part)]));
}
