// Someone in the lobby, and how they are recognized when they reconnect.
import { createHash } from "node:crypto";
import * as v from "valibot";
import { TokenDigest } from "../../protocol/cluster.ts";
import type { Presence, Pin, Token } from "../../protocol/fields.ts";

/** Most tokens that stay valid beside the latest one. */
const FORMER = 8;

/** Turns in a row that a single client is likely to bring about. */
const UNCONTESTED = 1;

/** Someone in the lobby. The connection changes when the client reconnects. */
export type MemberRecord<C> = {
  /** The connection, kept by those who tell the clients. Undefined if it is on another server. */
  client: C | undefined;
  /** Its number, which is never used again. */
  connection: number;
  readonly pin: Pin;
  /** What the address of its latest connection counts as; see addressKey. */
  address: string;
  /** When its key was first seen, as far as known; milliseconds since 1970. */
  since: number;
  /** As its user last set it. */
  presence: Presence;
  token: TokenDigest;
  /**
   * The token that was shown last stays valid, and so do those that were given for it: any number of `joined` may be lost before
   * one arrives, and another server may apply the oldest `join` last. The one that was shown comes first.
   */
  former: readonly TokenDigest[];
  /** How often in a row a token was shown that was neither the latest one nor shown the time before. */
  turns: number;
  lineage: string;
};

/** Whether a token gives this name back. How long comparing digests takes says nothing about the token. */
export function isTokenOf({ token, former }: MemberRecord<unknown>, shown: TokenDigest): boolean {
  return shown === token || former.includes(shown);
}

/**
 * Whether two programs with one token seem to take turns: each shows what it was given before the other one came. A single client
 * whose answers are lost shows the same token again.
 */
export function isContested({ turns }: MemberRecord<unknown>): boolean {
  return turns > UNCONTESTED;
}

/** What changes when a client that has shown one of this member's tokens gets another. */
export function afterToken(
  { token, former, turns }: MemberRecord<unknown>,
  shown: TokenDigest,
): Pick<MemberRecord<unknown>, "former" | "turns"> {
  if (shown === token) return { former: [shown], turns: 0 };
  const others = [...former, token].filter((each) => each !== shown);
  return {
    former: [shown, ...others.slice(1 - FORMER)],
    turns: shown === former[0] ? turns : turns + 1,
  };
}

export function tokenDigest(token: Token): TokenDigest {
  return v.parse(TokenDigest, createHash("sha256").update(token).digest("base64url"));
}
