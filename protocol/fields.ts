// Fields shared by several protocols, each declared once with its limits.
import * as v from "valibot";
import { isOneEmoji } from "./emoji.ts";
import { limits } from "./limits.ts";

/** Chosen by the author and unique among their messages, so that a resent message appears once. */
export const MessageId = v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/), v.brand("MessageId"));
export type MessageId = v.InferOutput<typeof MessageId>;

/** Identifies a peer session from its invitation to its end. Made by the server. */
export const SessionId = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/), v.brand("SessionId"));
export type SessionId = v.InferOutput<typeof SessionId>;

/** A secret that is shown once: base64url, at least 128 bits. */
export const Token = v.pipe(v.string(), v.regex(/^[\w-]{22,128}$/), v.brand("Token"));
export type Token = v.InferOutput<typeof Token>;

/**
 * Identifies a person: base64url (without padding) of the SHA-256 of a key's SubjectPublicKeyInfo. The last character
 * has two spare bits, which must be zero, so that each pin has one form.
 */
export const Pin = v.pipe(v.string(), v.regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/), v.brand("Pin"));
export type Pin = v.InferOutput<typeof Pin>;

/** A P-256 public key: base64url of the DER of its SubjectPublicKeyInfo, 91 bytes with the point uncompressed. */
export const PublicKey = v.pipe(v.string(), v.regex(/^[\w-]{122}$/), v.brand("PublicKey"));
export type PublicKey = v.InferOutput<typeof PublicKey>;

/** ECDSA over P-256 with SHA-256: base64url of r and s, 32 bytes each (IEEE P1363, not DER). */
export const Signature = v.pipe(v.string(), v.regex(/^[\w-]{86}$/), v.brand("Signature"));
export type Signature = v.InferOutput<typeof Signature>;

/** Identifies one lifetime of a side's memory of a session. A changed value means that it has lost its numbers. */
export const Boot = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/), v.brand("Boot"));
export type Boot = v.InferOutput<typeof Boot>;

/** A person's name as given by the server. names.ts has its rules; this checks only its bounds and alphabet. */
export const PeerName = v.pipe(
  v.string(),
  v.maxLength(2 * limits.nameLength),
  v.regex(/^[\p{L}\p{M}\p{Nd}_.-]+$/u),
);

/**
 * Text of a message: anything that can be encoded in UTF-8, so no lone surrogates. Its limit in bytes is checked
 * separately, because it has its own error.
 */
export const Text = v.pipe(v.string(), v.regex(/^\P{Surrogate}*$/u));

/** One emoji as a reaction to a message. */
export const Reaction = v.pipe(v.string(), v.check(isOneEmoji));

/** Presence: at the window, not there for a while, or not to be disturbed. */
export const Presence = v.picklist(["here", "away", "busy"]);
export type Presence = v.InferOutput<typeof Presence>;

/** Counts from 1. */
export const SequenceNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/**
 * What a lobby message is to an earlier one, by that one's number: a reply, its new text, its retraction, or an emoji
 * that is added or removed; the emoji is then the text.
 */
export const LobbyAbout = v.variant("kind", [
  v.object({ kind: v.literal("reply"), seq: SequenceNumber }),
  v.object({ kind: v.literal("edit"), seq: SequenceNumber }),
  v.object({ kind: v.literal("retract"), seq: SequenceNumber }),
  v.object({ kind: v.literal("react"), seq: SequenceNumber, on: v.boolean() }),
]);
export type LobbyAbout = v.InferOutput<typeof LobbyAbout>;

/** Whose message it is, from the sender's point of view. */
const Whose = v.picklist(["mine", "yours"]);

/** The same in a private session, where each side numbers its own messages and can edit and retract only those. */
export const PeerAbout = v.variant("kind", [
  v.object({ kind: v.literal("reply"), of: Whose, seq: SequenceNumber }),
  v.object({ kind: v.literal("edit"), seq: SequenceNumber }),
  v.object({ kind: v.literal("retract"), seq: SequenceNumber }),
  v.object({ kind: v.literal("react"), of: Whose, seq: SequenceNumber, on: v.boolean() }),
]);
export type PeerAbout = v.InferOutput<typeof PeerAbout>;

/** Milliseconds since 1970-01-01 UTC. */
export const Timestamp = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Identifies one lifetime of a server. A changed epoch means that it has lost its memory. */
export const Epoch = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/), v.brand("Epoch"));
export type Epoch = v.InferOutput<typeof Epoch>;

export const IpAddress = v.pipe(v.string(), v.ip());

/** A list with a maximum length. A longer one is refused before its items are checked. */
export function listOf<Item extends v.GenericSchema>(item: Item, maxItems: number) {
  return v.pipe(v.array(v.unknown()), v.maxLength(maxItems), v.array(item));
}

/** Where a peer listener can be reached: an IP address (no host name, so nothing to resolve) and a port. */
export const Address = v.object({
  host: IpAddress,
  port: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535)),
});
export type Address = v.InferOutput<typeof Address>;

/**
 * Where someone can be reached, most likely address first. Empty when only the relay works. Addresses are not secret,
 * because keys decide who gets in.
 */
export const Card = v.object({ addresses: listOf(Address, limits.addresses) });
export type Card = v.InferOutput<typeof Card>;

/** A `Host` header: a name or an address, with or without a port. Cannot contain markup. */
export const Host = v.pipe(v.string(), v.regex(/^[\w.:[\]-]{1,261}$/));

/** For people who read an error. Never contains received data. */
export const ErrorText = v.pipe(v.string(), v.maxLength(500));
