// Bounds what clients were sent at once and have not read: welcomes and user lists. Each must be read in time, and all
// together hold a bounded number of bytes. Beyond that, the oldest of the address with the most is cut. A write counts in
// full until the network has taken all of it.
import { addressKey } from "../../protocol/ipAddress.ts";
import { Holdings } from "./holdings.ts";

/** A client that has to read. */
export interface Reader {
  readonly address: string;
  /** Bytes that were written and not yet taken by the network. */
  readonly backlog: number;
  /** Cuts a client that does not read. */
  overflow(): void;
}

export type UnreadOptions = {
  /** Milliseconds that a client has to read one. */
  readonly readMs: number;
  /** Bytes of all clients together. */
  readonly bytes: number;
  /** Calls back after this many milliseconds. Returns a function that cancels it. */
  readonly later: (ms: number, call: () => void) => () => void;
};

/** Bytes are counted in units of this many, rounded up. */
const UNIT_BYTES = 16 * 1024;

type Writing = { readonly reader: Reader; readonly cancel: () => void };

export class Unread {
  readonly #options: UnreadOptions;
  readonly #writings = new Holdings<Writing>();

  constructor(options: UnreadOptions) {
    this.#options = options;
  }

  /** @param write writes this many bytes, and calls back once the network has taken them or the connection is closed */
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
