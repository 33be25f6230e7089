// Joins, returns, presence and departures in the lobby: keeps the directory and the user list, welcomes a newcomer, and notifies
// the others.
import { closeCodes } from "../../protocol/errors.ts";
import type { Presence } from "../../protocol/fields.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import { userListFrame } from "../fanOut/frame.ts";
import type { Admitted, Join } from "../joining/joinChecks.ts";
import { Welcomes, type Missed } from "../joining/welcomes.ts";
import type { Client, Member } from "../names/client.ts";
import type { MemberRecord } from "../names/member.ts";
import type { Registry } from "../names/registry.ts";
import { Lineages } from "./lineages.ts";
import type { Lobby } from "./lobby.ts";
import type { Notices } from "./notices.ts";
import type { RendezvousDependencies } from "./rendezvousDependencies.ts";
import { userOf, type UserList } from "./userList.ts";

type Dependencies = Pick<
  RendezvousDependencies,
  "outbox" | "log" | "newcomerMessages" | "resumeSecret" | "now" | "wallTime" | "newToken"
> & {
  readonly registry: Registry<MemberRecord<Client>>;
  readonly users: UserList;
  readonly lobby: Lobby;
  readonly notices: Notices;
  /** Discards the messages of this connection that still wait for their turn. */
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

  /** Makes this client a member: welcomes it, and notifies the others unless it replaces a connection of its own. */
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
      // Like every client that joins: its user may no longer be away.
      this.attend(member, "here");
    } else {
      this.#deps.notices.arrived(member);
    }
    client.member = member;
    client.joined();
    const missed = lobby.missed(message.lastSeen, known?.cameAt, newcomerMessages);
    const told = this.#welcomes.take(client.address, missed);
    // A newcomer misses nothing that was said before their first visit.
    this.#welcome(client, member, message.lastSeen === undefined ? { ...told, gap: false } : told);
    this.#deps.log("info", returning !== undefined ? "resumed" : "joined", {
      name: member.name,
      address: client.address,
      online: registry.size,
    });
  }

  #welcome(client: Client, member: Member, missed: Missed): void {
    const { lobby, outbox, users, notices } = this.#deps;
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
          users: notices.known(member) === undefined ? [userOf(member)] : [],
        },
        users.items(),
      ),
      ...missed.frames,
    ];
    outbox.send(client, frames);
    outbox.listen(client);
  }

  /** Updates a member's presence: notifies the members online, and shows it in the list for later ones. */
  attend(member: Member, state: Presence): void {
    const before = member.value.presence;
    if (before === state) return;
    member.value.presence = state;
    this.#deps.notices.attends(member, before);
  }

  leave(client: Client, member: Member, reason: LeaveReason): void {
    const { registry, notices, log } = this.#deps;
    client.member = undefined;
    registry.leave(member, reason === "quit");
    notices.left(member, reason);
    log("info", "left", { name: member.name, reason, address: client.address, online: registry.size });
  }
}
