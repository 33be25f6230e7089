// Commands that change the hall, as plain data for a log, without connections, cards or secrets; and the effects of each, for
// those who notify clients.
import type { ErrorCode } from "../../protocol/errors.ts";
import type { MessageId, Pin, Presence, SessionId } from "../../protocol/fields.ts";
import type { ClientMessage, LeaveReason, ServerMessage } from "../../protocol/rendezvous.ts";
import type { Entry } from "../names/directory.ts";
import type { MemberRecord, TokenDigest } from "../names/member.ts";
import type { Invite } from "./invitations.ts";

export type SayMessage = Extract<ClientMessage, { type: "say" }>;
export type DeclineReason = Extract<ServerMessage, { type: "declined" }>["reason"];

/** The member who asks. Commands from a connection that has been replaced are ignored. */
export type FromMember = {
  /** The key of its name. */
  readonly key: string;
  readonly connection: number;
};

export type Enter = {
  readonly type: "enter";
  /** Its number, which is never used again. */
  readonly connection: number;
  readonly name: string;
  readonly pin: Pin;
  /** What its address counts as; see addressKey. */
  readonly address: string;
  readonly lineage: string;
  /** Of the resume token that the client gets, and of the one that it has shown. */
  readonly token: TokenDigest;
  readonly shown: TokenDigest | undefined;
};

export type Command =
  | Enter
  | (FromMember & { readonly type: "leave"; readonly reason: LeaveReason })
  | (FromMember & { readonly type: "attend"; readonly state: Presence })
  | (FromMember & { readonly type: "say"; readonly message: SayMessage })
  /** `sid`: of the session, if there will be one. `callee`: the key of a name, and `pin` the key of the person meant. */
  | (FromMember & {
      readonly type: "fork";
      readonly id: MessageId;
      readonly sid: SessionId;
      readonly callee: string;
      readonly pin: Pin;
    })
  | (FromMember & { readonly type: "accept"; readonly sid: SessionId })
  | (FromMember & { readonly type: "decline"; readonly sid: SessionId; readonly reason: DeclineReason })
  | (FromMember & { readonly type: "withdraw"; readonly id: MessageId })
  /** The invitation has expired. */
  | { readonly type: "expire"; readonly sid: SessionId }
  /** A server's life is over, and so are its connections. */
  | { readonly type: "lost"; readonly life: number };

/** `invites`: those without an answer, which this member had sent or got. */
export type Left<C> = {
  readonly type: "left";
  readonly member: Entry<MemberRecord<C>>;
  readonly reason: LeaveReason;
  readonly invites: readonly Invite[];
};

/** What a command has changed. `C`: how a connection is known to those who tell the clients. */
export type Effect<C> =
  /** `before`: the presence of a member that has returned on this connection; undefined: someone has joined. */
  | {
      readonly type: "entered";
      readonly connection: number;
      readonly member: Entry<MemberRecord<C>>;
      readonly before: Presence | undefined;
    }
  /** The name looks like another one. */
  | { readonly type: "refused"; readonly connection: number; readonly name: string }
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
