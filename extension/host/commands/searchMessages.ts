// “Chat: Search Messages…”: a list that is updated while the user types, over this window's sessions and all saved
// conversations. The chosen message is shown in the panel, or in an editor if its conversation is not open.
import { setImmediate } from "node:timers/promises";
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { findMessages, type Found, type Searched } from "../../core/view/messageSearch.ts";
import { sessionName } from "../../core/view/selectors.ts";
import type { State } from "../../core/model/state.ts";
import { slice } from "../../core/model/transcript.ts";
import { timeText, transcriptText } from "../../core/view/transcriptText.ts";
import { pickFound } from "../vscode/boxes.ts";
import type { History } from "../storage/history.ts";
import { iconless } from "../vscode/plainText.ts";
import type { ReadOnlyDocuments } from "../vscode/readOnlyDocuments.ts";
import type { Store } from "../store/store.ts";

const MOST_FOUND = 200;
/** Characters of a message shown in its row. */
const SHOWN = 200;

const texts = {
  placeholder: l10n.t("Words to search for in all conversations"),
  none: l10n.t("No messages contain these words"),
  lobbyAt: (server: string): string => l10n.t("lobby at {0}", server),
  peerAt: (name: string, server: string): string => l10n.t("{0} at {1}", name, server),
  mine: l10n.t("you"),
} as const;

type Source =
  | { readonly session: SessionNumber; readonly first: number; readonly name: string }
  | { readonly session: null; readonly name: string };
type Item = vscode.QuickPickItem & { readonly found: Found<Source> };

export type SearchOptions = {
  readonly store: Store;
  readonly history: History;
  readonly documents: ReadOnlyDocuments;
  /** Shows an entry of a session. */
  readonly show: (session: SessionNumber, index: number) => void;
};

export async function searchMessages({ store, history, documents, show }: SearchOptions): Promise<void> {
  // Saved conversations are read once; sessions are read again for each query.
  const kept = elsewhere(history, store.state.me?.identity ?? null);
  const find = async (query: string, isWanted: () => boolean): Promise<Item[]> => {
    const search = findMessages([...openSessions(store.state), ...(await kept)], query, MOST_FOUND);
    for (;;) {
      const step = search.next();
      if (step.done === true) return step.value.map(itemOf);
      // Lets other work in the window run.
      await setImmediate();
      if (!isWanted()) return [];
    }
  };
  const chosen = await pickFound(texts, find);
  if (chosen === undefined) return;
  const { source, position } = chosen.found;
  if (source.session !== null) {
    show(source.session, source.first + position);
    return;
  }
  const entries = (await kept).find((each) => each.source === source)?.entries ?? [];
  const { text, lines } = transcriptText({ title: source.name, mark: "", entries });
  await documents.show(`${source.name.replaceAll("/", "∕")}.md`, text, lines[position]);
}

function openSessions({ sessions }: State): Searched<Source>[] {
  return sessions.map((session) => {
    const { index, entries } = slice(session.transcript, session.transcript.start, session.transcript.end);
    return { source: { session: session.number, first: index, name: sessionName(session) }, entries };
  });
}

async function elsewhere(history: History, identity: string | null): Promise<Searched<Source>[]> {
  const all = await history.elsewhere(identity);
  return all.map(({ conversation: { server, peer }, entries }) => {
    const name = peer === null ? texts.lobbyAt(server) : texts.peerAt(peer.name, server);
    return { source: { session: null, name }, entries };
  });
}

function itemOf(found: Found<Source>): Item {
  const { entry, source } = found;
  const text = entry.text.replace(/\s+/gu, " ").trim();
  return {
    label: iconless(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text),
    // Next to a long text there would be no room for its author.
    detail: iconless(`${entry.own ? texts.mine : entry.from} · ${source.name} · ${timeText(entry.at)}`),
    alwaysShow: true,
    found,
  };
}
