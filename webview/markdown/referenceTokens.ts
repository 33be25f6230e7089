// Places in files, found before Markdown sees marks in their paths: `src/__init__.py:3` has no emphasis.
import type { Tokens } from "marked";
import type { FileReference } from "../../protocol/fileReference.ts";
import { findReferences, type FoundReference } from "../../protocol/findReferences.ts";
import { SearchWork } from "../../protocol/searchWork.ts";

/** marked keeps the additional field. */
export type ReferenceToken = Tokens.Escape & { readonly reference: FileReference };

export function isReference(token: Tokens.Escape): token is ReferenceToken {
  return "reference" in token;
}

/** A run of text that is parsed from its beginning to its end. */
export class ReferenceRun {
  readonly #text: string;
  readonly #found: readonly FoundReference[];
  #next = 0;
  #masked: { readonly of: string; readonly is: string } | null = null;

  /** @param spend gets the amount of work that the search took */
  constructor(text: string, spend: (work: number) => void) {
    this.#text = text;
    const work = new SearchWork(text.length);
    const found = findReferences(text, work);
    spend(work.spent);
    this.#found = found.filter((each) => !isEmphasized(text, each));
  }

  /** The reference at the beginning of the rest of the text. */
  at(rest: string): ReferenceToken | undefined {
    const index = this.#text.length - rest.length;
    // Some are within something else, such as code.
    while ((this.#found[this.#next]?.start ?? index) < index) this.#next += 1;
    const found = this.#found[this.#next];
    if (found?.start !== index) return undefined;
    const raw = this.#text.slice(index, found.end);
    return { type: "escape", raw, text: raw, reference: found.reference };
  }

  /** The rest of the text up to the next reference. */
  before(rest: string): string {
    const next = this.#found[this.#next];
    return next === undefined ? rest : rest.slice(0, next.start - (this.#text.length - rest.length));
  }

  /** The text with no marks where a reference is. Asked for the same text again and again. */
  masked(text: string): string {
    if (this.#found.length === 0 || this.#masked?.of === text) return this.#masked?.is ?? text;
    let masked = "";
    let end = 0;
    for (const found of this.#found) {
      masked += text.slice(end, found.start) + "a".repeat(found.end - found.start);
      ({ end } = found);
    }
    masked += text.slice(end);
    this.#masked = { of: text, is: masked };
    return masked;
  }
}

/** `_src/a.ts:3_` is emphasized. No path begins like this, or with a backtick. */
function isEmphasized(text: string, { start, end }: FoundReference): boolean {
  const [mark = ""] = /^(?:_{1,2}|~~|`)/u.exec(text.slice(start, start + 2)) ?? [];
  return mark === "`" || (mark !== "" && text.startsWith(mark, end));
}
