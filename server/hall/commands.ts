// Commands that change the hall, as plain data for a log, without cards or secrets; and the effects of each, for those who
// notify clients.
import type * as v from "valibot";
import type { Command } from "../../protocol/cluster.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { MessageId, Presence, SessionId } from "../../protocol/fields.ts";
import type { LeaveReason, Say, ServerMessage } from "../../protocol/rendezvous.ts";
import type { Entry } from "../names/directory.ts";
import type { MemberRecord } from "../names/member.ts";
import type { Invite } from "./invitations.ts";

export type { Command };
export type SayMessage = v.InferOutput<typeof Say>;
export type DeclineReason = Extract<ServerMessage, { type: "declined" }>["reason"];
export type Enter = Extract<Command, { type: "enter" }>;

/** The member who asks: the key of its name, and its connection. Commands from a replaced connection are ignored. */
export type FromMember = Pick<Extract<Command, { type: "accept" }>, "key" | "connection">;

/** `invites`: those without an answer, which this member had sent or got. */
export type Left<C> = {
  readonly type: "left";
  readonly member: Entry<MemberRecord<C>>;
  readonly reason: LeaveReason;
  readonly invites: readonly Invite[];
};

/** What a command has changed. `C`: how a connection is known to those who notify the clients. */
export type Effect<C> =
  /**
   * `before`: the presence of a member that has returned on this connection; undefined: someone has joined. `evicted`: the member
   * that has made room.
   */
  | {
      readonly type: "entered";
      readonly connection: number;
      readonly member: Entry<MemberRecord<C>>;
      readonly before: Presence | undefined;
      readonly evicted: Left<C> | undefined;
    }
  /** The name looks like another one, or there are too many members, of whom no one makes room. */
  | {
      readonly type: "refused";
      readonly connection: number;
      readonly name: string;
      readonly why: "lookalike" | "full";
    }
  | Left<C>
  | { readonly type: "lost"; readonly left: readonly Left<C>[] }
  | { readonly type: "attends"; readonly member: Entry<MemberRecord<C>>; readonly before: Presence }
  /** A new message with its frame; without one, the message was known, and this is its place. */
  | {
      readonly type: "said";
      readonly member: Entry<MemberRecord<C>>;
      readonly id: MessageId;
      readonly seq: number;
      readonly at: number;
      /** Whether it changes an earlier message. */
      readonly isChange: boolean;
      readonly frame: Buffer | undefined;
    }
  /** `sid`: of a fork, or of an answer, which has no ID. */
  | {
      readonly type: "failed";
      readonly member: Entry<MemberRecord<C>>;
      readonly code: ErrorCode;
      readonly id?: MessageId;
      readonly sid?: SessionId;
    }
  /** `evicted`: the invitation that has ended to make room. */
  | { readonly type: "invited"; readonly invite: Invite; readonly evicted: Invite | undefined }
  /** Both have consented: the callee by its own fork, or else by its answer. */
  | {
      readonly type: "introduced";
      readonly invite: Invite;
      readonly callee: Entry<MemberRecord<C>>;
      readonly fork: { readonly id: MessageId; readonly sid: SessionId } | undefined;
    }
  | { readonly type: "declined"; readonly invite: Invite; readonly reason: DeclineReason }
  /** `invite`: undefined if it had been answered. */
  | { readonly type: "expired"; readonly sid: SessionId; readonly invite: Invite | undefined }
  | { readonly type: "withdrawn"; readonly invite: Invite };
