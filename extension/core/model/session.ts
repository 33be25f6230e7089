// A conversation as its user sees it: the lobby, or a private session. Part of the state.
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import type { DraftAbout, PendingMessage, SessionNumber } from "../../../protocol/webview.ts";
import type { Transcript } from "./transcript.ts";

/** A session number; only for numbers that are known to be one. */
export function sessionNumber(n: number): SessionNumber {
  return n as SessionNumber;
}

export const LOBBY = sessionNumber(0);

/** How a session begins. */
export const attentive = { newFrom: null, muted: false, told: [] } as const;

/** Somebody of whom a notification has told, and when the last thing of theirs came, in milliseconds since 1970. */
export type Told = { readonly from: string; readonly at: number };

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
  /** Whom notifications have told of since it was looked at, the last one last. */
  readonly told: readonly Told[];
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
  /** `waiting`: no link now, what is said waits for one. Once ended it can only be read. The link itself: its channel. */
  readonly link: "open" | "waiting" | "ended";
  /** The user has been told that the peer is away. */
  readonly isAwayAnnounced: boolean;
  /** Whether the peer's user has said that the number is right; my own word is kept with the person. */
  readonly verifiedByPeer: boolean;
  /** Lines that may still tell of a change of that, when the last one did; none was needed yet: a full budget. */
  readonly verdictLines?: { readonly left: number; readonly at: number };
  /** I have said whether it is right: the peer hears it on every link. */
  readonly decided: boolean;
  /** Who introduced us, while there was no server. */
  readonly introducedBy: string | null;
  /** Own messages that the peer's user has seen, up to this number, as far as it is told; and what we have told of theirs. */
  readonly readUpTo: number;
  readonly readReceiptUpTo: number;
  /** The peer's user is writing; and when we have last said that ours is, in milliseconds since 1970. */
  readonly typing: boolean;
  readonly typingToldAt: number | null;
};

export type Session = LobbySession | PeerSession;
