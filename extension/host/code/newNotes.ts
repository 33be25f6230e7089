// Notes that are being written at lines of an editor and have not been sent.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { conversationId, type Destination, destination } from "../../core/view/conversations.ts";
import { sessionName } from "../../core/view/selectors.ts";
import type { Store } from "../store/store.ts";
import { showInfo, showWarning } from "../vscode/notify.ts";
import { quoteOf } from "./codeQuote.ts";
import type { ShareQuestions } from "./mayShare.ts";

/** `contextValue` of a thread, for the menus in package.json. */
const CONTEXT = "newNote";

type Options = {
  readonly store: Pick<Store, "state" | "request">;
  readonly controller: vscode.CommentController;
  readonly questions: Pick<ShareQuestions, "mayShare" | "maySay">;
};

/** Where a note will go. */
type Target = { readonly session: SessionNumber; readonly conversation: string | null };

export class NewNotes {
  readonly #options: Options;
  readonly #threads = new Map<vscode.CommentThread, Target>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Opens a note at the selected lines, or at the cursor's, for the session that is shown. */
  async start(): Promise<void> {
    const { store, controller } = this.#options;
    const session = store.state.sessions.find(({ number }) => number === store.state.active);
    const editor = vscode.window.activeTextEditor;
    if (store.state.me === null || session === undefined) return;
    if (editor === undefined) {
      await showInfo(l10n.t("There's no text editor to start a note in. Open a file first."));
      return;
    }
    const { start, end } = editor.selection;
    const isBeforeLine = end.character === 0 && end.line > start.line;
    const range = new vscode.Range(start.line, 0, isBeforeLine ? end.line - 1 : end.line, 0);
    const thread = controller.createCommentThread(editor.document.uri, range, []);
    thread.contextValue = CONTEXT;
    thread.label =
      session.kind === "lobby"
        ? l10n.t("Note to everyone in the lobby")
        : l10n.t("Note to {0}", sessionName(session));
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    const conversation = conversationId(store.state, session.number);
    this.#threads.set(thread, { session: session.number, conversation });
    // Its text field is below the lines.
    editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
  }

  /**
   * Sends what was written, with the lines. Until then no one else sees it.
   * @param sending is called with the salt of the lines
   */
  async send(thread: vscode.CommentThread, text: string, sending: (salt: string) => void): Promise<void> {
    const { store, questions } = this.#options;
    const target = this.#threads.get(thread);
    const { range } = thread;
    if (target === undefined || range === undefined || text.trim() === "") return;
    const document = await vscode.workspace.openTextDocument(thread.uri);
    const quote = await quoteOf(document, { from: range.start.line, to: range.end.line });
    if (!quote.ok) {
      await showWarning(quote.text);
      return;
    }
    const before = await this.#destinationOf(target);
    if (before === null) return;
    const shared = { ...before, action: l10n.t("Send") };
    const { path } = thread.uri;
    if (!(await questions.mayShare({ ...shared, path, text: quote.value.code }))) return;
    if (!(await questions.maySay({ ...shared, text }))) return;
    // The user may have left while they were asked.
    if ((await this.#destinationOf(target)) === null) return;
    sending(quote.value.part.salt);
    const outcome = await store.request((request) => ({
      ...{ type: "user/say", request, session: target.session, text },
      quote: quote.value,
    }));
    if (outcome.ok) this.cancel(thread);
    else await showWarning(outcome.text);
  }

  /** Null, after the user was told why, if the note cannot go there any more. */
  async #destinationOf({ session, conversation }: Target): Promise<Destination | null> {
    const to = destination(this.#options.store.state, session, conversation);
    if (to.ok) return to.value;
    await showWarning(to.error);
    return null;
  }

  isNew(thread: vscode.CommentThread): boolean {
    return this.#threads.has(thread);
  }

  cancel(thread: vscode.CommentThread): void {
    if (this.#threads.delete(thread)) thread.dispose();
  }

  dispose(): void {
    for (const thread of this.#threads.keys()) thread.dispose();
    this.#threads.clear();
  }
}
