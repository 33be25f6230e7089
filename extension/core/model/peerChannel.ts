// What a window remembers of the links under its private sessions. Part of the state.
import type { Address, Boot, MessageId, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import type { LinkId, LinkPath, Way } from "./ports.ts";

/**
 * The machine under a private session, from its introduction on: numbers of messages, and the link that carries them,
 * over as many connections as it takes. Only `channels/` and what stands above it change it.
 */
export type PeerChannel = {
  readonly sid: SessionId;
  readonly peer: string;
  readonly pin: Pin;
  readonly role: "A" | "B";
  /** Names this side's memory of the numbers, and the peer's as its last hello told; null before the first. */
  readonly boot: Boot;
  readonly peerBoot: Boot | null;
  /** The highest connection number that was adopted or tried. */
  readonly n: number;
  /** The number of the newest message sent, and of the newest received. */
  readonly sent: number;
  readonly received: number;
  /** The connection that counts: both have said hello. `n` is its number. */
  readonly link: {
    readonly id: LinkId;
    readonly n: number;
    readonly path: LinkPath;
    readonly dialler: "me" | "peer";
    /** Milliseconds since 1970. */
    readonly since: number;
  } | null;
  /** A dial of ours under way; `hello` once it is connected and our hello is sent. `fresh`: addresses dialled for the first time. */
  readonly dial: {
    readonly id: LinkId;
    readonly hello: Greeting | null;
    readonly fresh: readonly Address[];
  } | null;
  /** A relay's ticket that is used when nothing else has come after a moment: to dial there, or to be dialled. */
  readonly ticket: { readonly token: Token; readonly as: "client" | "server" } | null;
  /** Our request to the server to be reached again. */
  readonly reach: MessageId | null;
  readonly addresses: readonly Address[];
  /** The server sees both at one address, as it last said. */
  readonly near: boolean;
  /** Who dialled the last link dials again at once, the other a moment later. */
  readonly eager: boolean;
  /** Dials in vain since the last link (or, on a relayed one, for a direct one); what the last one said. */
  readonly attempt: number;
  /** Links in a row that ended almost at once. */
  readonly briefLinks: number;
  readonly failure: string | null;
  /** What last came of each way that this window has dialled, the newest last; as many as addresses are known, and one. */
  readonly ways: readonly Way[];
  /** When the server last told that the peer wants to be met; milliseconds since 1970. */
  readonly reachedAt: number;
  /** The peer's hello has told of fewer messages than it had acknowledged, and may be out of date; null without doubt. */
  readonly doubt: Doubt | null;
};

/** `n`: what our refusal of the first such hello told. `acknowledged`: how many messages the peer had acknowledged by then. */
export type Doubt = { readonly n: number; readonly acknowledged: number };

/** What is known of a connected link. `n`: the number that our hello gave it. */
export type Greeting = { readonly n: number; readonly path: LinkPath };

/** Somebody with an expected key who has connected to us, and has not said hello yet. */
export type Caller = {
  readonly link: LinkId;
  readonly pin: Pin;
  readonly path: LinkPath;
};

/** A session that was left while its peer was away, which is told when it calls. */
export type Farewell = { readonly sid: SessionId; readonly pin: Pin; readonly reason: "left" | "quit" };
