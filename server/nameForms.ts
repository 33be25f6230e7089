// The forms of a name that the server compares: its key, and what it looks like. Pure.
import { isReordered, looksOf } from "../protocol/lookalikes.ts";
import { nameKey, numberedName } from "../protocol/names.ts";

export type NameForm = {
  readonly name: string;
  readonly key: string;
  readonly looks: readonly string[];
};

export function nameForm(name: string): NameForm {
  return { name, key: nameKey(name), looks: looksOf(name) };
}

/**
 * `name_2`, `name_3` and so on, without end. Thousands may ask for one name at once: the costly part of the forms is made once
 * for all numbers of as many digits. That is sound because the stem ends in `_`, which neither composes with a digit nor
 * changes case.
 */
export function* numberedForms(name: string): Generator<NameForm, never> {
  const isWhole = isReordered(name);
  let stem = nameForm("");
  let stemDigits = 0;
  for (let n = 2; ; n++) {
    const numbered = numberedName(name, n);
    if (isWhole) {
      yield nameForm(numbered);
      continue;
    }
    const digits = String(n);
    if (digits.length !== stemDigits) {
      stem = nameForm(numbered.slice(0, -digits.length));
      stemDigits = digits.length;
    }
    const [look] = looksOf(digits);
    yield { name: numbered, key: stem.key + digits, looks: stem.looks.map((each) => `${each}${look}`) };
  }
}
