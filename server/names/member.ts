// Someone in the lobby, and the secrets by which they reconnect.
import { timingSafeEqual } from "node:crypto";
import type { Presence, Pin, Token } from "../../protocol/fields.ts";

/** Somebody in the lobby. The connection changes when its client comes back on another one. */
export type MemberRecord<C> = {
  client: C;
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  /** When its key first came, as far as it is known; milliseconds since 1970. */
  since: number;
  /** As its user has said last. */
  presence: Presence;
  token: Token;
  /** The one that was shown for it stays good: any number of `joined` may be lost before one arrives. */
  former: Token | undefined;
  lineage: string;
};

/** Whether a token is one that gives this name back. */
export function isTokenOf({ token, former }: MemberRecord<unknown>, shown: Token): boolean {
  return isSame(token, shown) || (former !== undefined && isSame(former, shown));
}

/** Compares secrets in a time that does not tell how much of them is right. */
function isSame(a: Token, b: Token): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
