// Read-only documents that last as long as the conversation has what they show: what was retracted, edited, cleared or left is not
// kept in an editor.
import type * as vscode from "vscode";
import type { State } from "../../core/model/state.ts";
import type { Store } from "../store/store.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";

export type HeldOptions = {
  readonly store: Pick<Store, "state" | "onChange">;
  readonly documents: Pick<ReadOnlyDocuments, "put" | "has">;
};

type Shown = {
  readonly uri: vscode.Uri;
  readonly title: string;
  /** See `ReadOnlyDocuments.put`. */
  readonly which: string;
  /** What it says afterwards. */
  readonly gone: string;
  readonly isThere: (state: State) => boolean;
};

export class HeldDocuments {
  readonly #options: HeldOptions;
  readonly #subscription: { dispose(): void };
  readonly #shown = new Map<string, Shown>();

  constructor(options: HeldOptions) {
    this.#options = options;
    this.#subscription = options.store.onChange((before, after) => {
      if (before.sessions !== after.sessions || before.me !== after.me) this.#check(after);
    });
  }

  put(title: string, text: string, gone: string, isThere: Shown["isThere"], which = ""): vscode.Uri {
    const uri = this.#options.documents.put(title, text, which);
    this.#shown.set(uri.toString(), { uri, title, which, gone, isThere });
    return uri;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #check(state: State): void {
    const { documents } = this.#options;
    for (const [key, { uri, title, which, gone, isThere }] of this.#shown) {
      const isOpen = documents.has(uri);
      if (isOpen && isThere(state)) continue;
      this.#shown.delete(key);
      if (isOpen) documents.put(title, gone, which);
    }
  }
}
