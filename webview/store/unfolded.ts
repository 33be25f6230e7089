// Which long texts are shown in full. Saved with the window, so that it survives a re-rendered log and a hidden page.
import { signal, type Signal } from "@preact/signals";
import type { SessionNumber, UnfoldedTexts } from "../../protocol/webview.ts";

/** An entry's index, or the id of an unacknowledged message. */
export type FoldKey = number | string;

/** Unfolded texts kept per session: the latest ones. */
const KEPT = 100;

export class Unfolded {
  readonly #open: Signal<ReadonlyMap<SessionNumber, ReadonlySet<FoldKey>>>;
  readonly #changed: () => void;

  /** @param changed called when what is saved may have changed */
  constructor(kept: UnfoldedTexts, changed: () => void) {
    this.#open = signal(new Map(kept.map(({ session, indices }) => [session, new Set(indices)])));
    this.#changed = changed;
  }

  /** What is saved with the window. An unacknowledged message has no lasting key. */
  get kept(): UnfoldedTexts {
    return [...this.#open.peek()].map(([session, keys]) => ({
      session,
      indices: [...keys].filter((key) => typeof key === "number").slice(-KEPT),
    }));
  }

  has(session: SessionNumber, key: FoldKey): boolean {
    return this.#open.value.get(session)?.has(key) === true;
  }

  set(session: SessionNumber, key: FoldKey, open: boolean): void {
    const keys = new Set(this.#open.peek().get(session));
    if (keys.has(key) === open) return;
    if (open) keys.add(key);
    else keys.delete(key);
    this.#put(new Map(this.#open.peek()).set(session, keys));
  }

  /** A session number can be reused after quitting. */
  forgetGone(isHeld: (session: SessionNumber) => boolean): void {
    const held = [...this.#open.peek()].filter(([session]) => isHeld(session));
    if (held.length < this.#open.peek().size) this.#put(new Map(held));
  }

  #put(open: ReadonlyMap<SessionNumber, ReadonlySet<FoldKey>>): void {
    this.#open.value = open;
    this.#changed();
  }
}
