// Where the code of messages is in the reader's own files. Asked for cards that come into view, a few at a time, and kept for
// the latest of them until the files change.
import { signal } from "@preact/signals";
import type { CodeMatch, HostMessage, MessageEntry, SessionNumber } from "../../protocol/webview.ts";

/** Requests that the host works on at once: as many as cards fit in view, so that those of one author do not hold up others. */
const ASKED = 16;

/** Milliseconds after which an answer is not waited for any longer. */
const PATIENCE_MS = 15_000;

/** Answers kept; more than fit on any screen. */
const KEPT = 500;

type Card = { readonly session: SessionNumber; readonly index: number; readonly text: string };

export class Matches {
  readonly #ask: (session: SessionNumber, index: number) => void;
  readonly #known = signal<ReadonlyMap<string, Card & { readonly match: CodeMatch }>>(new Map());
  readonly #inView = new Map<string, Card>();
  /** Cards in view without an answer, in the order in which they came into view. */
  readonly #waiting = new Map<string, Card>();
  readonly #asked = new Map<string, Card & { readonly timer: ReturnType<typeof setTimeout> }>();

  constructor(ask: (session: SessionNumber, index: number) => void) {
    this.#ask = ask;
  }

  /** Undefined while it is not known. */
  of(session: SessionNumber, index: number, text: string): CodeMatch | undefined {
    const known = this.#known.value.get(keyOf(session, index));
    return known?.text === text ? known.match : undefined;
  }

  /** The card of a message with this text comes into view. */
  see(session: SessionNumber, index: number, text: string): void {
    const key = keyOf(session, index);
    this.#inView.set(key, { session, index, text });
    if (this.#known.peek().get(key)?.text === text || this.#asked.get(key)?.text === text) return;
    this.#waiting.set(key, { session, index, text });
    this.#next();
  }

  /** It is out of view: drop its request unless it was sent already. */
  leave(session: SessionNumber, index: number): void {
    this.#inView.delete(keyOf(session, index));
    this.#waiting.delete(keyOf(session, index));
  }

  matched({ session, index, match }: Extract<HostMessage, { type: "match" }>): void {
    const key = keyOf(session, index);
    // An answer may be late, because its author has sent many cards.
    const card = this.#asked.get(key) ?? this.#known.peek().get(key) ?? this.#inView.get(key);
    if (card === undefined) return;
    this.#stop(key);
    const known = new Map(this.#known.peek());
    known.delete(key);
    known.set(key, { session, index, text: card.text, match });
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break;
      known.delete(oldest);
    }
    this.#known.value = known;
    this.#next();
  }

  /** The user's files have changed. A card in view keeps its answer until there is another one. */
  stale({ session, index }: Extract<HostMessage, { type: "stale" }>): void {
    const key = keyOf(session, index);
    const card = this.#inView.get(key);
    if (card === undefined) this.#forget(key, () => true);
    else this.#waiting.set(key, card);
    this.#next();
  }

  /** A message has changed: an answer about other code says nothing any more. */
  amended(session: SessionNumber, index: number, { text }: MessageEntry): void {
    const key = keyOf(session, index);
    this.#forget(key, (card) => card.text !== text);
    this.#next();
  }

  /** A session number can be reused after quitting. */
  forgetGone(isHeld: (session: SessionNumber) => boolean): void {
    for (const [key, { session }] of this.#inView) if (!isHeld(session)) this.#inView.delete(key);
    for (const key of [...this.#known.peek().keys(), ...this.#asked.keys(), ...this.#waiting.keys()]) {
      this.#forget(key, ({ session }) => !isHeld(session));
    }
    this.#next();
  }

  #forget(key: string, isWrong: (card: Card) => boolean): void {
    const [known, asked, waiting] = [
      this.#known.peek().get(key),
      this.#asked.get(key),
      this.#waiting.get(key),
    ];
    if (known !== undefined && isWrong(known)) {
      const rest = new Map(this.#known.peek());
      rest.delete(key);
      this.#known.value = rest;
    }
    if (asked !== undefined && isWrong(asked)) this.#stop(key);
    if (waiting !== undefined && isWrong(waiting)) this.#waiting.delete(key);
  }

  #next(): void {
    for (const [key, card] of this.#waiting) {
      if (this.#asked.size >= ASKED) return;
      this.#waiting.delete(key);
      this.#stop(key);
      const timer = setTimeout(() => {
        this.#stop(key);
        this.#next();
      }, PATIENCE_MS);
      this.#asked.set(key, { ...card, timer });
      this.#ask(card.session, card.index);
    }
  }

  #stop(key: string): void {
    clearTimeout(this.#asked.get(key)?.timer);
    this.#asked.delete(key);
  }
}

function keyOf(session: SessionNumber, index: number): string {
  return `${String(session)}:${String(index)}`;
}
