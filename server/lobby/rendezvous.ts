// The server's behavior: takes each message of a client, within the budget of its key, to the hall, and what has changed there
// to the clients. Time, randomness, and timers are passed in.
import type { Errand } from "../../protocol/cluster.ts";
import type { MessageId } from "../../protocol/fields.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { ClientMessage, LeaveReason } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import { hostnameOf, isLocalName } from "../admission/hostNames.ts";
import { Budgets } from "../budgets/budgets.ts";
import { messageFrame } from "../fanOut/frame.ts";
import type { Effect, FromMember } from "../hall/commands.ts";
import { Hall, type HallSnapshot } from "../hall/hall.ts";
import { Approaches } from "../introductions/approaches.ts";
import { Meetings } from "../introductions/meetings.ts";
import { Introducer } from "../introductions/introducer.ts";
import type { Redeemed } from "../introductions/tickets.ts";
import { Joins } from "../joining/joins.ts";
import type { Client, Member } from "../names/client.ts";
import { Attendance } from "./attendance.ts";
import { Notices } from "./notices.ts";
import type { RendezvousDependencies } from "./rendezvousDependencies.ts";
import { Speech } from "./speech.ts";
import { UserList, type User } from "./userList.ts";
import { UserListAnswers } from "./userListAnswers.ts";

/** Actions with a rate limit per member. */
type Costly = "say" | "presence" | "fork" | "reach";

export class Rendezvous {
  readonly #deps: RendezvousDependencies;
  readonly #hall: Hall<Client>;
  readonly #attendance: Attendance;
  readonly #introducer: Introducer;
  readonly #meetings: Meetings;
  readonly #joins: Joins;
  readonly #budgets: Budgets<"join" | Costly>;
  readonly #speech: Speech;
  readonly #lists: UserListAnswers;

  constructor(deps: RendezvousDependencies) {
    this.#deps = deps;
    const { clients, historyBytes } = deps;
    const hall = new Hall<Client>({ ...deps, limits: { ...limits, clients, historyBytes } });
    this.#hall = hall;
    const lobbyLog = deps.openLobbyLog((command, at) => this.#applied(hall.apply(command, at)));
    const { members } = hall;
    const readers = (): number => this.#attendance.here;
    const tell = (frame: Buffer, except?: Client): void => deps.outbox.notice(frame, except);
    const knownUsers = (): User[] =>
      [...members.entries()].map((member) => notices.known(member)).filter((user) => user !== undefined);
    const users = new UserList(knownUsers);
    const notices = new Notices({ ...deps, tell, readers, users });
    const perSecond = deps.framesPerSecond;
    this.#budgets = new Budgets(
      {
        join: { perSecond: limits.joinsPerSecond, burst: limits.joinBurst },
        say: { perSecond, burst: perSecond * limits.burstSeconds },
        presence: { perSecond: limits.presencesPerSecond, burst: limits.presenceBurst },
        fork: { perSecond: limits.forksPerSecond, burst: limits.forkBurst },
        reach: { perSecond: limits.reachesPerSecond, burst: limits.reachBurst },
      },
      2 * limits.clients,
    );
    this.#joins = new Joins({
      ...deps,
      lobbyLog,
      seq: () => hall.lobby.seq,
      takeJoin: (pin) => this.#budgets.take("join", pin, deps.now()),
    });
    this.#lists = new UserListAnswers({ ...deps, users, notices });
    this.#speech = new Speech({
      ...deps,
      hall,
      lobbyLog,
      readers: () => hall.mostAtOneServer,
      hasReaders: () => readers() > 0,
      speaks: (member) => notices.tellOf(member),
    });
    const silence = (client: Client): void => this.#speech.forget(client);
    this.#attendance = new Attendance({ ...deps, hall, lobbyLog, users, notices, silence });
    const approaches = new Approaches();
    const shared = {
      ...deps,
      hall,
      mayAfford: (client: Client, member: Member, kind: Costly, id: MessageId): boolean =>
        this.#mayAfford(client, member, kind, id),
      mayApproach: (
        client: Client,
        { value }: Member,
        other: Member,
        bytes: number,
        id: MessageId,
      ): boolean => this.#isFree(client, id, approaches.take(value, other.value, bytes, deps.now())),
    };
    const meetings = new Meetings(shared);
    this.#meetings = meetings;
    this.#introducer = new Introducer({ ...shared, lobbyLog, meetings });
  }

  /** Ends invitations that were not answered in time. */
  expire(): void {
    this.#introducer.expire();
  }

  /** What all members share, for another server to continue from. */
  snapshot(): HallSnapshot {
    return this.#hall.snapshot();
  }

  /** A few numbers that differ if the state does. */
  check(): string {
    return `${this.#hall.lobby.seq} ${this.#hall.members.size}`;
  }

  /** Those who are connected to the server of a life. */
  membersOf(life: number): FromMember[] {
    return this.#hall.membersOf(life).map(({ key, value }) => ({ key, connection: value.connection }));
  }

  /** From now on, those whose connections end stay members, unless they quit: they come back on another server. */
  keepMembers(): void {
    this.#attendance.keepMembers();
  }

  /** Number of members who are connected to this server. */
  get here(): number {
    return this.#attendance.here;
  }

  connected(client: Client): void {
    const { outbox, epoch, reach, relay, accessToken, framesPerSecond } = this.#deps;
    const { frameBytes, textBytes, partBytes } = limits;
    const challenge = messageFrame({
      type: "challenge",
      v: PROTOCOL_VERSION,
      nonce: client.nonce,
      epoch,
      // A client that used another host name came through a proxy, and so can others.
      reach: isLocalName(hostnameOf(client.host)) ? reach : "network",
      relay,
      token: accessToken !== undefined,
      limits: { frameBytes, textBytes, framesPerSecond, partBytes },
      at: this.#deps.wallTime(),
      ...(relay ? { can: ["tunnel"] } : {}),
    });
    outbox.send(client, [challenge]);
  }

  /** Another protocol version: its messages may have any form. */
  joinedByStranger(client: Client): void {
    client.refuse("version", `This server uses protocol version ${PROTOCOL_VERSION}.`);
  }

  /** Redeems a relay ticket of any client. Each is valid for one call. */
  redeem(ticket: string): Redeemed | undefined {
    return this.#meetings.redeem(ticket);
  }

  /** Another server asks to tell one of this server's clients. */
  asked(errand: Errand): void {
    this.#meetings.asked(errand);
  }

  /** @param bytes size of the received message */
  received(client: Client, message: ClientMessage, bytes: number): void {
    const { member } = client;
    if (message.type === "join") {
      if (member !== undefined) client.fail("already-joined");
      else if (message.v !== PROTOCOL_VERSION) this.joinedByStranger(client);
      else this.#joins.join(client, message);
      return;
    }
    if (member === undefined) {
      client.fail("not-joined", "id" in message ? { id: message.id } : {});
      return;
    }
    switch (message.type) {
      case "say":
        if (this.#mayAfford(client, member, "say", message.id)) {
          this.#speech.say({ client, member, message, bytes });
        }
        return;
      case "users":
        this.#lists.answer(client, member);
        return;
      case "presence":
        if (this.#mayAfford(client, member, "presence")) this.#attendance.attend(member, message.state);
        return;
      case "fork":
        this.#introducer.fork(client, member, message);
        return;
      case "withdraw":
        this.#introducer.withdraw(client, member, message);
        return;
      case "reach":
        this.#meetings.reach(client, member, message);
        return;
      case "tunnel":
        this.#meetings.tunnel(client, member, message);
        return;
      case "accept":
      case "decline":
        this.#introducer.answer(client, member, message);
        return;
      default:
        assertNever(message);
    }
  }

  /** The connection has ended. If it was replaced or never joined, no one has left. */
  disconnected(client: Client, reason: LeaveReason): void {
    this.#speech.forget(client);
    const { member } = client;
    if (member === undefined) this.#joins.ended(client, reason);
    else this.#attendance.leave(client, member, reason);
  }

  /** The connection is cut: it does not read, or too much that it sent is waiting. */
  cut(client: Client, why: "slow-reader" | "too-much-held"): void {
    this.#deps.log("warn", why, { address: client.address, name: client.member?.name ?? "" });
  }

  /** Tells the clients what has changed in the hall. */
  #applied(effect: Effect<Client> | undefined): void {
    switch (effect?.type) {
      case undefined:
        return;
      case "entered":
        this.#applied(effect.evicted);
        this.#attendance.entered(effect, this.#joins.takeAsking(effect.connection));
        if (effect.member.value.client !== undefined) this.#introducer.entered(effect);
        return;
      case "refused":
        this.#joins.refused(effect);
        return;
      case "attends":
        this.#attendance.attends(effect.member, effect.before);
        return;
      case "left":
        this.#attendance.left(effect);
        this.#introducer.left(effect);
        return;
      case "lost":
        for (const left of effect.left) this.#applied(left);
        return;
      case "said":
        this.#speech.said(effect);
        return;
      case "failed": {
        const { member, code, id } = effect;
        this.#introducer.failed(effect);
        this.#speech.failed(effect);
        member.value.client?.fail(code, id === undefined ? {} : { id });
        return;
      }
      case "invited":
        this.#introducer.invited(effect);
        return;
      case "introduced":
        this.#introducer.introduced(effect);
        return;
      case "declined":
        this.#introducer.declined(effect);
        return;
      case "expired":
        this.#introducer.expired(effect);
        return;
      case "withdrawn":
        this.#introducer.withdrawn(effect);
        return;
      default:
        assertNever(effect);
    }
  }

  #mayAfford(client: Client, member: Member, kind: Costly, id?: MessageId): boolean {
    return this.#isFree(client, id, this.#budgets.take(kind, member.value.pin, this.#deps.now()));
  }

  /** Whether a request need not wait. If it must, the client is told for how long, in milliseconds. */
  #isFree(client: Client, id: MessageId | undefined, retryMs: number): boolean {
    if (retryMs > 0) client.fail("rate-limited", { ...(id === undefined ? {} : { id }), retryMs });
    return retryMs === 0;
  }
}
