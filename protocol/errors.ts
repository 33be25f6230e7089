// Every code of an `error` or `refused` message and every status that closes a connection, in both protocols. The
// sentence beside a code is for developers of clients.

import { limits } from "./limits.ts";
import type { NameErrorCode } from "./nameRules.ts";

/** Codes of `error` messages: the request failed, the connection stays. */
export const errorTexts = {
  "bad-json": "The frame is not valid JSON.",
  "bad-message": "The message has the wrong format for its type.",
  "unknown-type": "Unknown message type.",
  "not-joined": "Join first.",
  "already-joined": "This connection has already joined.",
  "message-empty": "The message is empty.",
  "message-too-long": `The message is longer than ${limits.textBytes} bytes of UTF-8.`,
  "unknown-message": "This message does not exist, was retracted, or is too old.",
  "not-yours": "Only the author can change a message.",
  "rate-limited": "Too many messages at once. Wait a moment, then send it again.",
  "unknown-user": "No one with that name is online.",
  "self-fork": "You can't open a private session with yourself.",
  "fork-pending": "This request is already pending.",
  "too-many-forks": "Too many requests are pending. Wait for an answer first.",
  "unknown-invite": "This request has ended or never existed.",
} as const;

export type ErrorCode = keyof typeof errorTexts;

/** Codes of `refused` messages: joining failed and may be retried on the same connection. */
export type RefusedCode =
  | "version"
  | NameErrorCode
  /** A name that is in use or kept for someone looks the same. */
  | "name-lookalike"
  /** The signature does not fit the key, the nonce, the name, or the host under which this server is reached. */
  | "signature"
  /** The server requires a token, and none or a wrong one came. */
  | "token-missing"
  | "token-wrong"
  /** This key has joined too often. Carries `retryMs`. */
  | "rate-limited";

/** Status codes of closed connections (RFC 6455, section 7.4), on both wires. */
export const closeCodes = {
  /** The sender has quit. */
  quit: 1000,
  /** The sender is going away: its window was closed, or the server is stopping. */
  goingAway: 1001,
  /** A binary frame was received. Both protocols use text. */
  binary: 1003,
  /** The frame is too large. */
  tooBig: 1009,
  /** The lobby is full, and the server gave the client's place to someone else. */
  tryAgainLater: 1013,
  /** No join (rendezvous) or hello (peer) in time. */
  handshakeTimeout: 4001,
  /** Too many errors on this connection. */
  tooManyErrors: 4002,
  /** The same client has reconnected. */
  replaced: 4003,
  /** Nothing was received for too long. */
  silent: 4005,
  /** A peer broke the peer protocol. */
  protocol: 4006,
  /** Another connection of the same private session replaces this one or has priority. */
  stale: 4007,
  /** There is no private session with this key. */
  unknownSession: 4008,
} as const;

/** HTTP statuses of refused upgrades. The body is one line of text with the reason. */
export const upgradeStatus = {
  /** The request is not HTTP/1.1, or has no `Host` or several. */
  badRequest: 400,
  /** The request is not a WebSocket upgrade. */
  upgradeRequired: 426,
  notFound: 404,
  /** The request has an `Origin` that is not allowed. */
  origin: 403,
  /** The relay ticket is missing, wrong, used or expired. */
  ticket: 401,
  /** The request's `Host` is not one of this server's names. A web page may have pointed its own name here. */
  host: 421,
  /** Too many connections from this address. */
  address: 429,
  /** Too many connections in all. */
  full: 503,
} as const;
