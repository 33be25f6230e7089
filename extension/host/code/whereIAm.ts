// Sends the line that the user is at: on their own command, or when a peer has asked and the user has agreed.
import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import type { NewAttachment, SessionNumber } from "../../../protocol/conversation.ts";
import { lineWithWords } from "../../core/code/linesAtCursor.ts";
import { conversationId, destination } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import { showInfo } from "../vscode/notify.ts";
import { quoteOf } from "./codeQuote.ts";
import type { LastEditor } from "./lastEditor.ts";
import { openFiles } from "./workspaceFiles.ts";
import { needsQuestion, type Shared, type ShareQuestions } from "./mayShare.ts";

type Options = {
  readonly store: Pick<Store, "state" | "dispatch" | "request">;
  readonly editors: Pick<LastEditor, "current">;
  readonly questions: Pick<ShareQuestions, "mayShare">;
};

type Place = { readonly uri: vscode.Uri; readonly quote: NewAttachment };

/** A sentence for the user instead of what they wanted. */
type Problem = string;

export class WhereIAm {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Sends it to a session, or says why not. */
  async send(number: SessionNumber): Promise<void> {
    const problem = await this.#send(number);
    if (problem !== null) await showInfo(problem);
  }

  /**
   * Answers a peer without asking the user, who is not disturbed if there is nothing to tell. Only files in open folders
   * without a secret at that line: about others the user is asked.
   */
  async sendUnasked(number: SessionNumber): Promise<void> {
    const conversation = conversationId(this.#options.store.state, number);
    const place = await this.#place();
    const shared = typeof place === "string" ? place : this.#shared(number, place, conversation);
    if (typeof place === "string" || typeof shared === "string") return;
    const isOpen = (await openFiles([place.uri])).length > 0;
    if (isOpen && !needsQuestion(shared)) await this.#say(number, place);
    else this.#options.store.dispatch({ type: "host/askWhere", session: number });
  }

  async #send(number: SessionNumber): Promise<Problem | null> {
    const conversation = conversationId(this.#options.store.state, number);
    const place = await this.#place();
    if (typeof place === "string") return place;
    const shared = this.#shared(number, place, conversation);
    if (typeof shared === "string") return shared;
    const action = l10n.t("Send");
    if (!(await this.#options.questions.mayShare({ ...shared, action }))) return null;
    // The session may have ended while the user was asked.
    const after = this.#shared(number, place, conversation);
    return typeof after === "string" ? after : this.#say(number, place);
  }

  async #place(): Promise<Place | Problem> {
    const editor = this.#options.editors.current;
    if (editor === undefined) return l10n.t("There's no text editor to send lines from. Open a file first.");
    const { document, selection } = editor;
    const textOf = (line: number): string => document.lineAt(line).text;
    const quote = await quoteOf(document, lineWithWords(selection.active.line, document.lineCount, textOf));
    return quote.ok ? { uri: document.uri, quote: quote.value } : quote.text;
  }

  #shared(number: SessionNumber, { uri, quote }: Place, conversation: string | null): Shared | Problem {
    const to = destination(this.#options.store.state, number, conversation);
    return to.ok ? { ...to.value, path: uri.path, text: quote.code } : to.error;
  }

  async #say(session: SessionNumber, { quote }: Place): Promise<Problem | null> {
    const outcome = await this.#options.store.request((request) => ({
      ...{ type: "user/say", request, session, text: "" },
      quote,
    }));
    return outcome.ok ? null : outcome.text;
  }
}
