// Bounds what all clients together have sent and the server has not handled: messages that are not complete, and those that are
// not read yet. Above the bound, the oldest of the address that holds the most is cut. What a sender holds below one unit is
// free, so a crowd with short messages is never cut. Pure.
import { addressKey } from "../../protocol/ipAddress.ts";
import { Holdings } from "./holdings.ts";

/** A client for which bytes are held. */
export interface Sender {
  readonly address: string;
  /** Bytes that are held for it at present. */
  readonly heldBytes: number;
  /** Cuts it, because too much is held. */
  floods(): void;
}

/** Bytes are counted in units of this many, rounded down. */
const UNIT_BYTES = 4 * 1024;

export class HeldBytes {
  readonly #most: number;
  readonly #holdings = new Holdings<Sender>();

  /** @param bytes of all senders together */
  constructor(bytes: number) {
    this.#most = Math.floor(bytes / UNIT_BYTES);
  }

  /** Call whenever the bytes of a sender may have changed. */
  update(sender: Sender): void {
    const units = Math.floor(sender.heldBytes / UNIT_BYTES);
    if (units === this.#holdings.unitsOf(sender)) return;
    if (units > 0) this.#holdings.add(sender, addressKey(sender.address), units);
    else this.#holdings.delete(sender);
    while (this.#holdings.units > this.#most) {
      const goes = this.#holdings.toGo();
      if (goes === undefined) return;
      this.#holdings.delete(goes);
      goes.floods();
    }
  }

  /** The sender is gone. */
  forget(sender: Sender): void {
    this.#holdings.delete(sender);
  }
}
