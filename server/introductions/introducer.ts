// Introduces two people: invitations and their answers, meetings of those with a session, and relay tickets. It never learns
// what they say.
import type { Card, MessageId, SessionId, Token } from "../../protocol/fields.ts";
import { isLoopback } from "../../protocol/ipAddress.ts";
import { limits } from "../../protocol/limits.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import { Approaches } from "./approaches.ts";
import type { Client, Member } from "../names/client.ts";
import { messageFrame } from "../fanOut/frame.ts";
import { Introductions, type Invite } from "./introductions.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { MemberRecord } from "../names/member.ts";
import type { Registry } from "../names/registry.ts";
import { Tickets, type Redeemed } from "./tickets.ts";

type Message<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;

export type IntroducerDependencies = {
  readonly registry: Registry<MemberRecord<Client>>;
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
  readonly #introductions = new Introductions(limits);
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
    const callee = this.#deps.registry.find(to);
    if (callee === undefined) {
      client.fail("unknown-user", { id });
      return;
    }
    if (!this.#deps.mayAfford(client, member, "fork", id)) return;
    if (!this.#mayApproach(client, member, callee, INVITE_BYTES, id)) return;
    const outcome = this.#introductions.fork({
      id,
      sid: this.#deps.newSessionId(),
      caller: member.key,
      callee: callee.key,
      keeper: member.value,
      card,
      now: this.#deps.now(),
    });
    if (!outcome.ok) {
      client.fail(outcome.error, { id });
      return;
    }
    const { kind, invite } = outcome.value;
    switch (kind) {
      case "invited":
        if (outcome.value.evicted !== undefined) this.#end(outcome.value.evicted, "timeout");
        this.#tell(callee, {
          type: "invite",
          sid: invite.sid,
          from: member.name,
          pin: member.value.pin,
          expiresMs: limits.introductionMs,
        });
        this.#wakeForExpiry();
        return;
      case "crossed":
        // The callee has forked the caller too, so both have consented.
        this.#introduce(invite, member, card, id);
        return;
      default:
        assertNever(kind);
    }
  }

  answer(client: Client, member: Member, message: Message<"accept" | "decline">): void {
    const invite = this.#introductions.answer(member.key, message.sid);
    if (invite === undefined) client.fail("unknown-invite");
    else if (message.type === "decline") this.#decline(invite, member.name, message.reason);
    else this.#introduce(invite, member, message.card, undefined);
  }

  /** The caller cancels its fork. A fork that was answered meanwhile stays answered. */
  withdraw(member: Member, { id }: Message<"withdraw">): void {
    const invite = this.#introductions.withdraw(member.key, id);
    if (invite !== undefined) this.#end(invite, "withdrawn");
  }

  /** Ends an invitation that the callee has not answered, and notifies both sides. */
  #end(invite: Invite, reason: "withdrawn" | "timeout"): void {
    const callee = this.#deps.registry.get(invite.callee);
    this.#decline(invite, callee?.name ?? invite.callee, reason);
    if (callee !== undefined) this.#tell(callee, { type: "withdrawn", sid: invite.sid });
  }

  /** Tells each of the two who and where the other is. `id`: of the callee's own fork, if there was one. */
  #introduce(
    { id, sid, caller: key, card }: Invite,
    callee: Member,
    calleeCard: Card,
    calleeId?: MessageId,
  ): void {
    const caller = this.#deps.registry.get(key);
    if (caller === undefined) return;
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
      ...(calleeId === undefined ? {} : { id: calleeId }),
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
    const other = this.#deps.registry.find(to);
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

  /** Tells everyone who waits for an answer from someone who is gone. */
  leave(member: Member): void {
    for (const invite of this.#introductions.leave(member.key)) this.#decline(invite, member.name, "gone");
  }

  /** Ends invitations that were not answered in time. */
  expire(): void {
    this.#waking = false;
    for (const invite of this.#introductions.expire(this.#deps.now())) {
      this.#decline(invite, this.#deps.registry.get(invite.callee)?.name ?? invite.callee, "timeout");
    }
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

  #decline(invite: Invite, to: string, reason: Extract<ServerMessage, { type: "declined" }>["reason"]): void {
    const caller = this.#deps.registry.get(invite.caller);
    if (caller !== undefined) this.#tell(caller, { type: "declined", id: invite.id, to, reason });
  }

  #tell(member: Member, message: ServerMessage): void {
    this.#deps.outbox.send(member.value.client, [messageFrame(message)]);
  }

  #wakeForExpiry(): void {
    const next = this.#introductions.nextExpiry;
    if (this.#waking || next === undefined) return;
    this.#waking = true;
    this.#deps.wake(Math.max(1, Math.ceil(next - this.#deps.now())));
  }
}

/** Marks two people at one address as near. Not over loopback, where all may come through a proxy. */
function nearness(a: Member, b: Member): { near?: true } {
  const [{ address }, { address: other }] = [a.value.client, b.value.client];
  return !isLoopback(address) && addressKey(address) === addressKey(other) ? { near: true } : {};
}
