// What a window knows about the links of its private sessions. Part of the state.
import type { Address, Boot, MessageId, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import type { LinkId, LinkPath, Way } from "./ports.ts";

/**
 * The machinery of a private session from its introduction on: message numbers, and the link that carries them, over
 * any number of connections. Only `channels/` and the layers above change it.
 */
export type PeerChannel = {
  readonly sid: SessionId;
  readonly peer: string;
  readonly pin: Pin;
  readonly role: "A" | "B";
  /**
   * Identifies this side's memory of the numbers, and the peer's as reported in its last hello; null before the first.
   */
  readonly boot: Boot;
  readonly peerBoot: Boot | null;
  /** The highest connection number adopted or tried so far. */
  readonly n: number;
  /** The numbers of the newest message sent, and of the newest received. */
  readonly sent: number;
  readonly received: number;
  /** The current connection: both have sent hello. `n` is its number. */
  readonly link: {
    readonly id: LinkId;
    readonly n: number;
    readonly path: LinkPath;
    readonly dialler: "me" | "peer";
    /** Whether the peer understands the parts of messages. */
    readonly showsParts: boolean;
    /** Whether the peer can be asked where they are. */
    readonly tellsWhere: boolean;
    /** Whether the peer can send and receive files. */
    readonly takesFiles: boolean;
    /** Milliseconds since 1970. */
    readonly since: number;
  } | null;
  /**
   * A dial of ours in progress; `hello` once it is connected and our hello is sent. `fresh`: addresses dialed for the
   * first time.
   */
  readonly dial: {
    readonly id: LinkId;
    readonly hello: Greeting | null;
    readonly fresh: readonly Address[];
  } | null;
  /** A relay ticket for use after a moment if nothing else has connected: to dial there, or to be dialed. */
  readonly ticket: { readonly token: Token; readonly as: "client" | "server" } | null;
  /** Our request to the server to reconnect us. */
  readonly reach: MessageId | null;
  /** Our request to the server for relay tickets for a bulk link. */
  readonly tickets: MessageId | null;
  readonly addresses: readonly Address[];
  /** The server saw both at one address when it last reported that. */
  readonly near: boolean;
  /** The side that dialed the last link redials at once, the other a moment later. */
  readonly eager: boolean;
  /** Failed dials since the last link (or, on a relayed one, for a direct one), and the last error. */
  readonly attempt: number;
  /** Consecutive links that ended almost at once. */
  readonly briefLinks: number;
  readonly failure: string | null;
  /**
   * The last result of each path that this window has dialed, newest last; at most one per known address, plus the
   * relay.
   */
  readonly ways: readonly Way[];
  /** When the server last reported that the peer wants to reconnect; milliseconds since 1970. */
  readonly reachedAt: number;
  /**
   * The peer's hello reported fewer messages than it had acknowledged, and may be outdated; null if there is no doubt.
   */
  readonly doubt: Doubt | null;
};

/**
 * `n`: the number in our refusal of the first such hello. `acknowledged`: how many messages the peer had acknowledged
 * by then.
 */
export type Doubt = { readonly n: number; readonly acknowledged: number };

/** What is known about a connected link. `n`: the number that our hello gave it. */
export type Greeting = { readonly n: number; readonly path: LinkPath };

/** A peer with an expected key that has connected to us and has not sent hello yet. */
export type Caller = {
  readonly link: LinkId;
  readonly pin: Pin;
  readonly path: LinkPath;
};

/** A session that was left while its peer was away. The peer is notified when it reconnects. */
export type Farewell = { readonly sid: SessionId; readonly pin: Pin; readonly reason: "left" | "quit" };
