// A connection as the rendezvous sees it, and who its client is once it has joined.
import type { ErrorCode, RefusedCode } from "../../protocol/errors.ts";
import type { MessageId, Token } from "../../protocol/fields.ts";
import type { EndReason } from "../base/tally.ts";
import type { Entry } from "./directory.ts";
import type { Outlet } from "../fanOut/outbox.ts";
import type { MemberRecord } from "./member.ts";

/** Someone in the lobby. */
export type Member = Entry<MemberRecord<Client>>;

/** Why a connection is not read: its message waits for its turn in the lobby, it has sent too many bytes, or the server has read
 * enough in this turn of the event loop. */
export type Pause = keyof typeof pauses;

/** A bit for each reason. */
export const pauses = { turn: 1, rate: 2, busy: 4 } as const;

/** A connection as the rendezvous sees it. */
export interface Client extends Outlet {
  readonly address: string;
  /** The `Host` that the client used. */
  readonly host: string;
  /** Hosts for which its join may be signed. */
  readonly dialled: readonly string[];
  /** The nonce to sign, new for each connection. */
  readonly nonce: Token;
  /** Set by the rendezvous when the client has joined. */
  member: Member | undefined;
  /** The client has joined, so the time limit for that ends. */
  joined(): void;
  /** What is written next must be read in time; see Unread. */
  mustRead(): void;
  /** Stops reading, until it is resumed for each reason. */
  pause(why: Pause): void;
  /** Reads again, if no other reason remains. */
  resume(why: Pause): void;
  /** Answers with an error. `id`: that of the message that failed. */
  fail(code: ErrorCode, details?: { id?: MessageId; retryMs?: number }): void;
  /** `host`: the one that the server saw, if it may be the cause. */
  refuse(code: RefusedCode, text: string, details?: { retryMs?: number; host?: string }): void;
  /** @param why for the metrics, if the code does not tell */
  close(code: number, reason: string, why?: EndReason): void;
}
