// What the page asks the host to copy. A copy is done when the host says so: before that, nothing may claim that it is.
import type { PageMessage } from "../../protocol/webview.ts";

export class Copying {
  readonly #post: (message: PageMessage) => void;
  #newest = 0;
  #done: () => void = () => undefined;

  constructor(post: (message: PageMessage) => void) {
    this.#post = post;
  }

  /** Resolves when the text is on the clipboard; never, when it cannot be copied or another copy came after it. */
  copy(text: string): Promise<void> {
    this.#newest += 1;
    this.#post({ type: "copyText", id: this.#newest, text });
    return new Promise((resolve) => (this.#done = resolve));
  }

  /** The host has copied the text of that number. */
  copied(id: number): void {
    if (id === this.#newest) this.#done();
  }
}
