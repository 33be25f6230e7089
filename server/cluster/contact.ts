// Whether the engine still has this server. Its lease is longer than this timeout, so the others never take it for lost while it
// serves clients.

/** Seconds after which the engine takes a server without a keepalive for lost. */
export const LEASE_SECONDS = 5;

/** Milliseconds without a confirmation after which a server ends its life. */
export const CONTACT_MS = 4_000;

const CHECK_MS = 250;

export class Contact {
  readonly #now: () => number;
  readonly #lost: () => void;
  readonly #later: (ms: number, call: () => void) => unknown;
  #confirmed: number;

  /** @param lost called once, when there was no confirmation for too long */
  constructor(now: () => number, later: (ms: number, call: () => void) => unknown, lost: () => void) {
    this.#now = now;
    this.#later = later;
    this.#lost = lost;
    this.#confirmed = now();
    later(CHECK_MS, () => this.#check());
  }

  /** The engine knew this server at that time, or later. */
  confirmed(at: number): void {
    this.#confirmed = Math.max(this.#confirmed, at);
  }

  /** Milliseconds since the last confirmation. */
  get silenceMs(): number {
    return this.#now() - this.#confirmed;
  }

  #check(): void {
    if (this.silenceMs >= CONTACT_MS) this.#lost();
    else this.#later(CHECK_MS, () => this.#check());
  }
}
