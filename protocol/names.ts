// What a name may be. The server decides with it, and the extension tells the user before asking the server.
import { limits } from "./limits.ts";
import { err, ok, type Result } from "./result.ts";

export type NameErrorCode =
  "name-empty" | "name-too-long" | "name-characters" | "name-scripts" | "name-reserved";

export type NameError = { readonly code: NameErrorCode; readonly text: string };

/** Words that would read as something else than a person in the panel or in a command. */
const reserved = new Set(["lobby", "server", "system", "everyone", "all", "here", "you", "me", "nobody"]);

/** Scripts which one language writes side by side; any other mixture only serves to look like something else. */
const scriptSets: readonly (readonly string[])[] = [
  ["Han", "Hiragana", "Katakana"],
  ["Han", "Hangul"],
  ["Han", "Bopomofo"],
];

const scripts = [
  ...["Latin", "Greek", "Cyrillic", "Armenian", "Hebrew", "Arabic", "Devanagari", "Bengali", "Gurmukhi"],
  ...["Gujarati", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Tibetan", "Myanmar"],
  ...["Georgian", "Ethiopic", "Khmer", "Mongolian", "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"],
].map((name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, "u") }));

/** Letters of a script that is not in the list: one more alphabet, which stands alone like the others. */
const otherScript = new RegExp(
  `[^\\p{Script=Common}\\p{Script=Inherited}${scripts.map(({ name }) => `\\p{Script=${name}}`).join("")}]`,
  "u",
);

const allowed = /^[\p{L}\p{M}\p{Nd}_.-]+$/u;
/** Fillers and selectors count as letters or marks, yet nothing of them is seen: two names would look the same. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
/** No script needs a name to begin with a mark, nor more than three of them on one letter. */
const misplacedMarks = /^\p{M}|\p{M}{4}/u;
const hasLetterOrDigit = /[\p{L}\p{Nd}]/u;

/**
 * Checks and normalizes (NFKC) a name as somebody typed it.
 * Names are 1 to 32 characters: letters, digits, `_`, `-` and `.`, all letters of one script (or of scripts that
 * one language mixes), not a reserved word. Surrounding blanks are forgiven.
 */
export function parseName(raw: string): Result<string, NameError> {
  const name = raw.normalize("NFKC").trim();
  if (name === "") return err({ code: "name-empty", text: "A name needs at least one character." });
  if (Array.from(name).length > limits.nameLength) {
    return err({
      code: "name-too-long",
      text: `A name has at most ${String(limits.nameLength)} characters.`,
    });
  }
  if (
    !allowed.test(name) ||
    invisible.test(name) ||
    misplacedMarks.test(name) ||
    !hasLetterOrDigit.test(name)
  ) {
    return err({
      code: "name-characters",
      text: "A name is made of letters, digits, “_”, “-” and “.”, without blanks.",
    });
  }
  if (!isOfOneScript(name)) {
    return err({
      code: "name-scripts",
      text: "A name may not mix alphabets whose letters look alike.",
    });
  }
  if (reserved.has(nameKey(name).replace(/[_.-]/gu, ""))) {
    return err({
      code: "name-reserved",
      text: `“${name}” has a meaning of its own here; choose another name.`,
    });
  }
  return ok(name);
}

/**
 * What two names are compared by: they are the same name when their keys are equal. By way of capitals, because
 * several small letters (`σ` and `ς`, `ss` and `ß`) may have the same ones; and of small letters before, because one
 * capital (`ẞ`) is its own.
 */
export function nameKey(name: string): string {
  const key = name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
  // Where thousands are kept, one text takes less room than two that are equal.
  return key === name ? name : key;
}

/** `base_n`, with the base shortened so that the whole stays within the limit of a name. */
export function numberedName(base: string, n: number): string {
  const suffix = `_${String(n)}`;
  return (
    Array.from(base)
      .slice(0, limits.nameLength - suffix.length)
      .join("") + suffix
  );
}

function isOfOneScript(name: string): boolean {
  const used = scripts.filter(({ pattern }) => pattern.test(name)).map((script) => script.name);
  if (otherScript.test(name)) used.push("other");
  return used.length <= 1 || scriptSets.some((set) => used.every((script) => set.includes(script)));
}
