// Every code of an `error` or `refused` message and every status that closes a connection, in both protocols. The sentence
// beside a code is for people who write a client.

import { limits } from "./limits.ts";
import type { NameErrorCode } from "./names.ts";

/** Codes of `error` messages: the request was not carried out, the connection stays. */
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

/** Codes of `refused` messages: joining failed, and may be tried again on the same connection. */
export type RefusedCode =
  | "version"
  | NameErrorCode
  /** Another name that is in use, or kept for somebody, looks the same. */
  | "name-lookalike"
  /** The signature does not fit the key, the nonce, the name, or the host under which this server is reached. */
  | "signature"
  /** The server asks for a token and none came; or a wrong one. */
  | "token-missing"
  | "token-wrong"
  /** This key has joined too often; bears `retryMs`. */
  | "rate-limited";

/** Status codes of closed connections (RFC 6455, section 7.4), on both wires. */
export const closeCodes = {
  /** The one who closes has quit of free will. */
  quit: 1000,
  /** The one who closes is going away: the window was closed, or the server is being stopped. */
  goingAway: 1001,
  /** A binary frame came; both wires are text. */
  binary: 1003,
  /** More than a frame may have. */
  tooBig: 1009,
  /** No joining (rendezvous) or no hello (peer) in time. */
  handshakeTimeout: 4001,
  /** More errors than a connection may cause. */
  tooManyErrors: 4002,
  /** The same client has come back on another connection. */
  replaced: 4003,
  /** No sign of life for too long. */
  silent: 4005,
  /** A peer broke the peer protocol. */
  protocol: 4006,
  /** A newer connection of the same private session is there, or comes first. */
  stale: 4007,
  /** There is no such private session with this key. */
  unknownSession: 4008,
} as const;

/** HTTP statuses with which an upgrade is refused; the body is one line of text that says why. */
export const upgradeStatus = {
  /** The request is not HTTP/1.1, or bears no `Host`, or several. */
  badRequest: 400,
  /** A request that is no WebSocket upgrade. */
  upgradeRequired: 426,
  notFound: 404,
  /** The request bears an `Origin` that was not allowed. */
  origin: 403,
  /** The relay's ticket is missing, wrong, used or too old. */
  ticket: 401,
  /** The request's `Host` is none of this server's names: a page may have had its own name point here. */
  host: 421,
  /** Too many connections from this address. */
  address: 429,
  /** Too many connections in all. */
  full: 503,
} as const;
