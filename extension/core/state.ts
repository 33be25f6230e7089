// What one window knows about its chat: the one state, owned by the host's store. Immutable.
import type { Epoch, MessageId, SessionId, Token } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import type { PendingMessage, SessionNumber } from "../../protocol/webview.ts";
import type { ConnectionId } from "./ports.ts";
import { emptyTranscript, type Transcript } from "./transcript.ts";

/** Names a command's caller, who waits for its `settle` effect. */
export type RequestId = number;

type SessionBase = {
  readonly transcript: Transcript;
  readonly pending: readonly PendingMessage[];
  /** Messages of others that were not shown yet. */
  readonly unread: number;
  /** What was typed but not sent. */
  readonly draft: string;
};

export type LobbySession = SessionBase & { readonly kind: "lobby"; readonly number: SessionNumber };

export type PeerSession = SessionBase & {
  readonly kind: "peer";
  readonly number: SessionNumber;
  readonly sid: SessionId;
  readonly peer: string;
  /** Who opened it: I (`A`, shown as `P->`) or the peer (`B`, shown as `P~>`). */
  readonly role: "A" | "B";
  /** Once ended it can only be read. */
  readonly link: "open" | "ended";
  /** The number of the newest message sent, and of the newest received. */
  readonly sent: number;
  readonly received: number;
};

export type Session = LobbySession | PeerSession;

/** A fork of ours on its way: asked at the server, then dialling the peer. */
export type Fork = {
  readonly id: MessageId;
  readonly to: string;
  readonly request: RequestId | null;
  /** Set once the introduction has come. */
  readonly sid: SessionId | null;
};

/** A fork of somebody else which we accepted and whose connection we await. */
export type Invite = {
  readonly sid: SessionId;
  readonly from: string;
  /** True when we asked for this session as well, so that it becomes our active one. */
  readonly wanted: boolean;
  readonly request: RequestId | null;
};

export type Connection =
  | { readonly status: "idle" }
  /** Dialling, or waiting for the answer to `join`. `first`: nothing has been joined yet, a failure ends it. */
  | {
      readonly status: "connecting";
      readonly id: ConnectionId;
      readonly attempt: number;
      readonly first: boolean;
    }
  /** `since` in milliseconds since 1970; `attempt` counts what it took to come here. */
  | { readonly status: "online"; readonly id: ConnectionId; readonly since: number; readonly attempt: number }
  /** Waiting for the next attempt; `text` says why there is no connection. */
  | { readonly status: "offline"; readonly attempt: number; readonly text: string };

export type State = {
  /** Name and server of the one who has joined; null while nobody has. The name is the server's word once it has come. */
  readonly me: { readonly name: string; readonly server: string } | null;
  readonly connection: Connection;
  readonly nextConnection: ConnectionId;
  readonly joinRequest: RequestId | null;
  /** Gives the name back to us at this server. */
  readonly resume: Token | null;
  /** Messages a second that the server takes from one client. */
  readonly rate: number;
  /** True while lobby messages wait for their turn, since the server got too many at once. */
  readonly pacing: boolean;
  /** The newest lobby message seen. */
  readonly lastSeen: { readonly epoch: Epoch; readonly seq: number } | null;
  /** Everybody online, oneself included, in alphabetical order. Empty while there is no connection. */
  readonly users: readonly string[];
  /** By number; the lobby is always the first. */
  readonly sessions: readonly [LobbySession, ...PeerSession[]];
  readonly active: SessionNumber;
  readonly nextSession: number;
  /** Distinguishes this window's message ids from all others'. */
  readonly instance: string;
  readonly nextMessage: number;
  readonly forks: readonly Fork[];
  readonly invites: readonly Invite[];
  /** Whether the active session can be seen now. */
  readonly visible: boolean;
};

/** A session number; only for numbers that are known to be one. */
export function sessionNumber(n: number): SessionNumber {
  return n as SessionNumber;
}

export const LOBBY = sessionNumber(0);

/** @param instance letters and digits, unique for this run of this window */
export function initialState(instance: string): State {
  return {
    me: null,
    connection: { status: "idle" },
    nextConnection: 1,
    joinRequest: null,
    resume: null,
    rate: limits.framesPerSecond,
    pacing: false,
    lastSeen: null,
    users: [],
    sessions: [
      { kind: "lobby", number: LOBBY, transcript: emptyTranscript, pending: [], unread: 0, draft: "" },
    ],
    active: LOBBY,
    nextSession: 1,
    instance,
    nextMessage: 1,
    forks: [],
    invites: [],
    visible: false,
  };
}
