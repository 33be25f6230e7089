// Derives a valid name from other text: a user name, a full name, an address. Pure.
import { limits } from "../../../protocol/limits.ts";
import { parseName, type NameErrorCode } from "../../../protocol/nameRules.ts";
import { numberedName } from "../../../protocol/names.ts";

export type NameProposal = {
  /** A name that `parseName` accepts; undefined if nothing usable is left. */
  readonly name: string | undefined;
  /** Why the name differs from the text; null if it does not. */
  readonly problem: NameErrorCode | null;
};

/** The longest text that could yield a name. */
const READ_CHARACTERS = 256;

/** Scripts that cannot be mixed with each other. */
const ONE_SCRIPT =
  /[\p{scx=Latin}\p{M}\p{Nd}_.-]{2,}|[\p{scx=Cyrillic}\p{M}\p{Nd}_.-]{2,}|[\p{scx=Greek}\p{M}\p{Nd}_.-]{2,}/gu;

export function proposeName(raw: string): NameProposal {
  const whole = parseName(raw);
  if (whole.ok) return { name: whole.value, problem: null };
  return { name: cleaned(raw.slice(0, READ_CHARACTERS)), problem: whole.error.code };
}

function cleaned(raw: string): string | undefined {
  const words = withoutPlace(raw.normalize("NFKC").trim())
    .split(/[\s\p{Z}]+/u)
    .map(allowedPart)
    .filter((word) => word !== "");
  // All words; or, if they cannot be combined ("Ольга Olga"), the first one that is valid alone, or a part in one
  // script.
  const parts = words.flatMap((word) => word.match(ONE_SCRIPT) ?? []);
  return [words.join("_"), ...words, ...parts].map(shaped).find((name) => name !== undefined);
}

/** `CORP\user` and `user@corp.example` include a domain; in `user <user@corp.example>` the name comes first. */
function withoutPlace(text: string): string {
  const [beforeAddress = ""] = text.split("<");
  const local = beforeAddress.trim() === "" ? text.replaceAll(/[<>]/gu, "") : beforeAddress;
  const [user = ""] = local
    .split("\\")
    .filter((part) => part.trim() !== "")
    .slice(-1);
  const [beforeAt = ""] = user.split("@");
  return beforeAt.trim() === "" ? user : beforeAt;
}

/** The word without characters that names cannot have. */
function allowedPart(word: string): string {
  return word
    .replace(/\p{Default_Ignorable_Code_Point}|[^\p{L}\p{M}\p{Nd}_.-]/gu, "")
    .replace(/^\p{M}+/u, "")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .replace(/^[_.-]+|[_.-]+$/gu, "");
}

function shaped(name: string): string | undefined {
  const short = Array.from(name)
    .slice(0, limits.nameLength)
    .join("")
    .replace(/[_.-]+$/u, "");
  const parsed = parseName(short);
  if (parsed.ok) return parsed.value;
  // "system" and "all" are reserved: a number makes them usable.
  const numbered = parsed.error.code === "name-reserved" ? parseName(numberedName(short, 1)) : parsed;
  return numbered.ok ? numbered.value : undefined;
}
