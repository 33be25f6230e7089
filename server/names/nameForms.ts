// The forms of a name that the server compares: its key, and what it looks like. Pure.
import { isReordered, looksOf } from "../../protocol/lookalikes.ts";
import { parseName } from "../../protocol/nameRules.ts";
import { nameKey, numberedName } from "../../protocol/names.ts";

export type NameForm = {
  readonly name: string;
  readonly key: string;
  readonly looks: readonly string[];
};

export function nameForm(name: string): NameForm {
  return { name, key: nameKey(name), looks: looksOf(name) };
}

/** Numbers that are tried one after another. */
const IN_ORDER = 100;

/**
 * The first free one of `name_2`, `name_3` and so on. Above `name_100`, one whose predecessor is taken: doubling the number of
 * taken names adds only a few steps. Skips a name that no one may have: `a_11` reads as the reserved `all`.
 */
export function freeNumbered(name: string, isFree: (form: NameForm) => boolean): NameForm {
  const forms = numberedForms(name);
  const isUsable = (n: number): boolean => isFree(forms(n)) && parseName(forms(n).name).ok;
  let taken = 1;
  let free = 2;
  while (!isUsable(free)) {
    taken = free;
    free = free < IN_ORDER ? free + 1 : 2 * free;
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (isUsable(middle)) free = middle;
    else taken = middle;
  }
  return forms(free);
}

/**
 * Computes the costly part once for all numbers with the same digit count, and only on demand. Safe because the stem ends in
 * `_`, which neither composes with a digit nor changes case.
 */
export function numberedForms(name: string): (n: number) => NameForm {
  /** By the number of digits that follow. */
  const stems: NameForm[] = [];
  return (n) => {
    const digits = String(n);
    const stem = (stems[digits.length] ??= nameForm(numberedName(name, n).slice(0, -digits.length)));
    return new NumberedForm(stem, digits);
  };
}

class NumberedForm implements NameForm {
  readonly key: string;
  readonly #stem: NameForm;
  readonly #digits: string;

  constructor(stem: NameForm, digits: string) {
    this.key = stem.key + digits;
    this.#stem = stem;
    this.#digits = digits;
  }

  get name(): string {
    return this.#stem.name + this.#digits;
  }

  get looks(): readonly string[] {
    const { name, looks } = this.#stem;
    if (isReordered(name)) return looksOf(this.name);
    const [look = ""] = looksOf(this.#digits);
    return looks.map((each) => each + look);
  }
}
