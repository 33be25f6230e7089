// Introduces two people: takes invitations and answers to the hall and tells what becomes of them, lets those with a session
// meet again, and issues relay tickets. It never learns what they say.
import type { Card, MessageId, SessionId, Token } from "../../protocol/fields.ts";
import { isLoopback } from "../../protocol/ipAddress.ts";
import { limits } from "../../protocol/limits.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import { Approaches } from "./approaches.ts";
import type { Client, Member } from "../names/client.ts";
import { messageFrame } from "../fanOut/frame.ts";
import type { DeclineReason, Effect, FromMember } from "../hall/commands.ts";
import type { Hall } from "../hall/hall.ts";
import type { Invite } from "../hall/invitations.ts";
import type { LobbyLog } from "../hall/lobbyLog.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import { Cards } from "./cards.ts";
import { Tickets, type Redeemed } from "./tickets.ts";

type Message<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;
type Came<T extends Effect<Client>["type"]> = Extract<Effect<Client>, { type: T }>;

export type IntroducerDependencies = {
  readonly hall: Pick<Hall<Client>, "members" | "invitations">;
  readonly lobbyLog: LobbyLog;
  readonly outbox: Outbox;
  /** Whether the server has a relay. */
  readonly relay: boolean;
  /** Takes one from the budget of the member's key. If there is none, the client has been told. */
  readonly mayAfford: (client: Client, member: Member, kind: "fork" | "reach", id: MessageId) => boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly newSessionId: () => SessionId;
  readonly newToken: () => Token;
  /** Calls `expire` after this many milliseconds. At most one call is pending. */
  readonly wake: (ms: number) => void;
};

/** Bytes of an `invite` and its `withdrawn`, of a `reach` without its card, and of a `tunnel`, with long names. */
const INVITE_BYTES = 512;
const REACH_BYTES = 400;
const TUNNEL_BYTES = 300;

export class Introducer {
  readonly #deps: IntroducerDependencies;
  readonly #cards = new Cards(limits.introductionMs);
  readonly #tickets = new Tickets(limits);
  readonly #approaches = new Approaches();
  #waking = false;

  constructor(deps: IntroducerDependencies) {
    this.#deps = deps;
  }

  /** Redeems a relay ticket of any client. Each is valid for one call. */
  redeem(ticket: string): Redeemed | undefined {
    return this.#tickets.redeem(ticket, this.#deps.now());
  }

  fork(client: Client, member: Member, { id, to, card }: Message<"fork">): void {
    const callee = this.#deps.hall.members.find(to);
    if (callee === undefined) {
      client.fail("unknown-user", { id });
      return;
    }
    if (!this.#deps.mayAfford(client, member, "fork", id)) return;
    if (!this.#mayApproach(client, member, callee, INVITE_BYTES, id)) return;
    const { lobbyLog, newSessionId, now } = this.#deps;
    const sid = newSessionId();
    this.#cards.fork(sid, card, now());
    const { key, value } = callee;
    lobbyLog.append({ type: "fork", ...sender(member), id, sid, callee: key, pin: value.pin });
  }

  answer(client: Client, member: Member, message: Message<"accept" | "decline">): void {
    const { sid } = message;
    const { hall, lobbyLog, now } = this.#deps;
    if (!hall.invitations.isFor(member.key, sid)) {
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
    const isKnown = this.#deps.hall.invitations.sentBy(member.key).some((invite) => invite.id === id);
    if (!isKnown && !this.#deps.mayAfford(client, member, "fork", id)) return;
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

  /** Tells each of the two who and where the other is. */
  introduced({ invite: { id, sid, caller: key }, callee, fork }: Came<"introduced">): void {
    const card = this.#cards.takeFork(sid);
    const calleeCard =
      fork === undefined
        ? this.#cards.takeAnswer(callee.value.connection, sid)
        : this.#cards.takeFork(fork.sid);
    const caller = this.#deps.hall.members.get(key);
    if (caller === undefined || card === undefined || calleeCard === undefined) return;
    const [a, b] = this.#ticketsFor(caller, callee);
    const near = nearness(caller, callee);
    const about = (member: Member, card: Card) => ({ name: member.name, pin: member.value.pin, card });
    this.#tell(caller, {
      ...{ type: "introduction", sid, role: "A", peer: about(callee, calleeCard), id },
      ...{ ...near, ...a },
    });
    this.#tell(callee, {
      type: "introduction",
      sid,
      role: "B",
      peer: about(caller, card),
      ...(fork === undefined ? {} : { id: fork.id }),
      ...near,
      ...b,
    });
  }

  /** The two claim to have a session and want to meet again. Only they know whether that is so. */
  reach(client: Client, member: Member, message: Message<"reach">): void {
    const { id, sid, card } = message;
    const other = this.#met(client, member, message, REACH_BYTES + JSON.stringify(card).length);
    if (other === undefined) return;
    const [a, b] = this.#ticketsFor(member, other);
    const near = nearness(member, other);
    this.#tell(other, { type: "reach", sid, from: member.name, pin: member.value.pin, card, ...near, ...b });
    this.#tell(member, { type: "reaching", id, sid, ...a });
  }

  /** The two claim to have a session with a link, and want a second connection beside it. */
  tunnel(client: Client, member: Member, message: Message<"tunnel">): void {
    const { id, sid } = message;
    if (!this.#deps.relay) {
      client.fail("unknown-type", { id });
      return;
    }
    const other = this.#met(client, member, message, TUNNEL_BYTES);
    if (other === undefined) return;
    const [mine, theirs] = this.#issueTickets(member, other);
    const { pin } = member.value;
    this.#tell(other, { type: "tunnel", sid, from: member.name, pin, ticket: theirs });
    this.#tell(member, { type: "tunneling", id, sid, ticket: mine });
  }

  /** The one that the member says it has a session with, if it may be sent this many bytes. If not, the client has been told. */
  #met(
    client: Client,
    member: Member,
    { id, to, pin }: Message<"reach" | "tunnel">,
    bytes: number,
  ): Member | undefined {
    const other = this.#deps.hall.members.find(to);
    if (other === undefined || (pin !== undefined && other.value.pin !== pin)) {
      client.fail("unknown-user", { id });
      return undefined;
    }
    if (other === member) {
      client.fail("self-fork", { id });
      return undefined;
    }
    if (!this.#deps.mayAfford(client, member, "reach", id)) return undefined;
    return this.#mayApproach(client, member, other, bytes, id) ? other : undefined;
  }

  /** Ends invitations that were not answered in time. */
  expire(): void {
    this.#waking = false;
    for (const sid of this.#cards.over(this.#deps.now())) this.#deps.lobbyLog.append({ type: "expire", sid });
    this.#wakeForExpiry();
  }

  /** Whether the other may be sent this many bytes. If not, the client has been told. */
  #mayApproach(client: Client, member: Member, other: Member, bytes: number, id: MessageId): boolean {
    const retryMs = this.#approaches.take(member.value, other.value, bytes, this.#deps.now());
    if (retryMs > 0) client.fail("rate-limited", { id, retryMs });
    return retryMs === 0;
  }

  #ticketsFor(a: Member, b: Member): [{ ticket?: Token }, { ticket?: Token }] {
    if (!this.#deps.relay) return [{}, {}];
    const [mine, theirs] = this.#issueTickets(a, b);
    return [{ ticket: mine }, { ticket: theirs }];
  }

  /** They are charged to `a`. */
  #issueTickets(a: Member, b: Member): [Token, Token] {
    const [first, second] = [this.#deps.newToken(), this.#deps.newToken()];
    const tickets = [
      { token: first, holder: a.value },
      { token: second, holder: b.value },
    ] as const;
    this.#tickets.issue(...tickets, a.value, this.#deps.now());
    return [first, second];
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
    this.#cards.takeFork(invite.sid);
    const caller = this.#deps.hall.members.get(invite.caller);
    if (caller === undefined) return;
    this.#tell(caller, { type: "declined", id: invite.id, to: to ?? invite.callee, reason });
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

function sender({ key, value }: Member): FromMember {
  return { key, connection: value.connection };
}

/** Marks two people at one address as near. Not over loopback, where all may come through a proxy. */
function nearness(a: Member, b: Member): { near?: true } {
  const [address, other] = [a.value.client?.address, b.value.client?.address];
  if (address === undefined || other === undefined || isLoopback(address)) return {};
  return addressKey(address) === addressKey(other) ? { near: true } : {};
}
