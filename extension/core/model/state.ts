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
import type { DeclineReason } from "../../../protocol/rendezvous.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { type DialBudget, fullDialBudget } from "./dialBudget.ts";
import type { Question } from "./question.ts";
import type { Connection, Loss } from "./connection.ts";
import type { ConnectionId } from "./ports.ts";
import { attentive, LOBBY, type LobbySession, type PeerSession } from "./session.ts";
import type { StorageFailure } from "./storage.ts";
import { emptyTranscript } from "./transcript.ts";
import type { Caller, Farewell, PeerChannel } from "./peerChannel.ts";
import type { RequestId } from "./outcome.ts";
import type { KnownPeer } from "./person.ts";
import { type CoreSettings, notifyOfAll } from "./settings.ts";
import type { TransferStatus } from "../transfers/status.ts";

/** A fork of ours in progress: requested at the server, held by a question, then dialing the peer. */
export type Fork = {
  readonly id: MessageId;
  readonly to: string;
  readonly request: RequestId | null;
  /** Set once the introduction has arrived. A channel with that id exists, unless a question holds it. */
  readonly sid: SessionId | null;
  /** When it was requested; milliseconds since 1970. */
  readonly at: number;
  /** The user has chosen a session since: what they write is not meant for this one. */
  readonly movedOn: boolean;
  /** The user has canceled it; the server's answer is still pending. */
  readonly cancelled: boolean;
};

/** A fork from someone else, until its link is up. */
export type Invite = {
  readonly sid: SessionId;
  readonly from: string;
  readonly pin: Pin;
  /** `asking`: the user is being asked; `accepted`: waiting for the introduction or the link. */
  readonly phase: "asking" | "accepted";
  /** The key that was remembered under this name when the invitation was accepted; null if there was none. */
  readonly formerPin: Pin | null;
  /** True if we requested this session as well, so that it becomes our active one. */
  readonly wanted: boolean;
  readonly request: RequestId | null;
  /** Who introduces us, over which session, and who dials; null if the server does. */
  readonly introduction: {
    readonly by: string;
    readonly over: SessionId;
    readonly role: "A" | "B";
  } | null;
};

export type Decline = { readonly sid: SessionId; readonly reason: DeclineReason };

/** Two of our peers that we introduce to each other, and their answers. */
export type Introduction = {
  readonly sid: SessionId;
  readonly sides: readonly [IntroducedSide, IntroducedSide];
};
export type IntroducedSide = { readonly over: SessionId; readonly name: string; readonly card: Card | null };

/** What ends sessions at the user's request. */
export type Parting =
  | { readonly what: "leave"; readonly session: SessionNumber }
  /** `pin`: the key that asks under that name; null if the name was typed. */
  | { readonly what: "block"; readonly name: string; readonly pin: Pin | null }
  | { readonly what: "quit" };

/** What an open question is about. */
export type OpenQuestion =
  | { readonly id: string; readonly about: "invite"; readonly sid: SessionId }
  /** The peer of a session asks where the user is. */
  | { readonly id: string; readonly about: "where"; readonly sid: SessionId }
  /** A fork of ours met a key that differs from the known one. */
  | { readonly id: string; readonly about: "changed-pin"; readonly fork: MessageId; readonly pin: Pin }
  /** Messages are still waiting, and the user wants to leave. */
  | { readonly id: string; readonly about: "parting"; readonly parting: Parting };

/** By name key, in their order. */
export type Presences = readonly (readonly [string, Exclude<Presence, "here">])[];

export type State = {
  /**
   * Name and server after joining; null before. The name is the one given by the server, once known; `identity` is the
   * requested name, whose key is used.
   */
  readonly me: { readonly name: string; readonly server: string; readonly identity: string } | null;
  readonly connection: Connection;
  /** The latest loss, even after the server is back; null if there was none. */
  readonly loss: Loss | null;
  readonly nextConnection: ConnectionId;
  readonly joinRequest: RequestId | null;
  /** Why the last join failed, as a sentence; null if it succeeded, or there was none. */
  readonly failedJoin: string | null;
  /** Reclaims the name at this server. */
  readonly resume: Token | null;
  /** Messages per second that the server accepts from one client. */
  readonly rate: number;
  /** Whether the server passes on the parts of messages. */
  readonly passesParts: boolean;
  /** True while lobby messages wait for their turn, after the server rejected some for their rate. */
  readonly pacing: boolean;
  /** The newest lobby message seen. */
  readonly lastSeen: { readonly epoch: Epoch; readonly seq: number } | null;
  /** Lobby messages up to this number are from before the first join, so they were not missed. */
  readonly saidBefore: number;
  /** Everyone online, the user included, in alphabetical order. Empty while the lobby is closed. */
  readonly users: readonly string[];
  /** People who are away or busy. */
  readonly presences: Presences;
  /** The user's own. */
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
  /** Of invitations, which the server gets once it is back. */
  readonly declines: readonly Decline[];
  readonly introductions: readonly Introduction[];
  /** The remaining budget of invitations as of `at`; and when the last excess one came. */
  readonly inviteBudgets: Readonly<
    Record<
      "server" | "peers",
      { readonly left: number; readonly at: number; readonly exceededAt: number | null }
    >
  >;
  readonly questions: readonly OpenQuestion[];
  /** Sessions whose peers were asked where they are, and can still answer. */
  readonly whereAsked: readonly SessionId[];
  /** By key: what is left of its budget of such requests to us, as of `at`. Absent: all of it. */
  readonly whereBudgets: ReadonlyMap<Pin, { readonly left: number; readonly at: number }>;
  /** A typed command that would drop this many waiting messages: it runs when it is typed again. */
  readonly confirming: { readonly line: string; readonly count: number } | null;
  readonly channels: readonly PeerChannel[];
  readonly callers: readonly Caller[];
  /** Files that are offered or on their way, oldest first. What a restart needs of them is saved elsewhere. */
  readonly transfers: readonly TransferStatus[];
  /** What may still be dialed for peers. */
  readonly dialBudget: DialBudget;
  /** By pin: the 60-digit safety numbers of the latest peers. */
  readonly numbers: ReadonlyMap<Pin, string>;
  /** The user's own key, as reported by the latest link. */
  readonly ownPin: Pin | null;
  readonly farewells: readonly Farewell[];
  /** Numbers the links that we dial. */
  readonly nextLink: number;
  /** Keys that the listener was told to let in. */
  readonly expected: readonly Pin[];
  readonly settings: CoreSettings;
  /** Known people, at the server that was joined. */
  readonly people: readonly KnownPeer[];
  /** What is known about the server and our own address, even while the server is away. */
  readonly place: {
    readonly reach: "loopback" | "network";
    readonly relay: boolean;
    /** Whether it has tickets for a connection beside a session's link. */
    readonly relaysFiles: boolean;
    /** The server runs on this machine. */
    readonly overLoopback: boolean;
    /** The address at which the server sees us; empty until it has said so. */
    readonly seen: string;
    /** The address at which the server was last reached; empty before. */
    readonly server: string;
  };
  /** Our listener: where peers reach us. */
  readonly listener: {
    readonly status: "off" | "starting" | "ready" | "failed";
    /** The last port, tried first next time. */
    readonly port: number | null;
    readonly addresses: readonly Address[];
  };
  /** The session whose safety number the page's dialog shows. */
  readonly verifying: SessionNumber | null;
  /** Whether the active session is visible, and whether the user is at this window. */
  readonly visible: boolean;
  readonly focused: boolean;
  /** Sessions whose readers are further up: their end is not visible, even while they are active. */
  readonly above: readonly SessionNumber[];
  /** The user is busy with something, so nothing may pop up. */
  readonly occupied: boolean;
  /** What to notify the user about, in order. */
  readonly notes: readonly Note[];
  /** Questions that wait until the user is no longer busy. */
  readonly unasked: readonly Question[];
  /** Why this window cannot save now; null if it can. */
  readonly storage: StorageFailure | null;
};

/** Something that happened while the chat was not visible. */
export type Note = {
  readonly kind: "mention" | "message" | "fork";
  readonly session: SessionNumber;
  readonly from: string;
  /** The introducer of a private session. */
  readonly by?: string;
};

/** @param instance letters and digits, unique for this run of this window */
export function initialState(instance: string): State {
  return {
    me: null,
    connection: { status: "idle" },
    loss: null,
    nextConnection: 1,
    joinRequest: null,
    failedJoin: null,
    resume: null,
    rate: limits.framesPerSecond,
    passesParts: false,
    pacing: false,
    lastSeen: null,
    saidBefore: 0,
    users: [],
    presences: [],
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
        attached: null,
        files: [],
        ...attentive,
      },
    ],
    active: LOBBY,
    nextSession: 1,
    instance,
    nextMessage: 1,
    forks: [],
    invites: [],
    declines: [],
    introductions: [],
    inviteBudgets: {
      server: { left: limits.inviteBurst, at: 0, exceededAt: null },
      peers: { left: limits.forkBurst, at: 0, exceededAt: null },
    },
    questions: [],
    whereAsked: [],
    whereBudgets: new Map(),
    confirming: null,
    channels: [],
    callers: [],
    transfers: [],
    dialBudget: fullDialBudget,
    ownPin: null,
    numbers: new Map(),
    farewells: [],
    nextLink: 1,
    expected: [],
    settings: {
      acceptForks: "always",
      connection: "auto",
      tellRead: true,
      tellWhere: "ask",
      notify: notifyOfAll,
    },
    people: [],
    place: { reach: "loopback", relay: false, relaysFiles: false, overLoopback: false, seen: "", server: "" },
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
