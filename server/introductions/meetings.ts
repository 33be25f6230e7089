// Tells two people how to meet: those who have consented, and those with a session who want to meet again. Issues relay
// tickets. It never learns what they say.
import type { Errand } from "../../protocol/cluster.ts";
import type { Card, MessageId, SessionId, Token } from "../../protocol/fields.ts";
import { addressKey, isLoopback } from "../../protocol/ipAddress.ts";
import { limits } from "../../protocol/limits.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { messageFrame } from "../fanOut/frame.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { Hall } from "../hall/hall.ts";
import type { MayApproach } from "./approaches.ts";
import type { Client, Member } from "../names/client.ts";
import { Halves, NO_CARD, type Half } from "./halves.ts";
import type { OtherServers } from "./otherServers.ts";
import { Tickets, type Redeemed } from "./tickets.ts";

type Message<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;

export type MeetingsDependencies = {
  readonly hall: Pick<Hall<Client>, "members">;
  readonly outbox: Outbox;
  /** Undefined: there are none. */
  readonly others: OtherServers | undefined;
  /** Whether the server has a relay. */
  readonly relay: boolean;
  /** Takes one from the budget of the member's key. If there is none, the client has been told. */
  readonly mayAfford: (client: Client, member: Member, kind: "reach", id: MessageId) => boolean;
  readonly mayApproach: MayApproach;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly newTicket: () => Token;
  readonly later: (ms: number, call: () => void) => () => void;
};

/** Two people who have consented. The cards: undefined if they are not on this server. */
export type Introduction = {
  readonly sid: SessionId;
  /** The ID of the caller's fork, and of the callee's if it has forked, too. */
  readonly id: MessageId;
  readonly fork: { readonly id: MessageId } | undefined;
  readonly caller: Member;
  readonly card: Card | undefined;
  readonly callee: Member;
  readonly answer: Card | undefined;
};

/** Bytes of a `reach` without its card, and of a `tunnel`, with long names. */
const REACH_BYTES = 400;
const TUNNEL_BYTES = 300;

export class Meetings {
  readonly #deps: MeetingsDependencies;
  readonly #tickets = new Tickets(limits);
  readonly #halves: Halves;

  constructor(deps: MeetingsDependencies) {
    this.#deps = deps;
    this.#halves = new Halves(deps.later);
  }

  /** Redeems a relay ticket of any client. Each is valid for one call. */
  redeem(ticket: string): Redeemed | undefined {
    return this.#tickets.redeem(ticket, this.#deps.now());
  }

  /** Tells each of the two who and where the other is. The caller's server issues the tickets. */
  introduce(introduction: Introduction): void {
    const { sid, id, fork, caller, callee, card = NO_CARD, answer = NO_CARD } = introduction;
    const [hasCaller, hasCallee] = [caller, callee].map(({ value }) => value.client !== undefined);
    const [a, b] = hasCaller === true ? this.#ticketsFor(caller, callee) : [{}, {}];
    const near = nearness(caller, callee);
    const about = ({ name, value }: Member, at: Card) => ({ name, pin: value.pin, card: at });
    const tellCaller = (half: Half): void => {
      const peer = about(callee, half.card);
      this.#tell(caller, { type: "introduction", sid, role: "A", peer, id, ...near, ...a });
    };
    const tellCallee = (half: Half): void => {
      const peer = about(caller, half.card);
      const own = fork === undefined ? {} : { id: fork.id };
      const { ticket } = half;
      const theirs = ticket === undefined ? {} : { ticket };
      this.#tell(callee, { type: "introduction", sid, role: "B", peer, ...own, ...near, ...theirs });
    };
    if (hasCaller === true && hasCallee === true) {
      tellCaller({ card: answer });
      tellCallee({ card, ...b });
    } else if (hasCaller === true) {
      this.#send(callee, { type: "introduce", sid, card, ...b });
      this.#halves.await(sid, tellCaller);
    } else if (hasCallee === true) {
      this.#send(caller, { type: "introduce", sid, card: answer });
      this.#halves.await(sid, tellCallee);
    }
  }

  /** The two claim to have a session and want to meet again. Only they know whether that is so. */
  reach(client: Client, member: Member, message: Message<"reach">): void {
    const { id, sid, card } = message;
    const other = this.#met(client, member, message, REACH_BYTES + JSON.stringify(card).length);
    if (other === undefined) return;
    const [a, b] = this.#ticketsFor(member, other);
    const near = nearness(member, other);
    const { pin } = member.value;
    this.#pass(other, { type: "reach", sid, from: member.name, pin, card, ...near, ...b });
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
    this.#pass(other, { type: "tunnel", sid, from: member.name, pin, ticket: theirs });
    this.#tell(member, { type: "tunneling", id, sid, ticket: mine });
  }

  /** Another server asks to tell one of this server's clients, who may be gone. */
  asked({ key, connection, ...errand }: Errand): void {
    const member = this.#deps.hall.members.get(key);
    if (member?.value.client === undefined || member.value.connection !== connection) return;
    // As for those who are here: someone who does not read gets no more of it.
    if (errand.type === "tell" && member.value.client.backlog > limits.approachBacklogBytes) return;
    if (errand.type === "tell") this.#tell(member, errand.message);
    else this.#halves.came(errand.sid, errand);
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
    return this.#deps.mayApproach(client, member, other, bytes, id) ? other : undefined;
  }

  #ticketsFor(a: Member, b: Member): [{ ticket?: Token }, { ticket?: Token }] {
    if (!this.#deps.relay) return [{}, {}];
    const [mine, theirs] = this.#issueTickets(a, b);
    return [{ ticket: mine }, { ticket: theirs }];
  }

  /** They are charged to `a`. */
  #issueTickets(a: Member, b: Member): [Token, Token] {
    const [first, second] = [this.#deps.newTicket(), this.#deps.newTicket()];
    const tickets = [
      { token: first, holder: a.value },
      { token: second, holder: b.value },
    ] as const;
    this.#tickets.issue(...tickets, a.value, this.#deps.now());
    return [first, second];
  }

  #tell(member: Member, message: ServerMessage): void {
    const { client } = member.value;
    if (client !== undefined) this.#deps.outbox.send(client, [messageFrame(message)]);
  }

  /** Tells a member, who may be on another server. */
  #pass(member: Member, message: Extract<ServerMessage, { type: "reach" | "tunnel" }>): void {
    if (member.value.client === undefined) this.#send(member, { type: "tell", message });
    else this.#tell(member, message);
  }

  /** To the server of a member. */
  #send({ key, value }: Member, errand: ErrandBody): void {
    const { connection } = value;
    this.#deps.others?.ask(connection, { key, connection, ...errand });
  }
}

/** An errand without its receiver. */
type ErrandBody = Errand extends infer E ? (E extends Errand ? Omit<E, "key" | "connection"> : never) : never;

/** Marks two people at one address as near. Not over loopback, where all may come through a proxy. */
function nearness(a: Member, b: Member): { near?: true } {
  const { address } = a.value;
  const isLocal = isLoopback(address) || address === LOOPBACK_KEY;
  return !isLocal && address === b.value.address ? { near: true } : {};
}

const LOOPBACK_KEY = addressKey("::1");
