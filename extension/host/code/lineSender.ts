// Puts lines of the user's files into a session's composer, from where they are sent with what is typed.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { WrittenLines } from "../../../protocol/fileReference.ts";
import type { Session } from "../../core/model/session.ts";
import { failures } from "../../core/texts/texts.ts";
import type { Store } from "../store/store.ts";
import { showInfo } from "../vscode/notify.ts";
import { quoteOf } from "./codeQuote.ts";
import { choose } from "./fileOpener.ts";
import { type LinesToSend, linesToSend } from "./linesToSend.ts";
import type { ShareQuestions } from "./mayShare.ts";
import { filesOf } from "./workspaceFiles.ts";

/** The page with the composer. */
export type ChatPage = { reveal(): void };

type Options = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly panel: ChatPage;
  readonly questions: Pick<ShareQuestions, "mayShare">;
};

export class LineSender {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Attaches the selection, or what is around the cursor, in the session that is shown, and shows the composer. */
  async sendSelection(argument: unknown): Promise<void> {
    const { store, panel } = this.#options;
    const { active } = store.state;
    const chosen = await linesToSend(argument);
    const problem =
      chosen === null
        ? l10n.t("There's no text editor to send lines from. Open a file first.")
        : await this.#attach(active, chosen, () => panel.reveal());
    if (problem !== null) await showInfo(problem);
  }

  /** The same for lines that were typed. Problems are shown in the session. */
  async attachLines(session: SessionNumber, lines: WrittenLines): Promise<void> {
    const problem = await this.#attachWritten(session, lines);
    if (problem !== null) this.#options.store.dispatch({ type: "host/notAttached", session, text: problem });
  }

  async #attachWritten(session: SessionNumber, { path, line, toLine }: WrittenLines): Promise<string | null> {
    const files = await filesOf({ path });
    const [file] = files;
    if (file === undefined) return l10n.t("There's no file like {0} in the open folders.", path);
    const chosen = files.length === 1 ? file : await choose({ path }, files);
    if (chosen === undefined) return null;
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(chosen);
    } catch {
      return l10n.t("{0} can't be opened as text.", path);
    }
    if (line > document.lineCount) return l10n.t("{0} has only {1} lines.", path, document.lineCount);
    return this.#attach(session, { document, lines: { from: line - 1, to: toLine - 1 } });
  }

  /** @returns why it is not attached, as a sentence; null if it is, or the user does not want it */
  async #attach(
    number: SessionNumber,
    { document, lines }: LinesToSend,
    attached: () => void = () => undefined,
  ): Promise<string | null> {
    const { store, questions } = this.#options;
    const quote = await quoteOf(document, lines);
    if (!quote.ok) return quote.text;
    const before = this.#openSession(number);
    if (typeof before === "string") return before;
    const { session, server } = before;
    const { path } = document.uri;
    if (!(await questions.mayShare({ session, server, path, text: quote.value.code }))) return null;
    // It may have ended while the user was asked.
    const after = this.#openSession(number);
    if (typeof after === "string") return after;
    store.dispatch({ type: "user/attach", session: number, attachment: quote.value });
    attached();
    return null;
  }

  /** A session that takes messages, or why it does not. */
  #openSession(number: SessionNumber): { readonly session: Session; readonly server: string } | string {
    const { sessions, me } = this.#options.store.state;
    const session = sessions.find((each) => each.number === number);
    if (me === null) return failures.notJoined.text;
    if (session === undefined) return failures.noSuchSession(String(number)).text;
    if (session.kind === "peer" && session.link === "ended") return failures.sessionEnded(session.peer).text;
    return { session, server: me.server };
  }
}
