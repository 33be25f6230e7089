// Halves of introductions: what the other person's server knows of them. A half may come before this server learns that there
// is an introduction, or never. Pure, but for the timers that are passed in.
import type { Card, SessionId, Token } from "../../protocol/fields.ts";

export type Half = { readonly card: Card; readonly ticket?: Token };

/** The two meet over the relay, or tell their addresses later with `reach`. */
export const NO_CARD: Card = { addresses: [] };

/** Milliseconds that the two wait for each other. */
const WAIT_MS = 2_000;

/** Those that came early; the oldest goes. */
const MOST_EARLY = 1_024;

export class Halves {
  readonly #later: (ms: number, call: () => void) => () => void;
  readonly #early = new Map<SessionId, Half>();
  readonly #awaited = new Map<SessionId, (half: Half) => void>();

  constructor(later: (ms: number, call: () => void) => () => void) {
    this.#later = later;
  }

  /** Calls back once: with the other half, or after a time with an empty one. */
  await(sid: SessionId, call: (half: Half) => void): void {
    const early = this.#early.get(sid);
    this.#early.delete(sid);
    if (early !== undefined) {
      call(early);
      return;
    }
    const cancel = this.#later(WAIT_MS, () => {
      this.#awaited.delete(sid);
      call({ card: NO_CARD });
    });
    this.#awaited.set(sid, (half) => {
      cancel();
      call(half);
    });
  }

  /** The other server has sent its half. */
  came(sid: SessionId, half: Half): void {
    const awaited = this.#awaited.get(sid);
    this.#awaited.delete(sid);
    if (awaited !== undefined) {
      awaited(half);
      return;
    }
    this.#early.set(sid, half);
    for (const [oldest] of this.#early) {
      if (this.#early.size <= MOST_EARLY) break;
      this.#early.delete(oldest);
    }
  }
}
