// How a request of the user ended, and the codes of what can go wrong.

/** Names a command's caller, who waits for its `settle` effect. */
export type RequestId = number;

/** How a request ended. `text` is a sentence for people, which also stands in the panel. */
export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: FailureCode;
      readonly text: string;
      /** With `untrusted-server`: the certificate's SHA-256, hexadecimal with colons. */
      readonly fingerprint?: string;
    };

/** Why something did not work. The server's own codes come through as `refused`. */
export type FailureCode =
  | "unknown-command"
  | "usage"
  | "not-here"
  | "not-joined"
  | "already-joined"
  | "server-away"
  | "unreachable"
  /** What answers at the server's URL is no server that this window can talk to. */
  | "no-server"
  /** The server's URL cannot be used. */
  | "server-url"
  | "refused"
  /** The server asks for a token, and there is none, or a wrong one. */
  | "token-needed"
  | "untrusted-server"
  | "blocked"
  | "no-question"
  | "name"
  | "self-fork"
  | "unknown-user"
  | "already-in-session"
  | "already-forking"
  /** The user has cancelled a fork that was not answered yet. */
  | "cancelled"
  | "too-many-sessions"
  | "fork-failed"
  | "no-such-session"
  | "unknown-message"
  | "not-yours"
  | "message-empty"
  | "message-too-long"
  | "session-ended"
  /** Messages are still waiting where a command leaves: the user is being asked. */
  | "unsent-messages"
  | "window-full";

export type Failure = { readonly code: FailureCode; readonly text: string; readonly fingerprint?: string };
