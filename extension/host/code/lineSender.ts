// Attaches lines of the user's files.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { WrittenLines } from "../../../protocol/fileReference.ts";
import type { Store } from "../store/store.ts";
import { conversationId } from "../../core/view/conversations.ts";
import { type Attacher, type Coming, DECLINED, Refusal, type ToAttach } from "./attacher.ts";
import { quoteOf } from "./codeQuote.ts";
import { chosenFile } from "./fileOpener.ts";
import { type LinesToSend, linesToSend } from "./linesToSend.ts";

type Options = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly attacher: Attacher;
};

export class LineSender {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Attaches the selection, or what is around the cursor, in the session that is shown, and shows the composer. */
  async sendSelection(argument: unknown): Promise<void> {
    await this.#options.attacher.attachHere(async (expect) => {
      const chosen = await linesToSend(argument);
      if (chosen !== null) return quoted(chosen, expect);
      return new Refusal(l10n.t("There's no text editor to send lines from. Open a file first."));
    });
  }

  /** The same for lines that were typed. Problems are shown in the session. */
  async attachLines(session: SessionNumber, lines: WrittenLines): Promise<void> {
    const { store, attacher } = this.#options;
    const conversation = conversationId(store.state, session);
    const chosen = await writtenLines(lines);
    const isReady = chosen !== DECLINED && !(chosen instanceof Refusal);
    const outcome = isReady ? await attacher.attach(session, chosen, conversation) : chosen;
    if (outcome instanceof Refusal) store.dispatch({ type: "host/notAttached", session, text: outcome.text });
  }
}

async function writtenLines({
  path,
  line,
  toLine,
}: WrittenLines): Promise<ToAttach | Refusal | typeof DECLINED> {
  const chosen = await chosenFile({ path });
  if (chosen === null) return new Refusal(l10n.t("There's no file like {0} in the open folders.", path));
  if (chosen === undefined) return DECLINED;
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(chosen);
  } catch {
    return new Refusal(l10n.t("{0} can't be opened as text.", path));
  }
  if (line > document.lineCount)
    return new Refusal(l10n.t("{0} has only {1} lines.", path, document.lineCount));
  return quoted({ document, lines: { from: line - 1, to: toLine - 1 } });
}

async function quoted(
  { document, lines }: LinesToSend,
  expect?: (coming: Coming) => void,
): Promise<ToAttach | Refusal> {
  const { path } = document.uri;
  const quote = await quoteOf(document, lines, (text) => expect?.({ path, text }));
  return quote.ok ? { quote: quote.value, path } : new Refusal(quote.text);
}
