// “Chat: Export Transcript”: the active session's conversation in a new, untitled Markdown editor.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { sessionName } from "../../core/view/selectors.ts";
import { mark } from "../../core/texts/texts.ts";
import { slice } from "../../core/model/transcript.ts";
import { transcriptText } from "../../core/view/transcriptText.ts";
import type { State } from "../../core/model/state.ts";
import { showInfo } from "../vscode/notify.ts";

const texts = {
  title: (session: string): string => l10n.t("Fork Chat: {0}", session),
  nothing: l10n.t("There's nothing to export yet."),
} as const;

export async function exportTranscript({ sessions, active }: State): Promise<void> {
  const session = sessions.find(({ number }) => number === active) ?? sessions[0];
  const { transcript } = session;
  // Answers of commands were only relevant at the time.
  const entries = slice(transcript, transcript.start, transcript.end).entries.filter(
    (entry) => entry.kind === "message" || entry.level !== "output",
  );
  if (entries.length === 0) {
    await showInfo(texts.nothing);
    return;
  }
  const isPrivate = session.kind === "peer";
  const name = isPrivate ? `${sessionName(session)} (${mark(session)})` : sessionName(session);
  const { text } = transcriptText({
    title: texts.title(name),
    mark: isPrivate ? mark(session) : "",
    entries,
  });
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content: text });
  await vscode.window.showTextDocument(document, { preview: false });
}
