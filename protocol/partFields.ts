// Fields that several kinds of parts share.
import * as v from "valibot";
import { limits } from "./limits.ts";

/**
 * A file's path below the folder that its author has open, with `/` between its names. It is shown, and looked for below the
 * folders that its reader has open; it never leads out of them.
 */
export const CodePath = v.pipe(v.string(), v.maxLength(512), v.check(isRelativePath));

function isRelativePath(path: string): boolean {
  // No characters that mean more than a name to a system, and no invisible ones.
  if (/[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(path) || /^[A-Za-z]:/.test(path)) return false;
  return path
    .split("/")
    .every((name) => name !== "" && name !== "." && name !== ".." && name === name.trim());
}

/** Where the readable form begins in the message's text, in UTF-16 units. The author's own words stand before it. */
export const TextOffset = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(limits.textBytes));
