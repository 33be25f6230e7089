// Everything that can happen to a window's chat. Time and randomness come with each event, because the core has
// neither.
import type { MessageBody } from "../../../protocol/messageContent.ts";
import type { FileId } from "../../../protocol/bulk.ts";
import type { ChangesPart } from "../../../protocol/changesPart.ts";
import type { SessionId } from "../../../protocol/fields.ts";
import type {
  ComposedFile,
  Draft,
  Entry,
  KeptFile,
  NewAttachment,
  NewChanges,
  PageAbout,
  SessionNumber,
} from "../../../protocol/webview.ts";
import type { Command } from "./commands.ts";
import type { Seen } from "./conversation.ts";
import type { NetworkEvent } from "./ports.ts";
import type { StorageFailure } from "./storage.ts";
import type { CoreSettings } from "./settings.ts";
import type { KnownPeer } from "./person.ts";
import type { RequestId } from "./outcome.ts";
import type { TimerKey } from "./timers.ts";
import type { TransferStatus } from "../transfers/status.ts";

export type Stamp = {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** At least 0, below 1. */
  readonly random: number;
  /** 128 random bits, base64url, for the ids that this event creates. */
  readonly unique: string;
};

/** What the user does. Events with a `request` are answered by exactly one `settle` effect. */
export type UserEvent =
  | {
      readonly type: "user/join";
      readonly request: RequestId;
      readonly name: string;
      readonly server: string;
    }
  /** A line typed in a session's composer: a command or a message. */
  | ({
      readonly type: "user/submit";
      readonly request: RequestId;
      readonly session: SessionNumber;
      /** The id of the attachment that the user saw. No other is sent. */
      readonly attached?: string;
    } & MessageBody<PageAbout>)
  /** A message from elsewhere than the composer, which keeps what it has. It is never a command. */
  | ({
      readonly type: "user/say";
      readonly request: RequestId;
      readonly session: SessionNumber;
      /** Code that goes with it. */
      readonly quote?: NewAttachment;
    } & MessageBody<PageAbout>)
  /** Puts lines of code or changes into a session's composer, or takes them out (null). */
  | {
      readonly type: "user/attach";
      readonly session: SessionNumber;
      readonly attachment: NewAttachment | NewChanges | null;
    }
  | { readonly type: "user/retract"; readonly session: SessionNumber; readonly index: number }
  | {
      readonly type: "user/react";
      readonly session: SessionNumber;
      readonly index: number;
      readonly text: string;
      readonly on: boolean;
    }
  /** The user has started or stopped typing. */
  | { readonly type: "user/typing"; readonly session: SessionNumber; readonly value: boolean }
  | { readonly type: "user/command"; readonly request: RequestId; readonly command: Command }
  /** Shows a session, as by a click on its tab. */
  | { readonly type: "user/activate"; readonly session: SessionNumber }
  | { readonly type: "user/leave"; readonly session: SessionNumber }
  /** Cancels an unanswered fork, by the id in its view. */
  | { readonly type: "user/cancelFork"; readonly id: string }
  | ({ readonly type: "user/draft" } & Draft)
  | { readonly type: "user/retry"; readonly session: SessionNumber; readonly id: string }
  | { readonly type: "user/discard"; readonly session: SessionNumber; readonly id: string }
  /** Answers a question that the core asked (effect `ask`). */
  | { readonly type: "user/answer"; readonly question: string; readonly answer: Answer }
  /** The page's dialog with the safety number was opened or closed, or the user reported the result. */
  | { readonly type: "user/verify"; readonly session: SessionNumber; readonly open: boolean }
  | { readonly type: "user/verified"; readonly session: SessionNumber; readonly value: boolean };

export type Answer = "yes" | "no" | "block";

export type HostEvent =
  /** The user is at the window, or has been away from it for a while. */
  | { readonly type: "host/presence"; readonly presence: "here" | "away" }
  /** The window gained or lost focus; and whether its user is busy. */
  | { readonly type: "host/focus"; readonly focused: boolean }
  | { readonly type: "host/occupied"; readonly occupied: boolean }
  /** Why the lines that a command named are not in a session's composer, as a sentence. */
  | { readonly type: "host/notAttached"; readonly session: SessionNumber; readonly text: string }
  /** The peer of this session asked where the user is, and must not be told without asking the user. */
  | { readonly type: "host/askWhere"; readonly session: SessionNumber }
  /** A session was muted or unmuted. */
  | { readonly type: "user/mute"; readonly session: SessionNumber; readonly value: boolean }
  /** The panel became visible or hidden. */
  | { readonly type: "panel/visible"; readonly visible: boolean }
  /** Sessions whose end would not be visible if they were shown, because the reader is further up on each page. */
  | { readonly type: "panel/above"; readonly sessions: readonly SessionNumber[] }
  /** The window was reloaded while joined: join again, and keep retrying while the server is away. */
  | { readonly type: "window/restored" }
  /** The user's settings, at startup and after each change. */
  | { readonly type: "settings/changed"; readonly settings: CoreSettings }
  /** What is saved about people at the server to be joined; precedes `user/join`. */
  | { readonly type: "people/loaded"; readonly people: readonly KnownPeer[] }
  /** Saved lines of earlier sessions with the same people, for a new session. */
  | {
      readonly type: "history/loaded";
      readonly session: SessionNumber;
      readonly entries: readonly Entry[];
      readonly seen: Seen | null;
    }
  /** The user has cleared a session's lines, or (null) those of all. */
  | { readonly type: "history/cleared"; readonly session: SessionNumber | null }
  /** This window's memory cannot be saved, or can be again, with everything in it. */
  | { readonly type: "storage/failed"; readonly failure: StorageFailure }
  | { readonly type: "storage/recovered" }
  /** Conversations cannot be saved beyond this window. */
  | { readonly type: "history/failed" }
  /** A transfer is new, or something of it has changed. */
  | { readonly type: "transfer/changed"; readonly transfer: TransferStatus }
  /** This machine keeps the file that a message offers, beside what the user does with it; null: no longer. */
  | {
      readonly type: "file/kept";
      readonly sid: SessionId;
      readonly id: FileId;
      readonly own: boolean;
      readonly kept: KeptFile | null;
    }
  /**
   * The user has applied the changes that the message at this index brings, all or some of them; `none`: and has taken them back.
   * `part`: as the message was then.
   */
  | {
      readonly type: "changes/applied";
      readonly sid: SessionId;
      readonly index: number;
      readonly part: ChangesPart;
      readonly which: "all" | "some" | "none";
    }
  /** A file is in a composer, perhaps with another copy than before. It leaves with its message, or is discarded. */
  | { readonly type: "file/composed"; readonly sid: SessionId; readonly file: ComposedFile }
  | { readonly type: "file/discarded"; readonly id: FileId }
  | { readonly type: "timer"; readonly key: TimerKey };

export type CoreEvent = UserEvent | HostEvent | NetworkEvent;
export type StampedEvent = CoreEvent & Stamp;
