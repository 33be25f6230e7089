// What the core asks of the network, and what the network reports to the core.
import type { Address, Pin, Token } from "../../../protocol/fields.ts";
import type { PeerMessage } from "../../../protocol/peer.ts";
import type { ClientMessage, ServerMessage } from "../../../protocol/rendezvous.ts";

/** Counts connections to the rendezvous server, so that what a former one still tells is known as stale. */
export type ConnectionId = number;

/** One connection to a peer. Those that the core dials it names itself (`d1`, `d2`, …); others come as `i1`, `i2`, …. */
export type LinkId = string;

/** Why there is no connection to the server (any more). `text` is a sentence part for people, without a period. */
export type CloseCause =
  | {
      readonly kind: "unreachable" | "rejected" | "server-stopped" | "replaced" | "dropped";
      readonly text: string;
    }
  /** TLS: nobody that is known here vouches for the certificate. `fingerprint`: SHA-256, hexadecimal with colons. */
  | { readonly kind: "untrusted"; readonly text: string; readonly fingerprint: string };

/** How a link leads to the peer. */
export type LinkPath = "direct" | "relayed";

/** What came of one way on which a peer was dialled. */
export type Way = {
  /** Null for the relay. */
  readonly address: Address | null;
  /** Names the way and says why it did not lead there: a sentence part for people, no period. Null when it did. */
  readonly failure: string | null;
};

/** Where and how to dial a peer. All ways are raced, the relay a moment later; the first that answers counts. */
export type DialTarget = {
  /** The key that must answer; anybody else is nobody. */
  readonly pin: Pin;
  readonly addresses: readonly Address[];
  readonly relay: RelayMeeting | null;
};

/** A meeting at the relay: one of the two is the TLS client there, the other waits for its handshake. */
export type RelayMeeting = { readonly server: string; readonly ticket: Token };

/** `closed`: the peer closed with a `bye` before it, or with this code; `lost`: nobody said anything. */
export type LinkEnd = {
  readonly kind: "lost" | "closed" | "protocol";
  /** The WebSocket's status; 1006 when there was none. */
  readonly code: number;
  /** A sentence part for people, without a period. */
  readonly text: string;
};

export type NetworkEvent =
  /** The server's challenge came: the connection can be used. `overLoopback`: the server runs on this very machine. `server`: the address at which it was reached. */
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
  /** The end of a connection, also of one that was never opened. Comes once, and not after `disconnect`. */
  | { readonly type: "rendezvous/closed"; readonly connection: ConnectionId; readonly cause: CloseCause }
  /** The listener is there (answers `listen`, also when it was there before), or the machine's addresses have changed. */
  | {
      readonly type: "listener/ready";
      readonly port: number;
      readonly addresses: readonly Address[];
    }
  /**
   * Peers cannot reach us directly; `text` says why in a sentence for people. `isHopeless`: nor by the relay, since what
   * private sessions rest on does not work here. It is tried again; when that succeeds, `listener/ready` follows.
   */
  | { readonly type: "listener/failed"; readonly text: string; readonly isHopeless: boolean }
  /**
   * TLS is done, the key is the expected one, the WebSocket is open. Of a dialler the core sends `hello` now; from a
   * listener's side it comes as the first `link/frame`. Net sees to it that the first frame is `hello`, in time.
   * `ways`: what came of those that were dialled. `from`: the address of a peer that came directly.
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
  /** The 60 digits that our key and this one make, soon after its first link; see PROTOCOL.md. */
  | { readonly type: "peer/number"; readonly pin: Pin; readonly number: string }
  /** A valid frame. A peer that breaks the protocol is closed by net, as `link/closed`. */
  | { readonly type: "link/frame"; readonly link: LinkId; readonly frame: PeerMessage }
  /** A dial ended without a link; `text` names each way and what was wrong with it: a sentence part, no period. */
  | {
      readonly type: "link/failed";
      readonly link: LinkId;
      readonly text: string;
      readonly ways: readonly Way[];
    }
  /** The end of a link that was connected. Comes once, and not after `closeLink`. */
  | { readonly type: "link/closed"; readonly link: LinkId; readonly end: LinkEnd };

export type JoinRequest = Pick<Extract<ClientMessage, { type: "join" }>, "name" | "resume" | "lastSeen">;

export interface Network {
  /**
   * Dials the server at `url` (`ws://` or `wss://HOST[:PORT]`).
   * @param identity the name whose key is used, as it was first asked for; the key is made when there is none
   */
  connect(connection: ConnectionId, url: string, identity: string): void;
  /** Sends `join`, with the key, its signature over the challenge, and the server's token if one is known. */
  join(connection: ConnectionId, request: JoinRequest): void;
  /** Sends on an open connection; on any other it does nothing. */
  send(connection: ConnectionId, message: Exclude<ClientMessage, { type: "join" }>): void;
  /** Ends a connection: of free will, or because the window goes away. Silent: no event follows. */
  disconnect(connection: ConnectionId, why: "quit" | "going-away"): void;

  /**
   * Starts the peer listener for a key where `reach` needs it, unless it is there already; answered by
   * `listener/ready` or `listener/failed` either way. `port`: the one it had before, tried first; null for any.
   */
  listen(identity: string, reach: "loopback" | "network", port: number | null): void;
  /** Ends the listener; open links stay. */
  stopListening(): void;
  /** The only keys with which the listener completes a handshake; replaces the former list. */
  expect(pins: readonly Pin[]): void;

  /** Dials a peer with one's own key (of the newest `connect` or `listen`). Ends in `link/connected` or `link/failed`. */
  dial(link: LinkId, target: DialTarget): void;
  /** Waits at the relay for a peer's handshake, as its TLS server. Comes as `link/connected` of a listener, or not at all. */
  meetAtRelay(meeting: RelayMeeting, pin: Pin): void;
  /** Sends on a connected link; on any other it does nothing. */
  sendLink(link: LinkId, frame: PeerMessage): void;
  /** Ends a link or a dial, after what was sent on it. Silent: no event follows. `code`: see closeCodes. */
  closeLink(link: LinkId, code: number): void;

  /** Says `bye` (the window closes) on every link, and resolves when all sockets are closed, within 1 s. */
  dispose(): Promise<void>;
}
