// Makes a usable name of one that was meant for something else: a system's user, a full name, an address. Pure.
import { limits } from "../../../protocol/limits.ts";
import { numberedName, parseName, type NameErrorCode } from "../../../protocol/names.ts";

export type NameProposal = {
  /** A name that `parseName` takes; undefined where nothing usable is left. */
  readonly name: string | undefined;
  /** Why it is not the text itself; null where it is. */
  readonly problem: NameErrorCode | null;
};

/** Reads no more of a text than a name could come from. */
const READ_CHARACTERS = 256;

/** Letters that are never mixed with those of the others. */
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
  // All words; or, where these do not go together ("Ольга Olga"), the first one that does alone, or a part in one script.
  const parts = words.flatMap((word) => word.match(ONE_SCRIPT) ?? []);
  return [words.join("_"), ...words, ...parts].map(shaped).find((name) => name !== undefined);
}

/** `CORP\user` and `user@corp.example` say where somebody is at home; in `user <user@corp.example>` the name comes first. */
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

/** Without what no name may hold. */
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
  // "system", "all": a number makes it nobody's but its owner's.
  const numbered = parsed.error.code === "name-reserved" ? parseName(numberedName(short, 1)) : parsed;
  return numbered.ok ? numbered.value : undefined;
}
