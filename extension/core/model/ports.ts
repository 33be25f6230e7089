// What the core asks of the network, and what the network reports to the core.
import type { Address, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import type { ClientMessage, ServerMessage } from "../../../protocol/rendezvous.ts";

/** Numbers connections to the rendezvous server, so that late events of earlier ones are recognized as stale. */
export type ConnectionId = number;

/** A connection to a peer. The core names its own dials (`d1`, `d2`, …); others are `i1`, `i2`, …. */
export type LinkId = string;

/**
 * Why there is no connection to the server. `text` is a sentence part for people, without a period. `rejected` and
 * `fault`, which is this window's own: a retry will not help.
 */
export type CloseCause =
  | {
      readonly kind: "unreachable" | "rejected" | "server-stopped" | "replaced" | "dropped" | "fault";
      readonly text: string;
    }
  /** TLS: the certificate is not trusted. `fingerprint`: SHA-256, in hexadecimal with colons. */
  | { readonly kind: "untrusted"; readonly text: string; readonly fingerprint: string };

/** How a link reaches the peer. */
export type LinkPath = "direct" | "relayed";

/** The result of dialing a peer on one path. */
export type Way = {
  /** Null for the relay. */
  readonly address: Address | null;
  /**
   * Names the path and the reason for its failure: a sentence part for people, without a period. Null if it succeeded.
   */
  readonly failure: string | null;
};

/** Where and how to dial a peer. All paths race, with the relay a moment later; the first that succeeds counts. */
export type DialTarget = {
  /** The key that must answer; any other is rejected. */
  readonly pin: Pin;
  readonly addresses: readonly Address[];
  readonly relay: RelayMeeting | null;
};

/** A meeting at the relay: one side is the TLS client there, the other waits for its handshake. */
export type RelayMeeting = { readonly server: string; readonly ticket: Token };

/** `closed`: the peer closed with a `bye` before it, or with this code; `lost`: without either. */
export type LinkEnd = {
  readonly kind: "lost" | "closed" | "protocol";
  /** The WebSocket close code; 1006 if there was none. */
  readonly code: number;
  /** A sentence part for people, without a period. */
  readonly text: string;
};

export type NetworkEvent =
  /**
   * The server's challenge arrived: the connection is usable. `overLoopback`: the server runs on this machine.
   * `server`: the address at which it was reached.
   */
  | {
      readonly type: "rendezvous/opened";
      readonly connection: ConnectionId;
      readonly challenge: Extract<ServerMessage, { type: "challenge" }>;
      readonly overLoopback: boolean;
      readonly server: string;
    }
  | {
      readonly type: "rendezvous/message";
      readonly connection: ConnectionId;
      readonly message: Exclude<ServerMessage, { type: "challenge" }>;
    }
  /** The end of a connection, including one that never opened. Emitted once, and not after `disconnect`. */
  | { readonly type: "rendezvous/closed"; readonly connection: ConnectionId; readonly cause: CloseCause }
  /** The listener is ready (answers `listen`, even if it was ready before), or the machine's addresses have changed. */
  | {
      readonly type: "listener/ready";
      readonly port: number;
      readonly addresses: readonly Address[];
    }
  /**
   * Peers cannot reach us directly; `text` gives the reason in a sentence for people. `isHopeless`: the relay will not
   * work either, because the transport of private sessions does not work here. It is retried; on success,
   * `listener/ready` follows.
   */
  | { readonly type: "listener/failed"; readonly text: string; readonly isHopeless: boolean }
  /**
   * TLS is done, the key is the expected one, and the WebSocket is open. For its own dial the core now sends `hello`;
   * from the listener's side it arrives as the first `link/frame`. Net guarantees that the first frame is `hello`, in
   * time. `ways`: the results of the dialed paths. `from`: the address of a peer that connected directly.
   */
  | {
      readonly type: "link/connected";
      readonly link: LinkId;
      readonly role: "dialler" | "listener";
      readonly pin: Pin;
      readonly ownPin: Pin;
      readonly path: LinkPath;
      readonly ways: readonly Way[];
      readonly from?: string;
    }
  /** The 60-digit safety number of our key and this one, soon after its first link; see PROTOCOL.md. */
  | { readonly type: "peer/number"; readonly pin: Pin; readonly number: string }
  /** A valid frame. A peer that violates the protocol is closed by net, which emits `link/closed`. */
  | { readonly type: "link/frame"; readonly link: LinkId; readonly frame: PeerMessage }
  /** A dial ended without a link; `text` names each path and its failure: a sentence part, without a period. */
  | {
      readonly type: "link/failed";
      readonly link: LinkId;
      readonly text: string;
      readonly ways: readonly Way[];
    }
  /** The end of a connected link. Emitted once, and not after `closeLink`. */
  | { readonly type: "link/closed"; readonly link: LinkId; readonly end: LinkEnd }
  /** A session's bulk link has to go through the relay. Answered by `relayed` of its transfers. */
  | { readonly type: "bulk/needsTicket"; readonly session: SessionId };

export type JoinRequest = Pick<Extract<ClientMessage, { type: "join" }>, "name" | "resume" | "lastSeen">;

export interface Network {
  /**
   * Dials the server at `url` (`ws://` or `wss://HOST[:PORT]`).
   * @param identity the name whose key is used, as first requested; a key is created if there is none
   */
  connect(connection: ConnectionId, url: string, identity: string): void;
  /** Sends `join`, with the key, its signature over the challenge, and the server's token if one is known. */
  join(connection: ConnectionId, request: JoinRequest): void;
  /** Sends on an open connection; otherwise does nothing. */
  send(connection: ConnectionId, message: Exclude<ClientMessage, { type: "join" }>): void;
  /** Ends a connection: on request, or because the window closes. Silent: no event follows. */
  disconnect(connection: ConnectionId, why: "quit" | "going-away"): void;

  /**
   * Starts the peer listener for a key where `reach` requires it, unless it is running; answered by `listener/ready` or
   * `listener/failed` either way. `port`: the previous one, tried first; null for any.
   */
  listen(identity: string, reach: "loopback" | "network", port: number | null): void;
  /** Ends the listener; open links stay. */
  stopListening(): void;
  /** The only keys with which the listener completes a handshake; replaces the previous list. */
  expect(pins: readonly Pin[]): void;

  /** Dials a peer with one's own key (of the newest `connect` or `listen`). Ends in `link/connected` or `link/failed`. */
  dial(link: LinkId, target: DialTarget): void;
  /** Waits at the relay for a peer's handshake, as its TLS server. Comes as `link/connected` of a listener, or not at all. */
  meetAtRelay(meeting: RelayMeeting, pin: Pin): void;
  /** Sends on a connected link; otherwise does nothing. */
  sendLink(link: LinkId, frame: PeerMessage): void;
  /** Ends a link or a dial, after what was sent on it. Silent: no event follows. `code`: see closeCodes. */
  closeLink(link: LinkId, code: number): void;

  /** Sends `bye` (the window closes) on every link. Resolves when all sockets are closed, within 1 s. */
  dispose(): Promise<void>;
}
