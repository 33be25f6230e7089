// Shows what others have sent in read-only documents, for as long as the conversation has it.
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { readCode } from "../../../protocol/codeText.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { entryAt } from "../../core/model/transcript.ts";
import type { State } from "../../core/model/state.ts";
import { authorKey, conversationId } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import { HeldDocuments, type HeldOptions } from "./heldDocuments.ts";
import { type SentLines, searchKey } from "./codeSearches.ts";

/** The message that lines are of. */
export type SentPlace = { readonly session: SessionNumber; readonly index: number };

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
  readonly #store: Pick<Store, "state">;
  readonly #held: HeldDocuments;

  constructor(options: HeldOptions) {
    this.#store = options.store;
    this.#held = new HeldDocuments(options);
  }

  /** Each text has a path of its own, with the name of its file, so that it has its colors. */
  put(place: SentPlace, { part, code }: SentLines, text: string): vscode.Uri {
    const title = `${l10n.t("Sent")}/${part.salt}/${String(text.length)}/${part.path}`;
    const conversation = conversationId(this.#store.state, place.session);
    const key = searchKey(part, code);
    return this.#held.put(title, text, l10n.t("This code is no longer in the conversation."), (state) => {
      const sent = conversationId(state, place.session) === conversation ? sentLines(state, place) : null;
      return sent !== null && searchKey(sent.part, sent.code) === key;
    });
  }

  dispose(): void {
    this.#held.dispose();
  }
}
