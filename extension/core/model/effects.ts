// What the core wants done, as data. The core itself runs nothing.
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { WrittenLines } from "../../../protocol/fileReference.ts";
import type { WantedChanges } from "../changes/changesArgument.ts";
import type { TimerKey } from "./timers.ts";
import type { Network } from "./ports.ts";
import type { TransferReports } from "./transferPorts.ts";
import type { KnownPeer } from "./person.ts";
import type { Outcome, RequestId } from "./outcome.ts";
import type { Question } from "./question.ts";

/** A network call: its method and arguments. */
export type NetworkEffect = {
  [M in Exclude<keyof Network, "dispose">]: {
    readonly type: "network";
    readonly call: M;
    readonly args: Readonly<Parameters<Network[M]>>;
  };
}[Exclude<keyof Network, "dispose">];

/** Something that the transfers of files have to know: a method and its arguments. */
export type TransfersEffect = {
  [M in keyof TransferReports]: {
    readonly type: "transfers";
    readonly call: M;
    readonly args: Readonly<Parameters<TransferReports[M]>>;
  };
}[keyof TransferReports];

export type Effect =
  | NetworkEffect
  | TransfersEffect
  /** A quiet notification about these sessions; it opens the first. */
  | { readonly type: "notify"; readonly text: string; readonly sessions: readonly SessionNumber[] }
  | { readonly type: "ask"; readonly question: Question }
  /** A question was answered elsewhere, or is over. */
  | { readonly type: "withdraw"; readonly question: string }
  /** What to save about a person at a server; replaces what was saved under that name. */
  /** `unblocks`: only this removes a saved block. */
  | {
      readonly type: "remember";
      readonly server: string;
      readonly peer: KnownPeer;
      readonly unblocks: boolean;
    }
  | { readonly type: "forget"; readonly server: string; readonly name: string; readonly unblocks: boolean }
  /** A line that the session no longer holds was edited or retracted: remove it from what is saved. */
  | { readonly type: "trim"; readonly session: SessionNumber }
  /** Lines of one of the user's files, for a session's composer. */
  | { readonly type: "attachLines"; readonly session: SessionNumber; readonly lines: WrittenLines }
  /** Offer one of the user's files in a session. */
  | { readonly type: "offerFile"; readonly session: SessionNumber; readonly path: string }
  /** Let the user choose changes for a session's composer. */
  | { readonly type: "sendChanges"; readonly session: SessionNumber; readonly wanted: WantedChanges }
  /** Send where the user is. `agreed`: the user was asked; otherwise the user must not be surprised by what is sent. */
  | { readonly type: "tellWhere"; readonly session: SessionNumber; readonly agreed: boolean }
  | { readonly type: "schedule"; readonly key: TimerKey; readonly ms: number }
  | { readonly type: "cancel"; readonly key: TimerKey }
  | { readonly type: "settle"; readonly request: RequestId; readonly outcome: Outcome };

/** Builds a network effect with the method's own types. */
export function network<M extends NetworkEffect["call"]>(call: M, ...args: Parameters<Network[M]>): Effect {
  return { type: "network", call, args } as NetworkEffect;
}

/** The same for an effect about transfers. */
export function transfers<M extends TransfersEffect["call"]>(
  call: M,
  ...args: Parameters<TransferReports[M]>
): Effect {
  return { type: "transfers", call, args } as TransfersEffect;
}
