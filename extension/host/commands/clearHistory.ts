// “Chat: Clear History”: deletes the history of one conversation or of all, here and on disk, after a confirmation.
import * as l10n from "@vscode/l10n";
import { conversationOf } from "../../core/saved/history.ts";
import { sessionName } from "../../core/view/selectors.ts";
import { chooseLoudly } from "../vscode/notify.ts";
import type { FileFeatures } from "../transfers/fileFeatures.ts";
import type { History } from "../storage/history.ts";
import type { Store } from "../store/store.ts";

const texts = {
  question: l10n.t("Clear the Fork Chat history on this machine?"),
  detail: l10n.t(
    "This deletes the messages shown in this window and kept on this machine. Files on their way are canceled. Other people keep their copies. So do your other windows that have these conversations open.",
  ),
  this: (session: string): string => l10n.t("Clear {0}", session),
  keep: l10n.t("Keep History"),
  all: l10n.t("Clear All Conversations"),
} as const;

export async function clearHistory(
  store: Store,
  history: History,
  files: Pick<FileFeatures, "clear">,
): Promise<void> {
  const { me, sessions, active } = store.state;
  const session = me === null ? undefined : sessions.find(({ number }) => number === active);
  const one = session === undefined ? null : texts.this(sessionName(session));
  const answer = await chooseLoudly(texts.question, texts.detail, [
    texts.keep,
    ...(one === null ? [] : [one]),
    texts.all,
  ]);
  if (answer === undefined || answer === texts.keep) return;
  const isOne = answer === one;
  const cleared = isOne && me !== null && session !== undefined ? conversationOf(me, session) : null;
  files.clear(cleared);
  history.clear(cleared);
  store.dispatch({ type: "history/cleared", session: isOne ? active : null });
}
