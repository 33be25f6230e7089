// Files whose bytes go to the host: one after the other, so that no more than one is in memory on the way.
import type { PageMessage, SessionNumber } from "../../protocol/webview.ts";

export class Giving {
  readonly #post: (message: PageMessage) => void;
  #newest = 0;
  #taken: () => void = () => undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(post: (message: PageMessage) => void) {
    this.#post = post;
  }

  /** Does something that gives files when everything before it is done. */
  inTurn(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work);
  }

  /** Resolves when the host has done with the file. */
  give(session: SessionNumber, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#newest += 1;
    this.#post({ type: "addFile", id: this.#newest, session, name, bytes });
    return new Promise((resolve) => (this.#taken = resolve));
  }

  /** The host has done with the file of that number. */
  taken(id: number): void {
    if (id === this.#newest) this.#taken();
  }
}
