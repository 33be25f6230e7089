// Invitations: takes them and their answers to the hall, and tells what becomes of them.
import type { MessageId, SessionId } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import type { MayApproach } from "./approaches.ts";
import type { Client, Member } from "../names/client.ts";
import { messageFrame } from "../fanOut/frame.ts";
import type { DeclineReason, Effect, FromMember } from "../hall/commands.ts";
import type { Hall } from "../hall/hall.ts";
import type { Invite } from "../hall/invitations.ts";
import type { LobbyLog } from "../hall/lobbyLog.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import { Cards } from "./cards.ts";
import type { Meetings } from "./meetings.ts";

type Message<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;
type Came<T extends Effect<Client>["type"]> = Extract<Effect<Client>, { type: T }>;

export type IntroducerDependencies = {
  readonly hall: Pick<Hall<Client>, "members" | "invitations">;
  readonly lobbyLog: LobbyLog;
  readonly outbox: Outbox;
  readonly meetings: Pick<Meetings, "introduce">;
  /** Takes one from the budget of the member's key. If there is none, the client has been told. */
  readonly mayAfford: (client: Client, member: Member, kind: "fork", id: MessageId) => boolean;
  readonly mayApproach: MayApproach;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly newSessionId: () => SessionId;
  /** Calls `expire` after this many milliseconds. At most one call is pending. */
  readonly wake: (ms: number) => void;
};

/** Bytes of an `invite` and its `withdrawn`, with long names. */
const INVITE_BYTES = 512;

export class Introducer {
  readonly #deps: IntroducerDependencies;
  readonly #cards = new Cards(limits.introductionMs);
  /** Connections whose answer to an invitation, or whose withdrawal of it, is on its way to the hall: one of each. */
  readonly #answering = new Map<SessionId, number>();
  readonly #withdrawing = new Map<SessionId, number>();
  #waking = false;

  constructor(deps: IntroducerDependencies) {
    this.#deps = deps;
  }

  fork(client: Client, member: Member, { id, to, card }: Message<"fork">): void {
    const callee = this.#deps.hall.members.find(to);
    if (callee === undefined) {
      client.fail("unknown-user", { id });
      return;
    }
    if (!this.#deps.mayAfford(client, member, "fork", id)) return;
    if (!this.#deps.mayApproach(client, member, callee, INVITE_BYTES, id)) return;
    const { lobbyLog, newSessionId, now } = this.#deps;
    const sid = newSessionId();
    this.#cards.fork(sid, card, now());
    const { key, value } = callee;
    lobbyLog.append({ type: "fork", ...sender(member), id, sid, callee: key, pin: value.pin });
  }

  answer(client: Client, member: Member, message: Message<"accept" | "decline">): void {
    const { sid } = message;
    const { hall, lobbyLog, now } = this.#deps;
    if (!hall.invitations.isFor(member.key, sid) || !isFirstOf(this.#answering, sid, member)) {
      client.fail("unknown-invite");
      return;
    }
    if (message.type === "decline") {
      lobbyLog.append({ type: "decline", ...sender(member), sid, reason: message.reason });
      return;
    }
    this.#cards.answer(member.value.connection, sid, message.card, now());
    lobbyLog.append({ type: "accept", ...sender(member), sid });
  }

  /**
   * The caller cancels its fork. A fork that was answered meanwhile stays answered. One that is not known may be on its way to
   * the hall; it costs as much as a fork, because there may be none.
   */
  withdraw(client: Client, member: Member, { id }: Message<"withdraw">): void {
    const known = this.#deps.hall.invitations.sentBy(member.key).find((invite) => invite.id === id);
    const mayAsk =
      known === undefined
        ? this.#deps.mayAfford(client, member, "fork", id)
        : isFirstOf(this.#withdrawing, known.sid, member);
    if (!mayAsk) return;
    this.#deps.lobbyLog.append({ type: "withdraw", ...sender(member), id });
  }

  /** Someone is here who was on another server: what they forked there has no card here, but must end in time. */
  entered({ member }: Came<"entered">): void {
    for (const { sid } of this.#deps.hall.invitations.sentBy(member.key)) {
      this.#cards.expect(sid, this.#deps.now());
    }
    this.#wakeForExpiry();
  }

  invited({ invite, evicted }: Came<"invited">): void {
    const { members } = this.#deps.hall;
    if (evicted !== undefined) this.#end(evicted, "timeout");
    const { sid, caller: key } = invite;
    const [caller, callee] = [members.get(key), members.get(invite.callee)];
    if (caller === undefined || callee === undefined) return;
    this.#tell(callee, {
      type: "invite",
      sid,
      from: caller.name,
      pin: caller.value.pin,
      expiresMs: limits.introductionMs,
    });
    this.#wakeForExpiry();
  }

  /** A fork or an answer has failed. */
  failed({ member, id, sid }: Came<"failed">): void {
    if (sid === undefined) return;
    if (id === undefined) this.#cards.takeAnswer(member.value.connection, sid);
    else this.#cards.takeFork(sid);
  }

  declined({ invite, reason }: Came<"declined">): void {
    this.#decline(invite, reason);
  }

  expired({ sid, invite }: Came<"expired">): void {
    if (invite === undefined) this.#cards.takeFork(sid);
    else this.#decline(invite, "timeout");
  }

  withdrawn({ invite }: Came<"withdrawn">): void {
    this.#end(invite, "withdrawn");
  }

  /** Tells everyone who waits for an answer from someone who is gone. No one waits for their own forks any more. */
  left({ member, invites }: Came<"left">): void {
    for (const invite of invites) this.#decline(invite, "gone", member.name);
  }

  /** Both have consented: they learn who and where the other is. */
  introduced({ invite, callee, fork }: Came<"introduced">): void {
    this.#ended(invite);
    const caller = this.#deps.hall.members.get(invite.caller);
    const card = this.#cards.takeFork(invite.sid);
    const answer =
      fork === undefined
        ? this.#cards.takeAnswer(callee.value.connection, invite.sid)
        : this.#cards.takeFork(fork.sid);
    if (caller !== undefined)
      this.#deps.meetings.introduce({ ...invite, caller, card, callee, answer, fork });
  }

  /** Ends invitations that were not answered in time. */
  expire(): void {
    this.#waking = false;
    for (const sid of this.#cards.over(this.#deps.now())) this.#deps.lobbyLog.append({ type: "expire", sid });
    this.#wakeForExpiry();
  }

  /** Ends an invitation that the callee has not answered, and notifies both sides. */
  #end(invite: Invite, reason: "withdrawn" | "timeout"): void {
    const callee = this.#deps.hall.members.get(invite.callee);
    this.#decline(invite, reason);
    if (callee !== undefined) this.#tell(callee, { type: "withdrawn", sid: invite.sid });
  }

  /** @param to the callee's name, who may be gone */
  #decline(
    invite: Invite,
    reason: DeclineReason,
    to = this.#deps.hall.members.get(invite.callee)?.name,
  ): void {
    this.#ended(invite);
    this.#cards.takeFork(invite.sid);
    const caller = this.#deps.hall.members.get(invite.caller);
    if (caller === undefined) return;
    this.#tell(caller, { type: "declined", id: invite.id, to: to ?? invite.callee, reason });
  }

  #ended({ sid }: Invite): void {
    this.#answering.delete(sid);
    this.#withdrawing.delete(sid);
  }

  #tell(member: Member, message: ServerMessage): void {
    const { client } = member.value;
    if (client !== undefined) this.#deps.outbox.send(client, [messageFrame(message)]);
  }

  #wakeForExpiry(): void {
    const next = this.#cards.nextExpiry;
    if (this.#waking || next === undefined) return;
    this.#waking = true;
    this.#deps.wake(Math.max(1, Math.ceil(next - this.#deps.now())));
  }
}

/** Whether this member's connection has not asked about the session yet. */
function isFirstOf(asking: Map<SessionId, number>, sid: SessionId, { value }: Member): boolean {
  if (asking.get(sid) === value.connection) return false;
  asking.set(sid, value.connection);
  return true;
}

function sender({ key, value }: Member): FromMember {
  return { key, connection: value.connection };
}
