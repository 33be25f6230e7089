// The forms of a name that the server compares: its key, and what it looks like. Pure.
import { isReordered, looksOf } from "../../protocol/lookalikes.ts";
import { nameKey, numberedName } from "../../protocol/names.ts";

export type NameForm = {
  readonly name: string;
  readonly key: string;
  readonly looks: readonly string[];
};

export function nameForm(name: string): NameForm {
  return { name, key: nameKey(name), looks: looksOf(name) };
}

/** So many numbers are tried one after the other. */
const IN_ORDER = 100;

/**
 * The first of `name_2`, `name_3` and so on that is free. Above `name_100` it is one whose predecessor is taken: the search takes
 * some steps more for twice as many that are taken, whoever has taken them.
 */
export function freeNumbered(name: string, isFree: (form: NameForm) => boolean): NameForm {
  const forms = numberedForms(name);
  let taken = 1;
  let free = 2;
  while (!isFree(forms(free))) {
    taken = free;
    free = free < IN_ORDER ? free + 1 : 2 * free;
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (isFree(forms(middle))) free = middle;
    else taken = middle;
  }
  return forms(free);
}

/**
 * The costly part of the forms is made once for all numbers of as many digits, and what is not asked for is not made. That is
 * sound because the stem ends in `_`, which neither composes with a digit nor changes case.
 */
export function numberedForms(name: string): (n: number) => NameForm {
  /** By how many digits there are behind it. */
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
