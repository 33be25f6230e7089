// Requests older entries of the sessions, and knows which have not come yet.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { SessionNumber } from "../../protocol/webview.ts";

export class OlderEntries {
  readonly #post: (session: SessionNumber, before: number) => void;
  readonly #asked = signal<ReadonlyMap<SessionNumber, number>>(new Map());
  /** The index before which older entries of a session were requested, while the request is pending. */
  readonly asked: ReadonlySignal<ReadonlyMap<SessionNumber, number>> = this.#asked;

  constructor(post: (session: SessionNumber, before: number) => void) {
    this.#post = post;
  }

  /** Requests them once per index. */
  ask(session: SessionNumber, before: number): void {
    if (this.#asked.value.get(session) === before) return;
    this.#asked.value = new Map(this.#asked.value).set(session, before);
    this.#post(session, before);
  }

  /** They have come. The log stays busy until they are laid out, so that they are not announced as new. */
  came(session: SessionNumber, before: number): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (this.#asked.value.get(session) !== before) return;
        const asked = new Map(this.#asked.value);
        asked.delete(session);
        this.#asked.value = asked;
      }),
    );
  }

  /** A snapshot has come instead. */
  forget(): void {
    this.#asked.value = new Map();
  }
}
