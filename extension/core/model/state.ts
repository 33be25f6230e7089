// Everything a window knows about its chat, in one immutable state.
import type {
  Address,
  Card,
  Epoch,
  MessageId,
  Pin,
  Presence,
  SessionId,
  Token,
} from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { type DialBudget, fullDialBudget } from "./dialBudget.ts";
import type { Question } from "./question.ts";
import type { ConnectionId } from "./ports.ts";
import { attentive, LOBBY, type LobbySession, type PeerSession } from "./session.ts";
import type { StorageFailure } from "./storage.ts";
import { emptyTranscript } from "./transcript.ts";
import type { Caller, Farewell, PeerChannel } from "./peerChannel.ts";
import type { RequestId } from "./outcome.ts";
import type { KnownPeer } from "./person.ts";
import { type CoreSettings, notifyOfAll } from "./settings.ts";

/** A fork of ours on its way: asked at the server, held by a question, then dialling the peer. */
export type Fork = {
  readonly id: MessageId;
  readonly to: string;
  readonly request: RequestId | null;
  /** Set once the introduction has come; a channel of that id is there, unless a question holds it. */
  readonly sid: SessionId | null;
  /** When it was asked for; milliseconds since 1970. */
  readonly at: number;
  /** The user wants it no more; the server's answer is still on its way. */
  readonly cancelled: boolean;
};

/** A fork of somebody else, until its link is there. */
export type Invite = {
  readonly sid: SessionId;
  readonly from: string;
  readonly pin: Pin;
  /** `asking`: the user is being asked; `accepted`: the introduction or the link is awaited. */
  readonly phase: "asking" | "accepted";
  /** True when we asked for this session as well, so that it becomes our active one. */
  readonly wanted: boolean;
  readonly request: RequestId | null;
  /** Who introduces us, over which session, and who is to dial; null when the server does. */
  readonly introduction: {
    readonly by: string;
    readonly over: SessionId;
    readonly role: "A" | "B";
  } | null;
};

/** Two of our peers whom we introduce to each other: what each has answered. */
export type Introduction = {
  readonly sid: SessionId;
  readonly sides: readonly [IntroducedSide, IntroducedSide];
};
export type IntroducedSide = { readonly over: SessionId; readonly name: string; readonly card: Card | null };

/** What ends sessions when the user asks for it. */
export type Parting =
  | { readonly what: "leave"; readonly session: SessionNumber }
  /** `pin`: of who asks under that name; null when the name was typed. */
  | { readonly what: "block"; readonly name: string; readonly pin: Pin | null }
  | { readonly what: "quit" };

/** What an open question is about. */
export type OpenQuestion =
  | { readonly id: string; readonly about: "invite"; readonly sid: SessionId }
  /** A fork of ours met another key than the one we know. */
  | { readonly id: string; readonly about: "changed-pin"; readonly fork: MessageId; readonly pin: Pin }
  /** Messages are still waiting where the user wants to leave. */
  | { readonly id: string; readonly about: "parting"; readonly parting: Parting };

export type Connection =
  | { readonly status: "idle" }
  /** Dialling, or waiting for the answer to `join`. `first`: nothing has been joined yet, a failure ends it. */
  | {
      readonly status: "connecting";
      readonly id: ConnectionId;
      readonly attempt: number;
      readonly first: boolean;
      /** The challenge has come; `join` waits for the listener. */
      readonly greeted: boolean;
    }
  /** `since` in milliseconds since 1970; `attempt` counts what it took to come here. */
  | { readonly status: "online"; readonly id: ConnectionId; readonly since: number; readonly attempt: number }
  /** Waiting for the next attempt; `text` says why there is no connection. */
  | { readonly status: "offline"; readonly attempt: number; readonly text: string };

export type State = {
  /**
   * Name and server of the one who has joined; null while nobody has. The name is the server's word once it has come;
   * `identity` is the name as it was asked for, whose key is used.
   */
  readonly me: { readonly name: string; readonly server: string; readonly identity: string } | null;
  readonly connection: Connection;
  readonly nextConnection: ConnectionId;
  readonly joinRequest: RequestId | null;
  /** Why the last joining came to nothing, as a sentence; null when it did not, or there was none. */
  readonly failedJoin: string | null;
  /** Gives the name back to us at this server. */
  readonly resume: Token | null;
  /** Messages a second that the server takes from one client. */
  readonly rate: number;
  /** True while lobby messages wait for their turn, since the server got too many at once. */
  readonly pacing: boolean;
  /** The newest lobby message seen. */
  readonly lastSeen: { readonly epoch: Epoch; readonly seq: number } | null;
  /** Lobby messages up to this number were said before we ever came: nobody has missed them. */
  readonly saidBefore: number;
  /** Everybody online, oneself included, in alphabetical order. Empty while there is no connection. */
  readonly users: readonly string[];
  /** By the key of the name: people who are not just there. */
  readonly presences: ReadonlyMap<string, Exclude<Presence, "here">>;
  /** Our own. */
  readonly presence: Presence;
  /** By number; the lobby is always the first. */
  readonly sessions: readonly [LobbySession, ...PeerSession[]];
  readonly active: SessionNumber;
  readonly nextSession: number;
  /** Distinguishes this window's message ids from all others'. */
  readonly instance: string;
  readonly nextMessage: number;
  readonly forks: readonly Fork[];
  readonly invites: readonly Invite[];
  readonly introductions: readonly Introduction[];
  /** What is left of the invitations that we take: so many at `at`; and when one was last too many. */
  readonly inviteBudgets: Readonly<
    Record<
      "server" | "peers",
      { readonly left: number; readonly at: number; readonly exceededAt: number | null }
    >
  >;
  readonly questions: readonly OpenQuestion[];
  /** A typed command that would drop so many waiting messages: it is carried out when it is typed again. */
  readonly confirming: { readonly line: string; readonly count: number } | null;
  readonly channels: readonly PeerChannel[];
  readonly callers: readonly Caller[];
  /** What may still be dialled for peers. */
  readonly dialBudget: DialBudget;
  /** By pin, the 60 digits to compare with whoever holds that key; those of the last peers. */
  readonly numbers: ReadonlyMap<Pin, string>;
  /** Our own key's, as the last link told. */
  readonly ownPin: Pin | null;
  readonly farewells: readonly Farewell[];
  /** Counts the links that we dial. */
  readonly nextLink: number;
  /** Keys that the listener was told to expect. */
  readonly expected: readonly Pin[];
  readonly settings: CoreSettings;
  /** By name, at the server that was joined. */
  readonly people: readonly KnownPeer[];
  /** What is known of the server and of our own place, also while the server is away. */
  readonly place: {
    readonly reach: "loopback" | "network";
    readonly relay: boolean;
    /** The server runs on this very machine. */
    readonly overLoopback: boolean;
    /** Whence the server sees us; empty before it has said so. */
    readonly seen: string;
    /** The address at which the server was last reached; empty before. */
    readonly server: string;
  };
  /** Our own listener: where peers find us. */
  readonly listener: {
    readonly status: "off" | "starting" | "ready" | "failed";
    /** The last one it had, to be had again. */
    readonly port: number | null;
    readonly addresses: readonly Address[];
  };
  /** The session whose number is being compared in the page's dialog. */
  readonly verifying: SessionNumber | null;
  /** Whether the active session is on the screen, and whether its user is at this window. */
  readonly visible: boolean;
  readonly focused: boolean;
  /** Sessions whose readers are further up: their end is not on the screen, even while they are active. */
  readonly above: readonly SessionNumber[];
  /** The user is in the midst of something that nothing may pop up over. */
  readonly occupied: boolean;
  /** What is to be said to the user, in order. */
  readonly notes: readonly Note[];
  /** Questions that wait until the user can be disturbed. */
  readonly unasked: readonly Question[];
  /** Why this window cannot save now; null while it can. */
  readonly storage: StorageFailure | null;
};

/** Something that came while nobody looked. */
export type Note = {
  readonly kind: "mention" | "message" | "fork";
  readonly session: SessionNumber;
  readonly from: string;
  /** Of a private session: who introduced us. */
  readonly by?: string;
};

/** @param instance letters and digits, unique for this run of this window */
export function initialState(instance: string): State {
  return {
    me: null,
    connection: { status: "idle" },
    nextConnection: 1,
    joinRequest: null,
    failedJoin: null,
    resume: null,
    rate: limits.framesPerSecond,
    pacing: false,
    lastSeen: null,
    saidBefore: 0,
    users: [],
    presences: new Map(),
    presence: "here",
    sessions: [
      {
        kind: "lobby",
        number: LOBBY,
        transcript: emptyTranscript,
        pending: [],
        unread: 0,
        draft: "",
        draftAbout: null,
        ...attentive,
      },
    ],
    active: LOBBY,
    nextSession: 1,
    instance,
    nextMessage: 1,
    forks: [],
    invites: [],
    introductions: [],
    inviteBudgets: {
      server: { left: limits.inviteBurst, at: 0, exceededAt: null },
      peers: { left: limits.forkBurst, at: 0, exceededAt: null },
    },
    questions: [],
    confirming: null,
    channels: [],
    callers: [],
    dialBudget: fullDialBudget,
    ownPin: null,
    numbers: new Map(),
    farewells: [],
    nextLink: 1,
    expected: [],
    settings: { acceptForks: "always", connection: "auto", tellRead: true, notify: notifyOfAll },
    people: [],
    place: { reach: "loopback", relay: false, overLoopback: false, seen: "", server: "" },
    listener: { status: "off", port: null, addresses: [] },
    verifying: null,
    visible: false,
    focused: true,
    above: [],
    occupied: false,
    notes: [],
    unasked: [],
    storage: null,
  };
}
