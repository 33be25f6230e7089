// A conversation as its user sees it: the lobby, or a private session. Part of the state.
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import type {
  Attachment,
  ComposedFile,
  DraftAbout,
  PendingMessage,
  SessionNumber,
} from "../../../protocol/webview.ts";
import type { Transcript } from "./transcript.ts";

/** Brands a number that is known to be a session number. */
export function sessionNumber(n: number): SessionNumber {
  return n as SessionNumber;
}

export const LOBBY = sessionNumber(0);

/** The attention fields of a new session. */
export const attentive = { newFrom: null, muted: false, told: [] } as const;

/** A person a notification was about, and when their last message arrived, in milliseconds since 1970. */
export type Told = { readonly from: string; readonly at: number };

type SessionBase = {
  readonly transcript: Transcript;
  readonly pending: readonly PendingMessage[];
  /** Messages from others that have not been shown yet. */
  readonly unread: number;
  /** Unsent text. */
  readonly draft: string;
  /** The message that is being replied to or edited, if any. */
  readonly draftAbout: DraftAbout | null;
  /** Lines of code to send with the draft, if any. */
  readonly attached: Attachment | null;
  /** Files to offer with the draft. */
  readonly files: readonly ComposedFile[];
  /** Index of the first line that was unseen when the user last left the session; null if none was. */
  readonly newFrom: number | null;
  /** No notifications about this session. */
  readonly muted: boolean;
  /** The people notifications were about since the session was last looked at, latest last. */
  readonly told: readonly Told[];
};

export type LobbySession = SessionBase & { readonly kind: "lobby"; readonly number: SessionNumber };

export type PeerSession = SessionBase & {
  readonly kind: "peer";
  readonly number: SessionNumber;
  readonly sid: SessionId;
  readonly peer: string;
  readonly pin: Pin;
  /** Who opened it: the user (`A`, shown as `P->`) or the peer (`B`, shown as `P~>`). */
  readonly role: "A" | "B";
  /**
   * `waiting`: there is no link, and messages wait for one. `ended`: the session is read-only. The link itself is in
   * its channel.
   */
  readonly link: "open" | "waiting" | "ended";
  /** The user has been told that the peer is away. */
  readonly isAwayAnnounced: boolean;
  /** Whether the peer's user has confirmed the safety number; the user's own answer is saved with the person. */
  readonly verifiedByPeer: boolean;
  /** The remaining budget of lines about changes of that answer, and when it was last used; absent: full. */
  readonly verdictLines?: { readonly left: number; readonly at: number };
  /** The user has answered whether the safety numbers match: the peer gets it on every link. */
  readonly decided: boolean;
  /** The person who introduced the two, without a server. */
  readonly introducedBy: string | null;
  /** The highest own message that the peer's user has read, as far as reported; and what we have reported of theirs. */
  readonly readUpTo: number;
  readonly readReceiptUpTo: number;
  /** Whether the peer's user is typing; and when we last reported that ours is, in milliseconds since 1970. */
  readonly typing: boolean;
  readonly typingToldAt: number | null;
};

export type Session = LobbySession | PeerSession;
