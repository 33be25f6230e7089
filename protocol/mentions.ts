// Where a text mentions someone by `@name`: one rule for what notifies and for what is completed.
import { nameKey } from "./names.ts";
import { withoutCode } from "./withoutCode.ts";

/**
 * Behind a Latin letter, as in an e-mail address, an `@` mentions no one. Other scripts need no space before it, and their
 * input methods write it wide.
 */
const AT = String.raw`(?<![\p{Script=Latin}\p{Nd}_.-])[@\uff20]`;
const LETTER = String.raw`[\p{L}\p{M}\p{Nd}_.-]`;

/** No name has 80 characters: the limit bounds the work for a long run of them. Before a slash, it is the scope of a package. */
const MENTION = new RegExp(String.raw`${AT}(${LETTER}{1,80})(?!${LETTER}|/[\p{L}\p{Nd}_])`, "gu");
const BEGUN = new RegExp(`${AT}(${LETTER}*)$`, "u");

/** Whether a text mentions someone. Code mentions no one; few texts have to be searched for it. */
export function mentions(text: string, name: string): boolean {
  const key = nameKey(name);
  const areIn = (words: string): boolean =>
    [...words.matchAll(MENTION)].some(([, found = ""]) => beginsWithName(nameKey(found), key));
  return areIn(text) && areIn(withoutCode(text));
}

/** What is typed of a name, behind an `@`, at the end of a text; null if no mention is. */
export function begunMention(text: string): string | null {
  return BEGUN.exec(text)?.[1] ?? null;
}

/** What follows the name is punctuation, or a word of another script: `@anna...`, `@annaさん`. */
function beginsWithName(found: string, key: string): boolean {
  if (!found.startsWith(key)) return false;
  const rest = found.slice(key.length);
  if (/^[.-]*$/u.test(rest)) return true;
  const last = key.match(/\p{L}/gu)?.at(-1);
  const [next] = /^\p{L}/u.exec(rest) ?? [];
  return last !== undefined && next !== undefined && scriptOf(last) !== scriptOf(next);
}

/** Those that stand side by side without spaces. All others count as one. */
const scripts = ["Latin", "Han", "Hiragana", "Katakana", "Hangul"].map(
  (script) => new RegExp(String.raw`\p{Script=${script}}`, "u"),
);

function scriptOf(letter: string): number {
  return scripts.findIndex((script) => script.test(letter));
}
