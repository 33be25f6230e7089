// The list of users in its encoded form, which each newcomer gets: kept from join to join, so that thousands who
// join at once cost one small append each. Used by the rendezvous.

const INITIAL_BYTES = 1024;

export class UserList {
  readonly #names: () => Iterable<string>;
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #stale = false;

  /** `names` gives all names online; it is asked again after somebody has left. */
  constructor(names: () => Iterable<string>) {
    this.#names = names;
  }

  /** Call after the name is among `names`. */
  append(name: string): void {
    if (this.#stale) return;
    this.#write(name);
  }

  /** Call when any name is no longer among `names`. */
  invalidate(): void {
    this.#stale = true;
  }

  /**
   * The items of a JSON array of users, without the brackets. The bytes never change afterwards: appending only
   * writes behind them, and a list made anew gets a buffer of its own, so that frames under way may share them.
   */
  items(): Buffer {
    if (this.#stale) {
      this.#stale = false;
      this.#buffer = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, this.#length));
      this.#length = 0;
      for (const name of this.#names()) this.#write(name);
    }
    return this.#buffer.subarray(0, this.#length);
  }

  #write(name: string): void {
    const item = (this.#length === 0 ? "" : ",") + JSON.stringify({ name });
    const needed = this.#length + Buffer.byteLength(item);
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#length += this.#buffer.write(item, this.#length);
  }
}
