// Turns references to files into links.
import { findReferences } from "../../protocol/findReferences.ts";
import type { Colour, Rich } from "./rich.ts";

/** Splits a text at its links. */
export function linkedText(text: string): Rich[] {
  const pieces: Rich[] = [];
  let end = 0;
  for (const { start, end: next, reference } of findReferences(text)) {
    if (start > end) pieces.push(text.slice(end, start));
    pieces.push({ kind: "file", reference, children: [text.slice(start, next)] });
    end = next;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** The same for highlighted code. A link may begin inside a colored piece. */
export function linkedColours(colours: readonly Colour[], code: string): readonly Colour[] {
  const linked: Colour[] = [];
  let rest = colours;
  let at = 0;
  for (const { start, end, reference } of findReferences(code)) {
    const [before, behind] = split(rest, start - at);
    const [children, after] = split(behind, end - start);
    linked.push(...before, { reference, children });
    rest = after;
    at = end;
  }
  return at === 0 ? colours : [...linked, ...rest];
}

/** Splits after a number of characters. */
function split(colours: readonly Colour[], characters: number): readonly [Colour[], Colour[]] {
  const before: Colour[] = [];
  let left = characters;
  for (const [i, colour] of colours.entries()) {
    const length = lengthOf(colour);
    if (length <= left) {
      before.push(colour);
      left -= length;
      continue;
    }
    const [head, tail] = splitOne(colour, left);
    return [
      [...before, ...head],
      [...tail, ...colours.slice(i + 1)],
    ];
  }
  return [before, []];
}

function splitOne(colour: Colour, characters: number): readonly [Colour[], Colour[]] {
  if (characters === 0) return [[], [colour]];
  if (typeof colour === "string") return [[colour.slice(0, characters)], [colour.slice(characters)]];
  const [head, tail] = split(colour.children, characters);
  return [[{ ...colour, children: head }], [{ ...colour, children: tail }]];
}

function lengthOf(colour: Colour): number {
  return typeof colour === "string"
    ? colour.length
    : colour.children.reduce((sum, child) => sum + lengthOf(child), 0);
}
