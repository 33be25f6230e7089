// Places for work that others can draw out: at most so many pieces are unfinished at once. Networks and addresses that wait take
// turns. While any wait, a piece that takes too long loses its place: the oldest of the address that holds the most such pieces.
import { addressKey } from "../../protocol/ipAddress.ts";
import { FairTurns } from "./fairTurns.ts";
import { Holdings } from "./holdings.ts";

export type PlacesOptions<T> = {
  readonly places: number;
  /** Milliseconds that a piece keeps its place in any case. */
  readonly ms: number;
  /** Calls back in the next turn of the event loop (`setImmediate`). */
  readonly schedule: (turn: () => void) => void;
  /** Ends an item that lost its place. */
  readonly cut: (item: T) => void;
};

type Taken = { readonly address: string; readonly since: number };

export class Places<T> {
  readonly #options: PlacesOptions<T>;
  readonly #turns: FairTurns;
  /** Items that have a place in any case, oldest first. */
  readonly #fresh = new Map<T, Taken>();
  readonly #late = new Holdings<T>();
  /** The next turn, while it waits for a place. */
  #turn: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlacesOptions<T>) {
    this.#options = options;
    this.#turns = new FairTurns(1, (turn) => {
      options.schedule(() => {
        this.#turn = turn;
        this.#proceed();
      });
    });
  }

  /**
   * Calls `begin` once the item has a place, one item per turn of the event loop.
   * @returns a function that gives up waiting
   */
  enter(item: T, address: string, begin: () => void): () => void {
    const piece = (): void => {
      this.#fresh.set(item, { address: addressKey(address), since: performance.now() });
      begin();
    };
    this.#turns.run(address, piece);
    this.#makeRoom();
    return () => {
      this.#turns.cancel(address, piece);
      this.#makeRoom();
    };
  }

  /** The item needs its place no longer. */
  leave(item: T): void {
    if (!this.#fresh.delete(item) && !this.#late.delete(item)) return;
    this.#makeRoom();
    this.#options.schedule(() => this.#proceed());
  }

  get #isFull(): boolean {
    return this.#fresh.size + this.#late.units >= this.#options.places;
  }

  #proceed(): void {
    const turn = this.#turn;
    if (turn === undefined || this.#isFull) return;
    this.#turn = undefined;
    turn();
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (!this.#isFull || !this.#turns.isWaiting) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (this.#timer !== undefined) return;
    const { ms, cut } = this.#options;
    const now = performance.now();
    for (const [item, { address, since }] of this.#fresh) {
      if (now - since < ms) break;
      this.#fresh.delete(item);
      this.#late.add(item, address);
    }
    const item = this.#late.toGo();
    if (item !== undefined) {
      this.leave(item);
      cut(item);
      return;
    }
    const [oldest] = this.#fresh.values();
    const wait = (oldest?.since ?? now) + ms - now;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#makeRoom();
    }, wait);
  }
}
