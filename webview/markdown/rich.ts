// A message's text as a tree of what the page can show, and of nothing else.
import type { FileReference } from "../../protocol/fileReference.ts";

export type Rich = string | RichElement;
export type RichElement =
  | { readonly kind: "file"; readonly reference: FileReference; readonly children: readonly Rich[] }
  | { readonly kind: "plain"; readonly tag: PlainTag; readonly children: readonly Rich[] }
  | { readonly kind: "numbered"; readonly number: number; readonly children: readonly Rich[] }
  | {
      readonly kind: "cell";
      readonly tag: "th" | "td";
      readonly align: "left" | "center" | "right" | null;
      readonly children: readonly Rich[];
    }
  | {
      readonly kind: "link";
      readonly address: string;
      /** What is shown beside the text, where that does not say where the link leads. */
      readonly note: string | null;
      readonly children: readonly Rich[];
    }
  | {
      readonly kind: "code";
      /** As it was written; "" for none. */
      readonly language: string;
      readonly code: string;
      readonly colours: readonly Colour[];
    };

/** An element without attributes. */
export type PlainTag =
  | ("p" | "br" | "hr" | "strong" | "em" | "del" | "code" | "ul" | "ol" | "li" | "blockquote")
  | ("table" | "thead" | "tbody" | "tr");

/** A piece of code, with highlight.js's classes for it or a link to a file. */
export type Colour =
  | string
  | { readonly classes: string; readonly children: readonly Colour[] }
  | { readonly reference: FileReference; readonly children: readonly Colour[] };

/** The letters of a text, without what they mean. */
export function lettersOf(nodes: readonly Rich[]): string {
  return nodes
    .map((node) =>
      typeof node === "string" ? node : node.kind === "code" ? node.code : lettersOf(node.children),
    )
    .join("");
}
