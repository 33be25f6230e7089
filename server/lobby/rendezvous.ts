// The server's behavior: what each client message does to the directory, the lobby and the introductions, and who is
// notified. Time, randomness and timers are passed in.
import { closeCodes } from "../../protocol/errors.ts";
import type { Epoch, MessageId, Presence, SessionId, Token } from "../../protocol/fields.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { ClientMessage, LeaveReason } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import type { AccessToken } from "../admission/accessToken.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import { Budgets } from "../budgets/budgets.ts";
import type { Client, Member } from "../names/client.ts";
import { hostnameOf, isLocalName } from "../admission/hostNames.ts";
import { messageFrame, userListFrame } from "../fanOut/frame.ts";
import type { HeldName } from "../names/heldNames.ts";
import { Introducer } from "../introductions/introducer.ts";
import type { Admitted, Join } from "../joining/joinChecks.ts";
import { Joins } from "../joining/joins.ts";
import type { Missed } from "../joining/welcomes.ts";
import { Lineages } from "./lineages.ts";
import { Lobby } from "./lobby.ts";
import type { Log } from "../base/log.ts";
import type { NamesChanged } from "../names/nameStore.ts";
import { Notices } from "./notices.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { MemberRecord } from "../names/member.ts";
import { Registry } from "../names/registry.ts";
import { Speech } from "./speech.ts";
import type { Redeemed } from "../introductions/tickets.ts";
import { UserList, userOf, usersOf } from "./userList.ts";
import { UserListAnswers } from "./userListAnswers.ts";

export type RendezvousDependencies = {
  readonly epoch: Epoch;
  readonly reach: "loopback" | "network";
  readonly framesPerSecond: number;
  /** Bytes per second of lobby messages to each reader, sustained. */
  readonly lobbyBytesPerSecond: number;
  /** Lobby messages for newcomers. */
  readonly newcomerMessages: number;
  /** Bytes of lobby messages kept for newcomers and for people who reconnect. */
  readonly historyBytes: number;
  /** Whether the server has a relay. */
  readonly relay: boolean;
  /** The token that a join requires; undefined: none. */
  readonly accessToken: AccessToken | undefined;
  /** Saved names, and who is told when they change. */
  readonly heldNames: readonly HeldName[];
  readonly heldNamesChanged: NamesChanged;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly newSessionId: () => SessionId;
  readonly newToken: () => Token;
  /** Random bytes that sign resume tokens. */
  readonly resumeSecret: Buffer;
  /** Calls back once, in the next turn of the event loop (`setImmediate`). */
  readonly nextTurn: (turn: () => void) => void;
  /** Calls `expire` after this many milliseconds. At most one call is pending. */
  readonly wake: (ms: number) => void;
  /** Calls back after this many milliseconds. Returns a function that cancels it. */
  readonly later: (ms: number, call: () => void) => () => void;
};

/** What a member may do only so often. */
type Costly = "say" | "presence" | "fork" | "reach";

export class Rendezvous {
  readonly #deps: RendezvousDependencies;
  readonly #registry: Registry<MemberRecord<Client>>;
  readonly #users: UserList;
  readonly #lobby: Lobby;
  readonly #lineages: Lineages;
  readonly #introducer: Introducer;
  readonly #joins: Joins;
  readonly #budgets: Budgets<"join" | Costly>;
  readonly #speech: Speech;
  readonly #notices: Notices;
  readonly #lists: UserListAnswers;

  constructor(deps: RendezvousDependencies) {
    this.#deps = deps;
    this.#lobby = new Lobby(deps.epoch, { ...limits, historyBytes: deps.historyBytes });
    this.#lineages = new Lineages(deps.resumeSecret);
    this.#registry = new Registry(limits, deps.heldNames, deps.heldNamesChanged, deps.wallTime);
    this.#users = new UserList(() => usersOf(this.#registry.entries()));
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
      registry: this.#registry,
      takeJoin: (pin) => this.#budgets.take("join", pin, deps.now()),
      enter: (client, join, admitted) => this.#enter(client, join, admitted),
    });
    this.#lists = new UserListAnswers({ ...deps, users: this.#users });
    const readers = (): number => this.#registry.size;
    const tell = (frame: Buffer, except?: Client): void => deps.outbox.notice(frame, except);
    this.#notices = new Notices({ ...deps, tell, readers });
    this.#speech = new Speech({
      ...deps,
      lobby: this.#lobby,
      readers,
      speaks: (member) => this.#notices.tellOf(member),
    });
    this.#introducer = new Introducer({
      ...deps,
      registry: this.#registry,
      mayAfford: (client, member, kind, id) => this.#mayAfford(client, member, kind, id),
    });
  }

  /** Ends invitations that were not answered in time. */
  expire(): void {
    this.#introducer.expire();
  }

  connected(client: Client): void {
    const { outbox, epoch, reach, relay, accessToken, framesPerSecond } = this.#deps;
    const { frameBytes, textBytes } = limits;
    const challenge = messageFrame({
      type: "challenge",
      v: PROTOCOL_VERSION,
      nonce: client.nonce,
      epoch,
      // A client that used another host name came through a proxy, and so can others.
      reach: isLocalName(hostnameOf(client.host)) ? reach : "network",
      relay,
      token: accessToken !== undefined,
      limits: { frameBytes, textBytes, framesPerSecond },
      at: this.#deps.wallTime(),
    });
    outbox.send(client, [challenge]);
  }

  /** Another protocol version: its messages may have any form. */
  joinedByStranger(client: Client): void {
    client.refuse("version", `This server uses protocol version ${PROTOCOL_VERSION}.`);
  }

  /** Redeems a relay ticket, whoever shows it. Each is good for one call. */
  redeem(ticket: string): Redeemed | undefined {
    return this.#introducer.redeem(ticket);
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
        if (this.#mayAfford(client, member, "presence")) this.#attend(member, message.state);
        return;
      case "fork":
        this.#introducer.fork(client, member, message);
        return;
      case "withdraw":
        this.#introducer.withdraw(member, message);
        return;
      case "reach":
        this.#introducer.reach(client, member, message);
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
    if (member === undefined) return;
    client.member = undefined;
    this.#registry.leave(member, reason === "quit");
    this.#users.remove(member.name);
    this.#notices.left(member, reason);
    this.#introducer.leave(member);
    const { address } = client;
    this.#deps.log("info", "left", { name: member.name, reason, address, online: this.#registry.size });
  }

  overflowed(client: Client): void {
    this.#deps.log("warn", "slow-reader", { address: client.address, name: client.member?.name ?? "" });
  }

  #enter(client: Client, message: Join, { name, pin, returning }: Admitted): void {
    const known = this.#lineages.find(message.resume, pin);
    const lineage = known ?? this.#lineages.start(this.#lobby.seq);
    const token = this.#lineages.token(lineage, pin, this.#deps.newToken());
    const presence = {
      client,
      pin,
      address: addressKey(client.address),
      since: this.#deps.wallTime(),
      presence: "here" as const,
      token,
      former: undefined,
      lineage: lineage.id,
    };
    const member = returning ?? this.#registry.enter(name, presence);
    if (returning !== undefined) {
      const { client: old } = member.value;
      member.value.client = client;
      member.value.former = message.resume;
      member.value.token = token;
      member.value.lineage = lineage.id;
      old.member = undefined;
      this.#speech.forget(old);
      old.close(closeCodes.replaced, "the same client has come back on another connection");
      // Initially `here`, as for everyone who joins; the user may be elsewhere now.
      this.#attend(member, "here");
    } else {
      this.#users.append({ name: member.name });
      this.#notices.arrived(member);
    }
    client.member = member;
    client.joined();
    const { newcomerMessages } = this.#deps;
    const missed = this.#lobby.missed(message.lastSeen, known?.cameAt, newcomerMessages);
    const told = this.#joins.welcome(client, missed);
    // Messages from before a client first joined do not count as missed.
    this.#welcome(client, member, message.lastSeen === undefined ? { ...told, gap: false } : told);
    this.#deps.log("info", returning !== undefined ? "resumed" : "joined", {
      name: member.name,
      address: client.address,
      online: this.#registry.size,
    });
  }

  #welcome(client: Client, member: Member, missed: Missed): void {
    const { outbox } = this.#deps;
    client.mustRead();
    const frames = [
      ...userListFrame(
        {
          type: "joined",
          name: member.name,
          resume: member.value.token,
          epoch: this.#lobby.epoch,
          seq: this.#lobby.seq,
          missed: missed.frames.length,
          gap: missed.gap,
          you: { address: client.address },
          users: [],
        },
        this.#users.items(),
      ),
      ...missed.frames,
    ];
    outbox.send(client, frames);
    outbox.listen(client);
  }

  /** Presence has changed: tells everyone online, and later newcomers. */
  #attend(member: Member, state: Presence): void {
    const before = member.value.presence;
    if (before === state) return;
    member.value.presence = state;
    this.#users.replace(userOf(member));
    this.#notices.attends(member, before);
  }

  #mayAfford(client: Client, member: Member, kind: Costly, id?: MessageId): boolean {
    const retryMs = this.#budgets.take(kind, member.value.pin, this.#deps.now());
    if (retryMs > 0) client.fail("rate-limited", { ...(id === undefined ? {} : { id }), retryMs });
    return retryMs === 0;
  }
}
