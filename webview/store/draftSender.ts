// Reports the composer's text to the host: the first key at once, so that the host does not switch sessions under it,
// then at intervals.
import type { SessionNumber } from "../../protocol/webview.ts";

const PAUSE_MS = 250;

export class DraftSender {
  readonly #send: (session: SessionNumber) => void;
  readonly #unsent = new Set<SessionNumber>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (session: SessionNumber) => void) {
    this.#send = send;
  }

  change(session: SessionNumber): void {
    this.#unsent.add(session);
    if (this.#timer === null) this.flush();
  }

  /** Sends what has not been sent yet, because the page may be gone in a moment. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#unsent.size === 0) return;
    for (const session of this.#unsent) this.#send(session);
    this.#unsent.clear();
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }
}
