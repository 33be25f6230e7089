// The outcomes of user requests, and the codes of failures.

/** Identifies a request; its caller waits for the `settle` effect. */
export type RequestId = number;

/** The outcome of a request. `text` is a sentence for people, also shown in the panel. */
export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: FailureCode;
      readonly text: string;
      /** With `untrusted-server`: the certificate's SHA-256, in hexadecimal with colons. */
      readonly fingerprint?: string;
    };

/** Why something did not work. The server's own codes are passed on as `refused`. */
export type FailureCode =
  | "unknown-command"
  | "usage"
  | "not-here"
  | "not-joined"
  | "already-joined"
  | "server-away"
  | "unreachable"
  /** What answers at the server's URL is not a server that this window can use. */
  | "no-server"
  /** The server's URL cannot be used. */
  | "server-url"
  | "refused"
  /** The server requires a token, and there is none, or a wrong one. */
  | "token-needed"
  | "untrusted-server"
  | "blocked"
  | "no-question"
  | "name"
  | "self-fork"
  | "unknown-user"
  | "already-in-session"
  | "already-forking"
  /** A peer was asked the same a moment ago. */
  | "already-asked"
  /** The peer's version does not have it. */
  | "not-supported"
  /** The user canceled an unanswered fork. */
  | "cancelled"
  | "too-many-sessions"
  | "fork-failed"
  | "no-such-session"
  | "unknown-message"
  | "not-yours"
  | "message-empty"
  | "message-too-long"
  | "session-ended"
  /** A command would leave messages unsent, and the user is being asked. */
  | "unsent-messages"
  | "window-full";

export type Failure = { readonly code: FailureCode; readonly text: string; readonly fingerprint?: string };
