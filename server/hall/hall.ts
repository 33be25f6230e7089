// Everything that all members share: who is online under which name, the lobby's messages, and open invitations. A state machine:
// it changes by commands alone, and halls that apply the same commands at the same times are equal. It knows no connections,
// clocks or randomness.
import type { Epoch, LobbyAbout } from "../../protocol/fields.ts";
import { contentOf, lobbyBody } from "../../protocol/messageContent.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import { assertNever } from "../../protocol/result.ts";
import { Ranking } from "../budgets/ranking.ts";
import { messageFrame, retoldFrame } from "../fanOut/frame.ts";
import type { Entry } from "../names/directory.ts";
import type { HeldName, HeldNameLimits } from "../names/heldNames.ts";
import { afterToken, isTokenOf, type MemberRecord } from "../names/member.ts";
import type { NamesChanged } from "../names/nameStore.ts";
import { Registry, type RegistrySnapshot } from "../names/registry.ts";
import type { Command, Effect, Enter, FromMember, Left, SayMessage } from "./commands.ts";
import { lifeOf } from "./connectionNumbers.ts";
import { Invitations, type InvitationLimits, type InvitationsSnapshot } from "./invitations.ts";
import { isChange, Lobby, type LobbyLimits, type LobbySnapshot } from "./lobby.ts";
import { aboutProblem } from "./aboutProblem.ts";
import { MemberNetworks } from "./memberNetworks.ts";

export type HallDependencies = {
  readonly epoch: Epoch;
  readonly limits: HeldNameLimits & LobbyLimits & InvitationLimits & { readonly clients: number };
  /** Names held from before the start. */
  readonly heldNames: readonly HeldName[];
  /** Called when the names to keep across restarts have changed. */
  readonly heldNamesChanged: NamesChanged;
  /** The saved state of another hall to continue from; undefined: this one starts empty. */
  readonly snapshot?: HallSnapshot | undefined;
};

/** Everything, as plain data. */
export type HallSnapshot = {
  readonly registry: RegistrySnapshot<Omit<MemberRecord<never>, "client">>;
  readonly lobby: LobbySnapshot;
  readonly invitations: InvitationsSnapshot;
};

/** A command of this type. */
type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

export class Hall<C> {
  readonly #places: number;
  readonly #registry: Registry<MemberRecord<C>>;
  readonly #lobby: Lobby;
  readonly #invitations: Invitations;
  /** How many members are connected to the server of each life. */
  readonly #atServers = new Ranking();
  readonly #networks = new MemberNetworks<Entry<MemberRecord<C>>>();

  constructor({ epoch, limits, heldNames, heldNamesChanged, snapshot }: HallDependencies) {
    const registry = snapshot && {
      ...snapshot.registry,
      here: snapshot.registry.here.map(([name, record]) => [name, { client: undefined, ...record }] as const),
    };
    this.#places = limits.clients;
    this.#registry = new Registry(limits, heldNames, heldNamesChanged, registry);
    this.#lobby = new Lobby(epoch, limits, snapshot?.lobby);
    this.#invitations = new Invitations(limits, snapshot?.invitations);
    for (const member of this.#registry.entries()) this.#count(member);
  }

  snapshot(): HallSnapshot {
    const { here, held } = this.#registry.snapshot();
    return {
      registry: { here: here.map(([name, { client: _client, ...record }]) => [name, record] as const), held },
      lobby: this.#lobby.snapshot(),
      invitations: this.#invitations.snapshot(),
    };
  }

  /** Who is online, to be read. */
  get members(): Pick<Registry<MemberRecord<C>>, "size" | "find" | "get" | "entries"> {
    return this.#registry;
  }

  /** Those who are connected to the server of a life. */
  membersOf(life: number): Entry<MemberRecord<C>>[] {
    return [...this.#registry.entries()].filter(({ value }) => lifeOf(value.connection) === life);
  }

  /** How many members are connected to the server that has the most. */
  get mostAtOneServer(): number {
    return this.#atServers.most;
  }

  /** The lobby's messages, to be read. */
  get lobby(): Pick<Lobby, "epoch" | "seq" | "find" | "authorOf" | "missed"> {
    return this.#lobby;
  }

  /** Open forks, to be read. */
  get invitations(): Pick<Invitations, "isFor" | "sentBy"> {
    return this.#invitations;
  }

  /**
   * Applies the next command. Ignores commands of replaced connections, and of invitations that were answered.
   * @param at when, for all halls alike; milliseconds since 1970
   */
  apply(command: Command, at: number): Effect<C> | undefined {
    if (command.type === "enter") return this.#enter(command, at);
    if (command.type === "expire") {
      return { type: "expired", sid: command.sid, invite: this.#invitations.expire(command.sid) };
    }
    if (command.type === "lost") return { type: "lost", left: this.#lose(command.life, at) };
    const member = this.#sender(command);
    if (member === undefined) return undefined;
    switch (command.type) {
      case "leave":
        return this.#leave(member, command.reason, at);
      case "attend":
        return this.#attend(member, command.state);
      case "say":
        return this.#say(member, command.message, at);
      case "fork":
        return this.#fork(member, command);
      case "accept":
      case "decline":
        return this.#answer(member, command);
      case "withdraw": {
        const invite = this.#invitations.withdraw(member.key, command.id);
        return invite === undefined ? undefined : { type: "withdrawn", invite };
      }
      default:
        return assertNever(command);
    }
  }

  #sender({ key, connection }: FromMember): Entry<MemberRecord<C>> | undefined {
    const member = this.#registry.get(key);
    return member?.value.connection === connection ? member : undefined;
  }

  #enter({ connection, name, pin, address, lineage, token, shown }: Enter, at: number): Effect<C> {
    const holder = this.#registry.find(name);
    if (holder?.value.pin === pin && shown !== undefined && isTokenOf(holder.value, shown)) {
      const { value } = holder;
      const before = value.presence;
      // Like everyone who joins: its user may no longer be away.
      const tokens = afterToken(value, shown);
      this.#atServers.remove(serverOf(value));
      Object.assign(value, { connection, address, lineage, ...tokens, token, presence: "here" });
      this.#atServers.add(serverOf(value));
      this.#networks.move(holder, address);
      return { type: "entered", connection, member: holder, before, evicted: undefined };
    }
    if (this.#registry.hasLookalike(name, pin, at))
      return { type: "refused", connection, name, why: "lookalike" };
    const isFull = this.#registry.size >= this.#places;
    const goes = isFull ? this.#networks.toGo(address) : undefined;
    if (isFull && goes === undefined) return { type: "refused", connection, name, why: "full" };
    const evicted = goes && this.#leave(goes, "lost", at);
    const value = {
      client: undefined,
      connection,
      pin,
      address,
      since: at,
      presence: "here" as const,
      token,
      // If the answer does not arrive, the client shows the same token again.
      former: shown === undefined ? [] : [shown],
      turns: 0,
      lineage,
    };
    const member = this.#registry.enter(name, value, at);
    this.#count(member);
    return { type: "entered", connection, member, before: undefined, evicted };
  }

  #count(member: Entry<MemberRecord<C>>): void {
    this.#atServers.add(serverOf(member.value));
    this.#networks.add(member, member.value.address);
  }

  #leave(member: Entry<MemberRecord<C>>, reason: LeaveReason, at: number): Left<C> {
    this.#registry.leave(member, reason === "quit", at);
    this.#atServers.remove(serverOf(member.value));
    this.#networks.remove(member);
    return { type: "left", member, reason, invites: this.#invitations.leave(member.key) };
  }

  #lose(life: number, at: number): Left<C>[] {
    return this.membersOf(life).map((member) => this.#leave(member, "lost", at));
  }

  #attend(member: Entry<MemberRecord<C>>, state: Of<"attend">["state"]): Effect<C> | undefined {
    const before = member.value.presence;
    if (before === state) return undefined;
    member.value.presence = state;
    return { type: "attends", member, before };
  }

  #say(member: Entry<MemberRecord<C>>, message: SayMessage, now: number): Effect<C> {
    const { id, text, about } = message;
    const { lineage: author, pin } = member.value;
    const known = this.#lobby.find(author, id);
    const said = { type: "said", member, id, isChange: isChange(message) } as const;
    if (known !== undefined) return { ...said, ...known, frame: undefined };
    const problem = about && aboutProblem(pin, text, about, this.#lobby.authorOf(about.seq));
    if (problem !== undefined) return { type: "failed", member, id, code: problem };
    // Newcomers must not get retracted or replaced text.
    if (about?.kind === "retract") this.#lobby.retell(about.seq, { text }, retoldFrame);
    if (about?.kind === "edit") this.#lobby.retell(about.seq, contentOf(message), retoldFrame);
    const from = member.name;
    const { seq, at, frame } = this.#lobby.say({ author, owner: member.value, id, about }, now, (seq, at) =>
      messageFrame({ type: "said", seq, at, from, pin, id, ...bodyToPassOn(message) }),
    );
    return { ...said, seq, at, frame };
  }

  #fork(caller: Entry<MemberRecord<C>>, { id, sid, callee: key, pin }: Of<"fork">): Effect<C> {
    const callee = this.#registry.get(key);
    // The name may have passed to someone else meanwhile.
    if (callee?.value.pin !== pin) return { type: "failed", member: caller, code: "unknown-user", id, sid };
    const { key: name, value: keeper } = caller;
    const { connection } = keeper;
    const outcome = this.#invitations.fork({ id, sid, caller: name, callee: key, connection, keeper });
    if (!outcome.ok) return { type: "failed", member: caller, code: outcome.error, id, sid };
    const { invite } = outcome.value;
    return outcome.value.kind === "invited"
      ? { type: "invited", invite, evicted: outcome.value.evicted }
      : // The callee has forked the caller too, so both have consented.
        { type: "introduced", invite, callee: caller, fork: { id, sid } };
  }

  #answer(callee: Entry<MemberRecord<C>>, command: Of<"accept" | "decline">): Effect<C> {
    const invite = this.#invitations.answer(callee.key, command.sid);
    if (invite === undefined) {
      return { type: "failed", member: callee, code: "unknown-invite", sid: command.sid };
    }
    return command.type === "accept"
      ? { type: "introduced", invite, callee, fork: undefined }
      : { type: "declined", invite, reason: command.reason };
  }
}

function serverOf({ connection }: { readonly connection: number }): string {
  return String(lifeOf(connection));
}

/** A reaction or a retraction is nothing but its text. */
function bodyToPassOn(message: SayMessage): ReturnType<typeof lobbyBody<LobbyAbout>> {
  const { text, about } = message;
  return about?.kind === "react" || about?.kind === "retract" ? { text, about } : lobbyBody(message);
}
