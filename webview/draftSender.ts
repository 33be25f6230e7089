// Tells the host what stands in the composer, a moment after the last key rather than at each. Owned by the store.
import type { SessionNumber } from "../protocol/webview.ts";

const DELAY_MS = 250;

export class DraftSender {
  readonly #send: (session: SessionNumber) => void;
  readonly #unsent = new Set<SessionNumber>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (session: SessionNumber) => void) {
    this.#send = send;
  }

  change(session: SessionNumber): void {
    this.#unsent.add(session);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), DELAY_MS);
  }

  /** Sends at once what has not been sent: the page may be gone in a moment. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const session of this.#unsent) this.#send(session);
    this.#unsent.clear();
  }
}
