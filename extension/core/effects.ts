// What the core wants done. Effects are data; the host's effect runner is the only one who runs them.
import type { SessionNumber } from "../../protocol/webview.ts";
import type { TimerKey } from "./events.ts";
import type { Network } from "./ports.ts";
import type { KnownPeer, RequestId } from "./state.ts";

/** A call of the network: its method and arguments. */
export type NetworkEffect = {
  [M in Exclude<keyof Network, "dispose">]: {
    readonly type: "network";
    readonly call: M;
    readonly args: Readonly<Parameters<Network[M]>>;
  };
}[Exclude<keyof Network, "dispose">];

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

/** A question to the user that keeps something waiting; never modal unless it is `loud`. */
export type Question = {
  readonly id: string;
  readonly text: string;
  /** Loud: something is wrong, a clear decision is needed before anything goes on. */
  readonly loud: boolean;
  /** Labels of the answers yes and no. */
  readonly yes: string;
  readonly no: string;
  /** Whether the answer `block` is offered. */
  readonly block: boolean;
};

export type Effect =
  | NetworkEffect
  /** A quiet notification about these sessions; the first is the one that it leads to. */
  | { readonly type: "notify"; readonly text: string; readonly sessions: readonly SessionNumber[] }
  | { readonly type: "ask"; readonly question: Question }
  /** A question has been answered otherwise, or is over. */
  | { readonly type: "withdraw"; readonly question: string }
  /** What is known of somebody at a server, to be kept; replaces what was kept under that name. */
  /** `unblocks`: nothing else takes a block from what is kept. */
  | {
      readonly type: "remember";
      readonly server: string;
      readonly peer: KnownPeer;
      readonly unblocks: boolean;
    }
  | { readonly type: "forget"; readonly server: string; readonly name: string; readonly unblocks: boolean }
  /** A line that a session holds no more was changed or taken back: what is kept is to hold it no more either. */
  | { readonly type: "trim"; readonly session: SessionNumber }
  | { readonly type: "schedule"; readonly key: TimerKey; readonly ms: number }
  | { readonly type: "cancel"; readonly key: TimerKey }
  | { readonly type: "settle"; readonly request: RequestId; readonly outcome: Outcome };

/** Makes a network effect with the method's own types. */
export function network<M extends NetworkEffect["call"]>(call: M, ...args: Parameters<Network[M]>): Effect {
  return { type: "network", call, args } as NetworkEffect;
}
