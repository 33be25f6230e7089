// What the core wants done. Effects are data; the host's effect runner is the only one who runs them.
import type { TimerKey } from "./events.ts";
import type { Network } from "./ports.ts";
import type { RequestId } from "./state.ts";

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
  { readonly ok: true } | { readonly ok: false; readonly code: FailureCode; readonly text: string };

/** Why something did not work. The server's own codes come through as `refused`. */
export type FailureCode =
  | "unknown-command"
  | "usage"
  | "not-here"
  | "not-joined"
  | "already-joined"
  | "server-away"
  | "unreachable"
  | "refused"
  | "name"
  | "self-fork"
  | "unknown-user"
  | "already-in-session"
  | "already-forking"
  | "too-many-sessions"
  | "fork-failed"
  | "no-such-session"
  | "message-empty"
  | "message-too-long"
  | "session-ended"
  | "window-full";

export type Effect =
  | NetworkEffect
  | { readonly type: "schedule"; readonly key: TimerKey; readonly ms: number }
  | { readonly type: "cancel"; readonly key: TimerKey }
  | { readonly type: "settle"; readonly request: RequestId; readonly outcome: Outcome };

/** Makes a network effect with the method's own types. */
export function network<M extends NetworkEffect["call"]>(call: M, ...args: Parameters<Network[M]>): Effect {
  return { type: "network", call, args } as NetworkEffect;
}
