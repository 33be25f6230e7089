// Copy requests to the host. A copy is done when the host confirms it, and is not shown as done before.
import type { PageMessage } from "../../protocol/webview.ts";

export class Copying {
  readonly #post: (message: PageMessage) => void;
  #newest = 0;
  #done: () => void = () => undefined;

  constructor(post: (message: PageMessage) => void) {
    this.#post = post;
  }

  /** Resolves when the text is on the clipboard; never if copying fails or another copy follows. */
  copy(text: string): Promise<void> {
    this.#newest += 1;
    this.#post({ type: "copyText", id: this.#newest, text });
    return new Promise((resolve) => (this.#done = resolve));
  }

  /** The host has copied the text with that number. */
  copied(id: number): void {
    if (id === this.#newest) this.#done();
  }
}
