// Tells the host that the user is typing, and that they have stopped.
import type { SessionNumber } from "../../protocol/webview.ts";

/** Who has not touched a key for so long is not writing. */
const IDLE_MS = 8_000;
/** How often it is said again while it goes on: who is told believes it for a while only. */
const AGAIN_MS = 5_000;

export class TypingSender {
  readonly #send: (session: SessionNumber, value: boolean) => void;
  #session: SessionNumber | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it was last said. */
  #saidAt = 0;

  constructor(send: (session: SessionNumber, value: boolean) => void) {
    this.#send = send;
  }

  /** A key was pressed which leaves something to be sent. */
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
