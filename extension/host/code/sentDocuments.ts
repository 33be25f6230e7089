// Shows what others have sent in read-only documents, for as long as the conversation has it.
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { readCode } from "../../../protocol/codeText.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { entryAt } from "../../core/model/transcript.ts";
import type { State } from "../../core/model/state.ts";
import { authorKey, conversationId } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import { type SentLines, searchKey } from "./codeSearches.ts";

/** The message that lines are of. */
export type SentPlace = { readonly session: SessionNumber; readonly index: number };

type Options = {
  readonly store: Pick<Store, "state" | "onChange">;
  readonly documents: Pick<ReadOnlyDocuments, "put" | "has">;
};

type Shown = {
  readonly uri: vscode.Uri;
  readonly title: string;
  readonly isThere: (state: State) => boolean;
};

/** Of a message that is still there. */
export function sentLines(state: State, { session, index }: SentPlace): SentLines | null {
  const from = state.sessions.find(({ number }) => number === session);
  const entry = from === undefined ? undefined : entryAt(from.transcript, index);
  if (from === undefined || entry?.kind !== "message") return null;
  const { part, text } = entry;
  const read = readCode(text, part);
  if (read === null || (part?.kind !== "code" && part?.kind !== "problem")) return null;
  return { part, code: read.code, author: authorKey(from, entry) };
}

export class SentDocuments {
  readonly #options: Options;
  readonly #subscription: { dispose(): void };
  readonly #shown = new Map<string, Shown>();

  constructor(options: Options) {
    this.#options = options;
    this.#subscription = options.store.onChange((before, after) => {
      if (before.sessions !== after.sessions || before.me !== after.me) this.#check(after);
    });
  }

  /** Each text has a path of its own, with the name of its file, so that it has its colors. */
  put(place: SentPlace, { part, code }: SentLines, text: string): vscode.Uri {
    const { store, documents } = this.#options;
    const title = `${l10n.t("Sent")}/${part.salt}/${String(text.length)}/${part.path}`;
    const uri = documents.put(title, text);
    const [conversation, key] = [conversationId(store.state, place.session), searchKey(part, code)];
    const isThere = (state: State): boolean => {
      const sent = conversationId(state, place.session) === conversation ? sentLines(state, place) : null;
      return sent !== null && searchKey(sent.part, sent.code) === key;
    };
    this.#shown.set(title, { uri, title, isThere });
    return uri;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** What was retracted, edited, cleared or left is not kept in an editor. */
  #check(state: State): void {
    const { documents } = this.#options;
    for (const { uri, title, isThere } of this.#shown.values()) {
      const isOpen = documents.has(uri);
      if (isOpen && isThere(state)) continue;
      this.#shown.delete(title);
      if (isOpen) documents.put(title, l10n.t("This code is no longer in the conversation."));
    }
  }
}
