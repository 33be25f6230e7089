// The access token: read from a file, compared in constant time, never shown.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "../../protocol/result.ts";

/** 128 bits in base64url. */
const LEAST_CHARACTERS = 22;

/** Characters of a token's mark, 66 bits in base64url. */
const MARK_CHARACTERS = 11;

export type AccessToken = {
  readonly fits: (shown: string | undefined) => boolean;
  /** Tells this token from others, to those who have the key. */
  readonly mark: (key: Buffer) => string;
};

/** @param text the file's content; surrounding blanks are ignored. The error is a sentence. */
export function readAccessToken(text: string): Result<AccessToken, string> {
  const token = text.trim();
  if (!/^[\x21-\x7e]{1,256}$/u.test(token)) {
    return err("The token file must contain one line of printable characters without spaces.");
  }
  if (token.length < LEAST_CHARACTERS) {
    return err(
      `The token has ${token.length} characters, but needs at least ${LEAST_CHARACTERS} (128 bits).`,
    );
  }
  const digest = digestOf(token);
  return ok({
    fits: (shown) => shown !== undefined && timingSafeEqual(digestOf(shown), digest),
    mark: (key) => createHmac("sha256", key).update(token).digest("base64url").slice(0, MARK_CHARACTERS),
  });
}

/** Digests have equal length, which the comparison requires. */
function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
