// Who comes to the lobby, comes back, is away, and goes: the directory, the list of users, the welcome of a newcomer, and what
// the others are told.
import { closeCodes } from "../../protocol/errors.ts";
import type { Presence, Token } from "../../protocol/fields.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import type { Log } from "../base/log.ts";
import { userListFrame } from "../fanOut/frame.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { Admitted, Join } from "../joining/joinChecks.ts";
import { Welcomes, type Missed } from "../joining/welcomes.ts";
import type { Client, Member } from "../names/client.ts";
import type { MemberRecord } from "../names/member.ts";
import type { Registry } from "../names/registry.ts";
import { Lineages } from "./lineages.ts";
import type { Lobby } from "./lobby.ts";
import type { Notices } from "./notices.ts";
import { userOf, type UserList } from "./userList.ts";

type Dependencies = {
  readonly registry: Registry<MemberRecord<Client>>;
  readonly users: UserList;
  readonly lobby: Lobby;
  readonly notices: Notices;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Lobby messages that a newcomer gets. */
  readonly newcomerMessages: number;
  /** Random bytes that resume tokens are signed with. */
  readonly resumeSecret: Buffer;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly newToken: () => Token;
  /** What this connection still has to say is forgotten. */
  readonly silence: (client: Client) => void;
};

export class Attendance {
  readonly #deps: Dependencies;
  readonly #lineages: Lineages;
  readonly #welcomes: Welcomes;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#lineages = new Lineages(deps.resumeSecret);
    this.#welcomes = new Welcomes(deps.now);
  }

  /** A member from now on: welcomed, and told to the others unless they take over a connection of their own. */
  enter(client: Client, message: Join, { name, pin, returning }: Admitted): void {
    const { lobby, registry, newcomerMessages } = this.#deps;
    const known = this.#lineages.find(message.resume, pin);
    const lineage = known ?? this.#lineages.start(lobby.seq);
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
    const member = returning ?? registry.enter(name, presence);
    if (returning !== undefined) {
      const { client: old } = member.value;
      member.value.client = client;
      member.value.former = message.resume;
      member.value.token = token;
      member.value.lineage = lineage.id;
      old.member = undefined;
      this.#deps.silence(old);
      old.close(closeCodes.replaced, "the same client has come back on another connection");
      // As everybody who joins; its user may not be where they were.
      this.attend(member, "here");
    } else {
      this.#deps.users.append({ name: member.name });
      this.#deps.notices.arrived(member);
    }
    client.member = member;
    client.joined();
    const missed = lobby.missed(message.lastSeen, known?.cameAt, newcomerMessages);
    const told = this.#welcomes.take(client.address, missed);
    // Nobody misses what was said before they first came.
    this.#welcome(client, member, message.lastSeen === undefined ? { ...told, gap: false } : told);
    this.#deps.log("info", returning !== undefined ? "resumed" : "joined", {
      name: member.name,
      address: client.address,
      online: registry.size,
    });
  }

  #welcome(client: Client, member: Member, missed: Missed): void {
    const { lobby, outbox, users } = this.#deps;
    client.mustRead();
    const frames = [
      ...userListFrame(
        {
          type: "joined",
          name: member.name,
          resume: member.value.token,
          epoch: lobby.epoch,
          seq: lobby.seq,
          missed: missed.frames.length,
          gap: missed.gap,
          you: { address: client.address },
          users: [],
        },
        users.items(),
      ),
      ...missed.frames,
    ];
    outbox.send(client, frames);
    outbox.listen(client);
  }

  /** Somebody is away, back, or not to be disturbed: who is online is told, and who comes later. */
  attend(member: Member, state: Presence): void {
    const before = member.value.presence;
    if (before === state) return;
    member.value.presence = state;
    this.#deps.users.replace(userOf(member));
    this.#deps.notices.attends(member, before);
  }

  leave(client: Client, member: Member, reason: LeaveReason): void {
    const { registry, users, notices, log } = this.#deps;
    client.member = undefined;
    registry.leave(member, reason === "quit");
    users.remove(member.name);
    notices.left(member, reason);
    log("info", "left", { name: member.name, reason, address: client.address, online: registry.size });
  }
}
