// Costly work for many, a few pieces in each turn of the event loop: however much waits, everything else runs in between.
// Networks (an IPv6 /48) that wait are served in rotation, and so are the addresses (a /64) within each: one with much work
// delays no other. Pure.
import { addressKey, networkKey } from "../../protocol/ipAddress.ts";

type Piece = () => void;

export class FairTurns {
  readonly #perTurn: number;
  readonly #schedule: (turn: () => void) => void;
  /** Waiting work, by network and address. The next turn comes first. */
  readonly #networks = new Map<string, Map<string, Set<Piece>>>();
  /** Pieces that may still be done in this turn. */
  #left: number;
  #scheduled = false;

  /** `schedule` calls back once, in the next turn of the event loop (`setImmediate`). */
  constructor(perTurn: number, schedule: (turn: () => void) => void) {
    this.#perTurn = perTurn;
    this.#schedule = schedule;
    this.#left = perTurn;
  }

  /** Does this piece now, or in a later turn when this one has had its share. */
  run(address: string, piece: Piece): void {
    if (this.take()) piece();
    else this.wait(address, piece);
  }

  /** Takes a piece of this turn; false when none is left, or others wait. */
  take(): boolean {
    this.#wake();
    if (this.#left <= 0 || this.isWaiting) return false;
    this.#left -= 1;
    return true;
  }

  /** A piece that was taken costs so many more. */
  charge(pieces: number): void {
    this.#left -= pieces;
  }

  /** Whether any piece waits. */
  get isWaiting(): boolean {
    return this.#networks.size > 0;
  }

  /** Does this piece when it is the turn of its address. */
  wait(address: string, piece: Piece): void {
    const key = addressKey(address);
    const network = networkKey(key);
    const addresses = this.#networks.get(network);
    const pieces = addresses?.get(key);
    if (addresses === undefined) this.#networks.set(network, new Map([[key, new Set([piece])]]));
    else if (pieces === undefined) addresses.set(key, new Set([piece]));
    else pieces.add(piece);
    this.#wake();
  }

  /** Drops a piece of this address, if it still waits. */
  cancel(address: string, piece: Piece): void {
    const key = addressKey(address);
    const network = networkKey(key);
    const addresses = this.#networks.get(network);
    const pieces = addresses?.get(key);
    if (pieces?.delete(piece) !== true || pieces.size > 0) return;
    addresses?.delete(key);
    if (addresses?.size === 0) this.#networks.delete(network);
  }

  #turn(): void {
    this.#scheduled = false;
    this.#left = this.#perTurn;
    while (this.#left > 0) {
      const piece = this.#next();
      if (piece === undefined) return;
      this.#left -= 1;
      this.#wake();
      piece();
    }
  }

  #next(): Piece | undefined {
    const network = takeFirst(this.#networks);
    if (network === undefined) return undefined;
    const [, addresses] = network;
    const [address, pieces] = takeFirst(addresses) ?? ["", new Set<Piece>()];
    const [piece] = pieces;
    if (piece !== undefined) pieces.delete(piece);
    if (pieces.size > 0) addresses.set(address, pieces);
    if (addresses.size > 0) this.#networks.set(...network);
    return piece;
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#turn());
  }
}

function takeFirst<K, V>(map: Map<K, V>): [K, V] | undefined {
  const next = map.entries().next();
  if (next.done === true) return undefined;
  map.delete(next.value[0]);
  return next.value;
}
