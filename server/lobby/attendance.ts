// Joins, returns, presence and departures, once the hall has decided them: welcomes a newcomer, and notifies the others.
import { closeCodes } from "../../protocol/errors.ts";
import type { Presence } from "../../protocol/fields.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";
import { userListFrame } from "../fanOut/frame.ts";
import type { Effect } from "../hall/commands.ts";
import type { Hall } from "../hall/hall.ts";
import type { LobbyLog } from "../hall/lobbyLog.ts";
import type { Asking } from "../joining/joins.ts";
import { Welcomes } from "../joining/welcomes.ts";
import type { Client, Member } from "../names/client.ts";
import { isContested } from "../names/member.ts";
import type { Notices } from "./notices.ts";
import type { RendezvousDependencies } from "./rendezvousDependencies.ts";
import { userOf, type UserList } from "./userList.ts";

type Dependencies = Pick<RendezvousDependencies, "outbox" | "log" | "tally" | "newcomerMessages" | "now"> & {
  readonly hall: Pick<Hall<Client>, "members" | "lobby">;
  readonly lobbyLog: LobbyLog;
  readonly users: UserList;
  readonly notices: Notices;
  /** Discards the messages of this connection that still wait for their turn. */
  readonly silence: (client: Client) => void;
};

export class Attendance {
  readonly #deps: Dependencies;
  readonly #welcomes: Welcomes;
  #here = 0;
  #keepsMembers = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#welcomes = new Welcomes(deps.now);
  }

  /** Number of members who are connected to this server. */
  get here(): number {
    return this.#here;
  }

  /**
   * Someone is a member now, or has come back on another connection. Welcomes them if they asked here, and notifies the others
   * of those who were not here before.
   */
  entered(
    { member, before }: Extract<Effect<Client>, { type: "entered" }>,
    asking: Asking | undefined,
  ): void {
    const { client: old } = member.value;
    member.value.client = asking?.client;
    if (asking !== undefined) this.#here += 1;
    if (old !== undefined) {
      this.#here -= 1;
      old.member = undefined;
      this.#deps.silence(old);
      // The other server may have decided about an older join of this client, which then comes back.
      if (asking === undefined && !isContested(member.value))
        old.close(closeCodes.goingAway, "the same client has come back on another server", "replaced");
      else old.close(closeCodes.replaced, "the same client has come back on another connection");
    }
    if (before === undefined) this.#deps.notices.arrived(member);
    else this.attends(member, before);
    if (asking === undefined) return;
    const { client } = asking;
    client.member = member;
    if (!client.open) {
      // It has closed while the hall decided. Someone new has not got the token that resumes on another server.
      const mayResume = before !== undefined || asking.cameAt !== undefined;
      this.leave(client, member, asking.ended ?? "lost", mayResume);
      return;
    }
    client.joined();
    this.#deps.tally.joins[before === undefined ? "new" : "resumed"] += 1;
    this.#welcome(member, asking);
    this.#deps.log("info", before === undefined ? "joined" : "resumed", {
      name: member.name,
      address: client.address,
      online: this.#deps.hall.members.size,
    });
  }

  #welcome(member: Member, { client, lastSeen, cameAt, resume }: Asking): void {
    const { hall, outbox, users, notices, newcomerMessages } = this.#deps;
    const { epoch, seq } = hall.lobby;
    const missed = this.#welcomes.take(client.address, hall.lobby.missed(lastSeen, cameAt, newcomerMessages));
    client.mustRead();
    const frames = [
      ...userListFrame(
        {
          type: "joined",
          name: member.name,
          resume,
          epoch,
          seq,
          missed: missed.frames.length,
          // A newcomer misses nothing that was said before their first visit.
          gap: lastSeen !== undefined && missed.gap,
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

  /** A member wants to be shown with this presence. */
  attend({ key, value }: Member, state: Presence): void {
    this.#deps.lobbyLog.append({ type: "attend", key, connection: value.connection, state });
  }

  /** Notifies the members online of a member's presence, and shows it in the list for later ones. */
  attends(member: Member, before: Presence): void {
    if (member.value.presence !== before) this.#deps.notices.attends(member, before);
  }

  /** From now on, those whose connections end stay members, unless they quit. */
  keepMembers(): void {
    this.#keepsMembers = true;
  }

  /** Someone's connection has ended. `mayResume`: whether its client has a token to resume on another server. */
  leave(client: Client, { key, value }: Member, reason: LeaveReason, mayResume = true): void {
    client.member = undefined;
    if (this.#keepsMembers && mayResume && reason !== "quit") return;
    this.#deps.lobbyLog.append({ type: "leave", key, connection: value.connection, reason });
  }

  left({ member, reason }: Extract<Effect<Client>, { type: "left" }>): void {
    const { hall, notices, log } = this.#deps;
    const { client } = member.value;
    notices.left(member, reason);
    if (client === undefined) return;
    this.#here -= 1;
    if (client.member === member) {
      client.member = undefined;
      this.#deps.silence(client);
      client.close(closeCodes.tryAgainLater, "the lobby is full");
    }
    log("info", "left", { name: member.name, reason, address: client.address, online: hall.members.size });
  }
}
