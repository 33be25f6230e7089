// What the core's effects ask of the network, and what the network tells the core. `net/` implements it, the
// host's effect runner calls it, and they meet only in extension.ts.
import type { Card, SessionId } from "../../protocol/fields.ts";
import type { ByeReason, PeerMessage } from "../../protocol/peer.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";

/** Counts connections to the rendezvous server, so that what a former one still tells is known as stale. */
export type ConnectionId = number;

/** Why there is no connection to the server (any more). `text` is a sentence part for people, without a period. */
export type CloseCause = {
  readonly kind: "unreachable" | "rejected" | "server-stopped" | "replaced" | "dropped";
  readonly text: string;
};

/** How a peer's link ended: as its `bye` said, or without one. */
export type PeerEnd = ByeReason | "lost" | "protocol";

export type PeerFrame = Extract<PeerMessage, { type: "message" | "ack" }>;

export type NetworkEvent =
  /** The server's challenge came: the connection can be used. */
  | {
      readonly type: "rendezvous/opened";
      readonly connection: ConnectionId;
      readonly challenge: Extract<ServerMessage, { type: "challenge" }>;
    }
  | {
      readonly type: "rendezvous/message";
      readonly connection: ConnectionId;
      readonly message: Exclude<ServerMessage, { type: "challenge" }>;
    }
  /** The end of a connection, also of one that was never opened. Comes once, and not after `disconnect`. */
  | { readonly type: "rendezvous/closed"; readonly connection: ConnectionId; readonly cause: CloseCause }
  /** Peers cannot reach us; `text` says why in a sentence for people. */
  | { readonly type: "listener/failed"; readonly text: string }
  /** Both sides have said hello. */
  | { readonly type: "peer/opened"; readonly sid: SessionId }
  /** A dial ended without a session; `text` is a sentence part for people, without a period. */
  | { readonly type: "peer/failed"; readonly sid: SessionId; readonly text: string }
  | { readonly type: "peer/frame"; readonly sid: SessionId; readonly frame: PeerFrame }
  /** The end of an opened link. Comes once, and not after `closePeer`. */
  | { readonly type: "peer/closed"; readonly sid: SessionId; readonly end: PeerEnd };

export interface Network {
  /** Dials the server at `url` (`ws://HOST[:PORT]`). */
  connect(connection: ConnectionId, url: string): void;
  /** Sends on an open connection; on any other it does nothing. */
  send(connection: ConnectionId, message: ClientMessage): void;
  /** Ends a connection: of free will, or because the window goes away. Silent: no event follows. */
  disconnect(connection: ConnectionId, why: "quit" | "going-away"): void;

  /** Starts the peer listener where `reach` needs it, unless it is there already. */
  listen(reach: "loopback" | "network"): void;
  /** Ends the listener; open peer links stay. */
  stopListening(): void;
  /**
   * Takes an invitation: lets one connection in that bears a new token, within `expiresMs`, and sends `accept`
   * with our card on `connection`; or `decline` when there is no listener.
   */
  accept(connection: ConnectionId, sid: SessionId, expiresMs: number): void;
  /** Dials a peer at the addresses of its card. */
  dial(sid: SessionId, card: Card): void;

  /** Sends to an open peer link; on any other it does nothing. */
  sendPeer(sid: SessionId, frame: PeerFrame): void;
  /** Says `bye` and closes; also ends a dial that is under way. Silent: no event follows. */
  closePeer(sid: SessionId, reason: ByeReason): void;
  /** Closes because the peer broke the protocol. Silent: no event follows. */
  rejectPeer(sid: SessionId): void;

  /** Says `bye` (the window closes) to everybody, and resolves when all sockets are closed, within 1 s. */
  dispose(): Promise<void>;
}
