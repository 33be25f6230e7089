// What clients were sent at a time and have not taken yet: their welcomes, and lists of users. Each has to be taken in time, and
// all of them together hold a bounded number of bytes: beyond it, the client is cut whose is the oldest of the address that
// holds the most. Counted until the network has taken the whole, in its full size.
import { addressKey } from "../../protocol/ipAddress.ts";
import { Holdings } from "./holdings.ts";

/** A client that is to read. */
export interface Reader {
  readonly address: string;
  /** Bytes that were written and have not been taken by the network. */
  readonly backlog: number;
  /** It does not read: cuts it. */
  overflow(): void;
}

export type UnreadOptions = {
  /** Milliseconds that a client has to take one. */
  readonly readMs: number;
  /** Bytes of all together. */
  readonly bytes: number;
  /** Calls back after so many milliseconds; returns what takes that back. */
  readonly later: (ms: number, call: () => void) => () => void;
};

/** Bytes are counted in units of so many, rounded up. */
const UNIT_BYTES = 16 * 1024;

type Writing = { readonly reader: Reader; readonly cancel: () => void };

export class Unread {
  readonly #options: UnreadOptions;
  readonly #writings = new Holdings<Writing>();

  constructor(options: UnreadOptions) {
    this.#options = options;
  }

  /** @param write writes so many bytes, and calls back once the network has taken them or the connection is gone */
  watch(reader: Reader, bytes: number, write: (taken: () => void) => void): void {
    let writing: Writing | undefined = undefined;
    write(() => this.#forget(writing));
    if (reader.backlog === 0) return;
    const cut = (): void => this.#cut(writing);
    writing = { reader, cancel: this.#options.later(this.#options.readMs, cut) };
    this.#writings.add(writing, addressKey(reader.address), Math.ceil(bytes / UNIT_BYTES));
    while (this.#writings.units * UNIT_BYTES > this.#options.bytes) this.#cut(this.#writings.toGo());
  }

  #cut(writing: Writing | undefined): void {
    this.#forget(writing);
    writing?.reader.overflow();
  }

  #forget(writing: Writing | undefined): void {
    if (writing === undefined || !this.#writings.delete(writing)) return;
    writing.cancel();
  }
}
