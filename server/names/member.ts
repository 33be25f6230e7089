// Someone in the lobby, and the secrets with which they reconnect.
import { timingSafeEqual } from "node:crypto";
import type { Presence, Pin, Token } from "../../protocol/fields.ts";

/** Someone in the lobby. The connection changes when the client reconnects. */
export type MemberRecord<C> = {
  client: C;
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  /** When its key was first seen, as far as known; milliseconds since 1970. */
  since: number;
  /** As its user last set it. */
  presence: Presence;
  token: Token;
  /** The token that was shown stays valid: any number of `joined` may be lost before one arrives. */
  former: Token | undefined;
  lineage: string;
};

/** Whether a token gives this name back. */
export function isTokenOf({ token, former }: MemberRecord<unknown>, shown: Token): boolean {
  return isSame(token, shown) || (former !== undefined && isSame(former, shown));
}

/** Compares secrets in constant time. */
function isSame(a: Token, b: Token): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
