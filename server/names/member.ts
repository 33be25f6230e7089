// Someone in the lobby, and how they are recognized when they reconnect.
import { createHash } from "node:crypto";
import * as v from "valibot";
import { TokenDigest } from "../../protocol/cluster.ts";
import type { Presence, Pin, Token } from "../../protocol/fields.ts";

/** Most tokens that stay valid beside the latest one. */
const FORMER = 8;

/** Most of them that a single client is likely to bring about. */
const UNCONTESTED = 3;

/** Someone in the lobby. The connection changes when the client reconnects. */
export type MemberRecord<C> = {
  /** The connection, kept by those who tell the clients. Undefined if it is on another server. */
  client: C | undefined;
  /** Its number, which is never used again. */
  connection: number;
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  /** When its key was first seen, as far as known; milliseconds since 1970. */
  since: number;
  /** As its user last set it. */
  presence: Presence;
  token: TokenDigest;
  /**
   * The token that was shown for it stays valid, and so do those that were given for that one: any number of `joined` may be
   * lost before one arrives, and another server may apply the oldest `join` last.
   */
  former: readonly TokenDigest[];
  lineage: string;
};

/** Whether a token gives this name back. How long comparing digests takes says nothing about the token. */
export function isTokenOf({ token, former }: MemberRecord<unknown>, shown: TokenDigest): boolean {
  return shown === token || former.includes(shown);
}

/**
 * Whether older tokens were shown so often in a row that two programs with one token seem to take turns. A single client shows
 * an older one when an answer was lost.
 */
export function isContested({ former }: MemberRecord<unknown>): boolean {
  return former.length > UNCONTESTED;
}

/** Those that stay valid when a client that has shown one of this member's tokens gets another. */
export function formerTokens({ token, former }: MemberRecord<unknown>, shown: TokenDigest): TokenDigest[] {
  return shown === token ? [shown] : [...former, token].slice(-FORMER);
}

export function tokenDigest(token: Token): TokenDigest {
  return v.parse(TokenDigest, createHash("sha256").update(token).digest("base64url"));
}
