// Notifies everyone about joins, departures and presence, within a rate. Above it, changes are gathered by name and folded:
// someone who joins and leaves meanwhile is not mentioned, and only the last presence counts. If a name passes to another
// person, that is shown as `left` and `arrived`. The list of users changes with the notices, so a client that gets the list
// also gets every later change. Pure; time and timers are passed in.
import type { Presence } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import type { LeaveReason, ServerMessage } from "../../protocol/rendezvous.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import type { Client, Member } from "../names/client.ts";
import { messageFrame } from "../fanOut/frame.ts";
import { userOf, type User, type UserList } from "./userList.ts";

type Changes = {
  left: { readonly name: string; readonly reason: LeaveReason } | undefined;
  arrived: Member | undefined;
  /** With the presence that everyone knows. */
  attends: { readonly member: Member; readonly known: Presence } | undefined;
};

export type NoticesDependencies = {
  /** Sends to all but one. */
  readonly tell: (frame: Buffer, except?: Client) => void;
  readonly readers: () => number;
  readonly users: Pick<UserList, "append" | "remove" | "replace">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back after this many milliseconds. */
  readonly later: (ms: number, call: () => void) => void;
};

export class Notices {
  readonly #deps: NoticesDependencies;
  readonly #rate: TokenBucket;
  /** By the key of the name, longest waiting first. */
  readonly #changes = new Map<string, Changes>();
  #scheduled = false;

  constructor(deps: NoticesDependencies) {
    this.#deps = deps;
    this.#rate = new TokenBucket(limits.noticeBytesPerSecond, limits.noticeBurstBytes, deps.now());
  }

  arrived(member: Member): void {
    this.#of(member).arrived = member;
    this.#tellAll();
  }

  left(member: Member, reason: LeaveReason): void {
    const changes = this.#of(member);
    changes.attends = undefined;
    // No one knows that they joined.
    if (changes.arrived !== undefined) changes.arrived = undefined;
    else {
      changes.left = { name: member.name, reason };
      this.#deps.users.remove(member.name);
    }
    this.#forgetIfNone(member.key, changes);
    this.#tellAll();
  }

  /** @param before the former presence */
  attends(member: Member, before: Presence): void {
    const changes = this.#of(member);
    // An arrival that is still waiting is sent with the presence at that time.
    if (changes.arrived === undefined) {
      const known = changes.attends?.known ?? before;
      changes.attends = known === member.value.presence ? undefined : { member, known };
      this.#forgetIfNone(member.key, changes);
    }
    this.#tellAll();
  }

  /** Call before others hear of someone otherwise: an arrival must come before any message. */
  tellOf(member: Member): void {
    const changes = this.#changes.get(member.key);
    if (changes !== undefined) this.#tell(member.key, changes);
  }

  /** A member as others know them; undefined if no one has heard of them yet. */
  known(member: Member): User | undefined {
    const changes = this.#changes.get(member.key);
    if (changes?.arrived !== undefined) return undefined;
    return userOf(member, changes?.attends?.known);
  }

  #of({ key }: Member): Changes {
    let changes = this.#changes.get(key);
    if (changes === undefined) {
      changes = { left: undefined, arrived: undefined, attends: undefined };
      this.#changes.set(key, changes);
    }
    return changes;
  }

  #forgetIfNone(key: string, { left, arrived, attends }: Changes): void {
    if (left === undefined && arrived === undefined && attends === undefined) this.#changes.delete(key);
  }

  #tellAll(): void {
    for (const [key, changes] of this.#changes) {
      const wait = this.#rate.wait(this.#deps.now());
      if (wait === 0) this.#tell(key, changes);
      else {
        this.#wakeIn(wait);
        return;
      }
    }
  }

  #tell(key: string, { left, arrived, attends }: Changes): void {
    this.#changes.delete(key);
    if (left !== undefined) this.#send({ type: "left", ...left });
    const member = arrived ?? attends?.member;
    if (member === undefined) return;
    const { name, value } = member;
    if (arrived !== undefined) this.#deps.users.append(userOf(member));
    else this.#deps.users.replace(userOf(member));
    if (arrived !== undefined) this.#send({ type: "arrived", name }, value.client);
    if (attends !== undefined || value.presence !== "here") {
      this.#send({ type: "presence", name, state: value.presence }, value.client);
    }
  }

  #send(message: ServerMessage, except?: Client): void {
    const frame = messageFrame(message);
    const cost = Math.max(frame.length, limits.leastNoticeBytes);
    this.#rate.charge(this.#deps.now(), cost * Math.max(1, this.#deps.readers() / limits.fullNoticeReaders));
    this.#deps.tell(frame, except);
  }

  #wakeIn(ms: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#deps.later(ms, () => {
      this.#scheduled = false;
      this.#tellAll();
    });
  }
}
