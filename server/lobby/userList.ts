// The encoded user list for newcomers, kept from join to join and patched when someone leaves or changes. Thousands who join
// at once cost one small append each.
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import type { Member } from "../names/client.ts";

const INITIAL_BYTES = 1024;

/** Each patch copies the list. Beyond this number, it is encoded again. */
const MOST_PATCHES = 16;

/** A user in the form of the protocol. */
export type User = Extract<ServerMessage, { type: "users" }>["items"][number];

export class UserList {
  readonly #users: () => Iterable<User>;
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  /** The new value of each name; undefined: removed. */
  #patches: { readonly name: string; readonly user: User | undefined }[] = [];
  /** There may be users from before. */
  #stale = true;

  /** @param users gives everyone online; called again when too many have left or changed at once */
  constructor(users: () => Iterable<User>) {
    this.#users = users;
  }

  /** Call after the user is among `users`. */
  append(user: User): void {
    if (!this.#stale) this.#write(user);
  }

  /** Call when no one of this name is among `users` any more. */
  remove(name: string): void {
    this.#patch(name, undefined);
  }

  /** Call when the user of this name has changed. */
  replace(user: User): void {
    this.#patch(user.name, user);
  }

  /**
   * The items of a JSON array of users, without the brackets. The bytes never change: appending writes after them, and a
   * changed list gets its own buffer, so that pending frames can share them.
   */
  items(): Buffer {
    for (const { name, user } of this.#patches) if (!this.#stale) this.#apply(name, user);
    this.#patches = [];
    if (this.#stale) {
      this.#stale = false;
      this.#buffer = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, this.#length));
      this.#length = 0;
      for (const user of this.#users()) this.#write(user);
    }
    return this.#buffer.subarray(0, this.#length);
  }

  #patch(name: string, user: User | undefined): void {
    if (this.#stale) return;
    this.#patches.push({ name, user });
    if (this.#patches.length > MOST_PATCHES) this.#stale = true;
  }

  /** Patches the first item of that name: someone who rejoined under it comes later. */
  #apply(name: string, user: User | undefined): void {
    const items = this.#buffer.subarray(0, this.#length);
    // A name contains no quotes and an item no object, so neither is found inside another.
    const start = items.indexOf(`{"name":${JSON.stringify(name)}`);
    const end = items.indexOf("}", start) + 1;
    if (start < 0 || end === 0) {
      this.#stale = true;
      return;
    }
    const item = Buffer.from(user === undefined ? "" : JSON.stringify(user));
    // One of the commas beside an item goes with it.
    const before = user === undefined && start > 0 ? start - 1 : start;
    const after = user === undefined && start === 0 ? Math.min(end + 1, this.#length) : end;
    const changed = Buffer.concat([items.subarray(0, before), item, items.subarray(after)]);
    this.#buffer = changed;
    this.#length = changed.length;
  }

  #write(user: User): void {
    const item = (this.#length === 0 ? "" : ",") + JSON.stringify(user);
    const needed = this.#length + Buffer.byteLength(item);
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#length += this.#buffer.write(item, this.#length);
  }
}

export function userOf({ name, value }: Member, state = value.presence): User {
  return state === "here" ? { name } : { name, state };
}
