// Notes that are being written at lines of an editor and have not been sent.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Result } from "../../../protocol/result.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { conversationId, type Destination, destination } from "../../core/view/conversations.ts";
import { sessionName } from "../../core/view/selectors.ts";
import type { Store } from "../store/store.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showInfo, showWarning } from "../vscode/notify.ts";
import { quoteOf } from "./codeQuote.ts";
import type { ShareQuestions } from "./mayShare.ts";

/** `contextValue` of a thread and of its comment, for the menus in package.json. */
const CONTEXT = "newNote";

type Options = {
  readonly store: Pick<Store, "state" | "request">;
  readonly controller: vscode.CommentController;
  readonly questions: Pick<ShareQuestions, "mayShare" | "maySay">;
};

/** Where a note will go, and who writes it. */
type Target = {
  readonly session: SessionNumber;
  readonly conversation: string | null;
  readonly author: string;
};

export class NewNotes {
  readonly #options: Options;
  readonly #threads = new Map<vscode.CommentThread, Target>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Opens a note at the selected lines, or at the cursor's, for the session that is shown. */
  async start(): Promise<void> {
    const { store, controller } = this.#options;
    const { me, active, sessions } = store.state;
    const session = sessions.find(({ number }) => number === active);
    const editor = vscode.window.activeTextEditor;
    if (me === null || session === undefined) return;
    if (editor === undefined) {
      await showInfo(l10n.t("There's no text editor to start a note in. Open a file first."));
      return;
    }
    const { start, end } = editor.selection;
    const isBeforeLine = end.character === 0 && end.line > start.line;
    const range = new vscode.Range(start.line, 0, isBeforeLine ? end.line - 1 : end.line, 0);
    const thread = controller.createCommentThread(editor.document.uri, range, [draft(me.name, "")]);
    thread.contextValue = CONTEXT;
    thread.label =
      session.kind === "lobby"
        ? l10n.t("Note to everyone in the lobby")
        : l10n.t("Note to {0}", sessionName(session));
    thread.canReply = false;
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    const conversation = conversationId(store.state, session.number);
    this.#threads.set(thread, { session: session.number, conversation, author: me.name });
    // Its text field is below the lines.
    editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
  }

  /**
   * Sends what was written, with the lines. Until then no one else sees it. A note that was not sent can be written on.
   * @param sending is called with the salt of the lines
   */
  async send(thread: vscode.CommentThread, sending: (salt: string) => void): Promise<void> {
    const target = this.#threads.get(thread);
    if (target === undefined) return;
    const text = textOf(thread);
    // VS Code has taken the text field away.
    thread.comments = [sent(target.author, text)];
    let isSent = false;
    try {
      isSent = await this.#isSent(thread, target, text, sending);
    } finally {
      if (isSent) this.cancel(thread);
      else if (this.#threads.has(thread)) thread.comments = [draft(target.author, text)];
    }
  }

  async #isSent(
    { uri, range }: vscode.CommentThread,
    target: Target,
    text: string,
    sending: (salt: string) => void,
  ): Promise<boolean> {
    const { store, questions } = this.#options;
    if (range === undefined || text.trim() === "") return false;
    const document = await vscode.workspace.openTextDocument(uri);
    const quote = await quoteOf(document, { from: range.start.line, to: range.end.line });
    if (!quote.ok) return warn(quote.text);
    const before = this.#destinationOf(target);
    if (!before.ok) return warn(before.error);
    const shared = { ...before.value, action: l10n.t("Send") };
    if (!(await questions.mayShare({ ...shared, path: uri.path, text: quote.value.code }))) return false;
    if (!(await questions.maySay({ ...shared, text }))) return false;
    // The user may have left while they were asked.
    const after = this.#destinationOf(target);
    if (!after.ok) return warn(after.error);
    sending(quote.value.part.salt);
    const outcome = await store.request((request) => ({
      ...{ type: "user/say", request, session: target.session, text },
      quote: quote.value,
    }));
    return outcome.ok || warn(outcome.text);
  }

  #destinationOf({ session, conversation }: Target): Result<Destination, string> {
    return destination(this.#options.store.state, session, conversation);
  }

  /** The thread that one of its menus passed: itself, or its comment. */
  of(argument: unknown): vscode.CommentThread | undefined {
    for (const thread of this.#threads.keys())
      if (thread === argument || thread.comments.some((comment) => comment === argument)) return thread;
    return undefined;
  }

  cancel(thread: vscode.CommentThread): void {
    if (this.#threads.delete(thread)) thread.dispose();
  }

  dispose(): void {
    for (const thread of this.#threads.keys()) thread.dispose();
    this.#threads.clear();
  }
}

/** VS Code lets only comments that are being edited take the focus. */
function draft(author: string, text: string): vscode.Comment {
  return { body: text, mode: vscode.CommentMode.Editing, author: { name: author }, contextValue: CONTEXT };
}

function sent(author: string, text: string): vscode.Comment {
  return { ...draft(author, text), mode: vscode.CommentMode.Preview, label: l10n.t("Sending…") };
}

/** VS Code has written into the comment what the user wrote. */
function textOf({ comments }: vscode.CommentThread): string {
  const body = comments[0]?.body ?? "";
  return typeof body === "string" ? body : body.value;
}

/** Nothing waits for the user to close it. */
function warn(text: string): false {
  logFailure(showWarning(text));
  return false;
}
