// The connection to the server, and its loss.
import type { ConnectionId } from "./ports.ts";

export type Connection =
  | { readonly status: "idle" }
  /** Dialing, or waiting for the answer to `join`. `first`: nothing has been joined yet, and a failure ends it. */
  | {
      readonly status: "connecting";
      readonly id: ConnectionId;
      readonly attempt: number;
      readonly first: boolean;
      /** The challenge has arrived; `join` waits for the listener. */
      readonly greeted: boolean;
    }
  /** `since` in milliseconds since 1970; `attempt` counts the attempts that led here. */
  | { readonly status: "online"; readonly id: ConnectionId; readonly since: number; readonly attempt: number }
  /** Waiting for the next attempt; `text` is the reason for the lost connection. */
  | { readonly status: "offline"; readonly attempt: number; readonly text: string };

/** The end of a connection to the server that had been joined. */
export type Loss = {
  /** When it began, in milliseconds since 1970. Losses without a stable connection between them count as one. */
  readonly at: number;
  /** The reason for the latest end: a sentence part. */
  readonly text: string;
  /** Whether the user sees it. Until then, the lobby looks and works as if connected. */
  readonly shown: boolean;
  /** In alphabetical order: those who were online before it, and are not online again. */
  readonly missing: readonly string[];
};
