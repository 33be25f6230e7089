// The fields that messages of several wires share, each declared once with its limits.
import * as v from "valibot";
import { limits } from "./limits.ts";

/** Chosen by the author of a message and unique for it, so that one sent twice is told once. */
export const MessageId = v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/), v.brand("MessageId"));
export type MessageId = v.InferOutput<typeof MessageId>;

/** Names a peer session from its invitation to its end; made by the server. */
export const SessionId = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/), v.brand("SessionId"));
export type SessionId = v.InferOutput<typeof SessionId>;

/** A secret which is shown once: base64url, at least 128 bits. */
export const Token = v.pipe(v.string(), v.regex(/^[\w-]{22,128}$/), v.brand("Token"));
export type Token = v.InferOutput<typeof Token>;

/** A person's name as the server gave it. Its rules are in names.ts; here only its bounds and its alphabet. */
export const PeerName = v.pipe(
  v.string(),
  v.maxLength(2 * limits.nameLength),
  v.regex(/^[\p{L}\p{M}\p{Nd}_.-]+$/u),
);

/**
 * Text in a message: anything that has a form in UTF-8, which half a surrogate pair has not. Its limit in bytes is
 * checked apart, to be answered with an error of its own.
 */
export const Text = v.pipe(v.string(), v.regex(/^\P{Surrogate}*$/u));

/** Counts from 1. */
export const SequenceNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Milliseconds since 1970-01-01 UTC. */
export const Timestamp = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Names one life of a server: a changed epoch means that it has forgotten what it knew. */
export const Epoch = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/), v.brand("Epoch"));
export type Epoch = v.InferOutput<typeof Epoch>;

/** Where a peer listener can be reached: an IP address (no host name, nothing to resolve) and a port. */
export const Address = v.object({
  host: v.pipe(v.string(), v.ip()),
  port: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535)),
});
export type Address = v.InferOutput<typeof Address>;

/** What a callee tells its caller: its addresses, likeliest first, and the token that its listener expects. */
export const Card = v.object({
  addresses: v.pipe(v.array(Address), v.minLength(1), v.maxLength(limits.addresses)),
  token: Token,
});
export type Card = v.InferOutput<typeof Card>;

/** For people who read an error; never holds what was received. */
export const ErrorText = v.pipe(v.string(), v.maxLength(500));
