// What the rendezvous needs of a connection, and who the client is once it has joined.
import type { ErrorCode, RefusedCode } from "../../protocol/errors.ts";
import type { MessageId, Token } from "../../protocol/fields.ts";
import type { Entry } from "./directory.ts";
import type { Outlet } from "../fanOut/outbox.ts";
import type { MemberRecord } from "./member.ts";

/** Somebody in the lobby. */
export type Member = Entry<MemberRecord<Client>>;

/** Why a connection is not read: its message waits for its turn in the lobby, it has sent too many bytes, or the server has read
 * enough in this turn of the event loop. */
export type Pause = keyof typeof pauses;

/** A bit for each reason. */
export const pauses = { turn: 1, rate: 2, busy: 4 } as const;

/** What the rendezvous needs of a connection. */
export interface Client extends Outlet {
  readonly address: string;
  /** The `Host` under which it has reached us. */
  readonly host: string;
  /** Hosts for which its join may be signed. */
  readonly dialled: readonly string[];
  /** What it has to sign, new for each connection. */
  readonly nonce: Token;
  /** Set by the rendezvous: who this is, once it has joined. */
  member: Member | undefined;
  /** It has joined: the time for that is over. */
  joined(): void;
  /** What is written to it next has to be taken in time; see Unread. */
  mustRead(): void;
  /** Nothing more is read from it, until it is resumed for each reason. */
  pause(why: Pause): void;
  /** It is read again, if it was paused for this reason alone. */
  resume(why: Pause): void;
  /** Answers with an error; `id` is that of the message which failed. */
  fail(code: ErrorCode, details?: { id?: MessageId; retryMs?: number }): void;
  /** `host`: the one that the server saw, where that may be why. */
  refuse(code: RefusedCode, text: string, details?: { retryMs?: number; host?: string }): void;
  close(code: number, reason: string): void;
}
