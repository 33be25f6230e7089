// What one window knows about its chat: the one state, owned by the host's store. Immutable.
import type {
  Address,
  Boot,
  Card,
  Epoch,
  MessageId,
  Pin,
  Presence,
  SessionId,
  Token,
} from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import type { DraftAbout, PendingMessage, SessionNumber } from "../../protocol/webview.ts";
import type { Question } from "./effects.ts";
import type { ConnectionId, LinkId, LinkPath } from "./ports.ts";
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
  /** What is being answered or edited; null: nothing. */
  readonly draftAbout: DraftAbout | null;
  /** Index of the first line that was not seen when its user last looked elsewhere; null: all were. */
  readonly newFrom: number | null;
  /** Nothing is said about what comes here. */
  readonly muted: boolean;
  /** When a notification last told of it, or would have; null since it was looked at. */
  readonly toldAt: number | null;
};

export type LobbySession = SessionBase & { readonly kind: "lobby"; readonly number: SessionNumber };

export type PeerSession = SessionBase & {
  readonly kind: "peer";
  readonly number: SessionNumber;
  readonly sid: SessionId;
  readonly peer: string;
  readonly pin: Pin;
  /** Who opened it: I (`A`, shown as `P->`) or the peer (`B`, shown as `P~>`). */
  readonly role: "A" | "B";
  /** `away`: no link now, what is said waits for one. Once ended it can only be read. The link itself: its wire. */
  readonly link: "open" | "away" | "ended";
  /** The user has been told that the peer is away. */
  readonly awayTold: boolean;
  /** Whether the peer's user has said that the number is right; my own word is kept with the person. */
  readonly verifiedByPeer: boolean;
  /** I have said whether it is right: the peer hears it on every link. */
  readonly decided: boolean;
  /** Who introduced us, while there was no server. */
  readonly introducedBy: string | null;
  /** Own messages that the peer's user has seen, up to this number, as far as it is told; and what we have told of theirs. */
  readonly readUpTo: number;
  readonly toldRead: number;
  /** The peer's user is writing; and when we have last said that ours is, in milliseconds since 1970. */
  readonly typing: boolean;
  readonly toldTyping: number | null;
};

export type Session = LobbySession | PeerSession;

/**
 * The machine under a private session, from its introduction on: numbers of messages, and the link that carries them,
 * over as many connections as it takes. Only wires.ts and what it is made of change it.
 */
export type Wire = {
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
  /** A dial of ours under way; `hello` once it is connected and our hello is sent. */
  readonly dial: { readonly id: LinkId; readonly hello: Greeting | null } | null;
  /** A relay's ticket that is used when nothing else has come after a moment: to dial there, or to be dialled. */
  readonly ticket: { readonly token: Token; readonly as: "client" | "server" } | null;
  /** Our request to the server to be reached again. */
  readonly reach: MessageId | null;
  readonly addresses: readonly Address[];
  /** Who dialled the last link dials again at once, the other a moment later. */
  readonly eager: boolean;
  /** Dials in vain since the last link (or, on a relayed one, for a direct one); what the last one said. */
  readonly attempt: number;
  /** Links in a row that ended almost at once. */
  readonly briefLinks: number;
  readonly failure: string | null;
  /** When the server last told that the peer wants to be met; milliseconds since 1970. */
  readonly reachedAt: number;
};

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

/** Somebody who was met at a server before, known by name and key. */
export type KnownPeer = {
  readonly name: string;
  /** Null when blocked by name before a key was seen. */
  readonly pin: Pin | null;
  /** I have compared the number and found it right. */
  readonly verified: boolean;
  readonly blocked: boolean;
  /** When last met; milliseconds since 1970. */
  readonly at: number;
};

export type CoreSettings = {
  readonly acceptForks: "always" | "known" | "ask" | "never";
  readonly connection: "auto" | "direct" | "relay";
  /** Whether peers are told what was read, and when the user writes. */
  readonly tellRead: boolean;
  /** What is worth a notification while nobody looks. */
  readonly notify: { readonly mentions: boolean; readonly messages: boolean; readonly forks: boolean };
};

/** A fork of ours on its way: asked at the server, held by a question, then dialling the peer. */
export type Fork = {
  readonly id: MessageId;
  readonly to: string;
  readonly request: RequestId | null;
  /** Set once the introduction has come; a wire of that id is there, unless a question holds it. */
  readonly sid: SessionId | null;
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

/** What an open question is about. */
export type OpenQuestion =
  | { readonly id: string; readonly about: "invite"; readonly sid: SessionId }
  /** A fork of ours met another key than the one we know. */
  | { readonly id: string; readonly about: "changed-pin"; readonly fork: MessageId; readonly pin: Pin };

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
  readonly wires: readonly Wire[];
  readonly callers: readonly Caller[];
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
  /** The user is in the midst of something that nothing may pop up over. */
  readonly occupied: boolean;
  /** What is to be said to the user, in order. */
  readonly notes: readonly Note[];
  /** Questions that wait until the user can be disturbed. */
  readonly unasked: readonly Question[];
};

/** Something that came while nobody looked. */
export type Note = {
  readonly kind: "mention" | "message" | "fork";
  readonly session: SessionNumber;
  readonly from: string;
};

/** A session number; only for numbers that are known to be one. */
export function sessionNumber(n: number): SessionNumber {
  return n as SessionNumber;
}

export const LOBBY = sessionNumber(0);

export const notifyOfAll = { mentions: true, messages: true, forks: true } as const;

/** How a session begins. */
export const attentive = { newFrom: null, muted: false, toldAt: null } as const;

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
      server: { left: limits.forkBurst, at: 0, exceededAt: null },
      peers: { left: limits.forkBurst, at: 0, exceededAt: null },
    },
    questions: [],
    wires: [],
    callers: [],
    ownPin: null,
    numbers: new Map(),
    farewells: [],
    nextLink: 1,
    expected: [],
    settings: { acceptForks: "always", connection: "auto", tellRead: true, notify: notifyOfAll },
    people: [],
    place: { reach: "loopback", relay: false, overLoopback: false, seen: "" },
    listener: { status: "off", port: null, addresses: [] },
    verifying: null,
    visible: false,
    focused: true,
    occupied: false,
    notes: [],
    unasked: [],
  };
}
