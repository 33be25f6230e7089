// Reports to the host that the user is typing, and when they have stopped.
import type { SessionNumber } from "../../protocol/webview.ts";

/** Milliseconds without a key press after which typing has stopped. */
const IDLE_MS = 8_000;
/** Milliseconds between repeated reports while typing continues, because the other side lets them expire. */
const AGAIN_MS = 5_000;

export class TypingSender {
  readonly #send: (session: SessionNumber, value: boolean) => void;
  #session: SessionNumber | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it was last reported. */
  #saidAt = 0;

  constructor(send: (session: SessionNumber, value: boolean) => void) {
    this.#send = send;
  }

  /** A key was pressed and there is text to send. */
  wrote(session: SessionNumber): void {
    if (this.#session !== session) this.stop();
    const now = performance.now();
    if (this.#session !== session || now - this.#saidAt >= AGAIN_MS) {
      this.#session = session;
      this.#saidAt = now;
      this.#send(session, true);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), IDLE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    const session = this.#session;
    this.#session = null;
    if (session !== null) this.#send(session, false);
  }
}
