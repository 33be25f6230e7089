// Everything that can happen to a window's chat. Time and chance come with each event, the core has neither.
import type { SessionNumber } from "../../protocol/webview.ts";
import type { Command } from "./commandLine.ts";
import type { NetworkEvent } from "./ports.ts";
import type { RequestId } from "./state.ts";

export type Stamp = {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** At least 0, below 1. */
  readonly random: number;
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
  | {
      readonly type: "user/submit";
      readonly request: RequestId;
      readonly session: SessionNumber;
      readonly text: string;
    }
  | { readonly type: "user/command"; readonly request: RequestId; readonly command: Command }
  /** Looks at a session, as a click on its tab. */
  | { readonly type: "user/activate"; readonly session: SessionNumber }
  | { readonly type: "user/leave"; readonly session: SessionNumber }
  | { readonly type: "user/draft"; readonly session: SessionNumber; readonly text: string }
  | { readonly type: "user/retry"; readonly session: SessionNumber; readonly id: string }
  | { readonly type: "user/discard"; readonly session: SessionNumber; readonly id: string };

export type HostEvent =
  /** The panel has come into sight, or gone out of it. */
  | { readonly type: "panel/visible"; readonly visible: boolean }
  /** The window was reloaded while it had joined: join again, without giving up when the server is away. */
  | { readonly type: "window/restored" }
  | { readonly type: "timer"; readonly key: TimerKey };

/** Names a timer; scheduling a key again replaces its timer. */
export type TimerKey = "reconnect" | "pace" | `fork:${string}` | `invite:${string}`;

export type CoreEvent = UserEvent | HostEvent | NetworkEvent;
export type StampedEvent = CoreEvent & Stamp;
