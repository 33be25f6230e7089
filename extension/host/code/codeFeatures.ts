// Everything about code in the conversation, connected.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { WrittenLines } from "../../../protocol/fileReference.ts";
import type { Note } from "../../core/view/notes.ts";
import type { Store } from "../store/store.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { Attacher, type ChatPage } from "./attacher.ts";
import type { CodeSearches } from "./codeSearches.ts";
import { EditorNotes, type NotePlace } from "./editorNotes.ts";
import { FailureSender } from "./failureSender.ts";
import { LastEditor } from "./lastEditor.ts";
import { LineSender } from "./lineSender.ts";
import type { ShareQuestions } from "./mayShare.ts";
import { NewNotes } from "./newNotes.ts";
import { OutputSender } from "./outputSender.ts";
import { ProblemActions, ProblemSender } from "./problemSender.ts";
import { ResolvedNotes } from "./resolvedNotes.ts";
import { WhereIAm } from "./whereIAm.ts";

type Options = {
  readonly store: Store;
  readonly panel: ChatPage;
  readonly searches: CodeSearches;
  readonly questions: ShareQuestions;
  /** Kept for this workspace. */
  readonly workspaceMemory: vscode.Memento;
  /** Whether notes are shown in editors. */
  readonly showsNotes: () => boolean;
};

/** What the menus of a comment thread pass. */
const Reply = v.object({ thread: v.looseObject({}), text: v.string() });

export class CodeFeatures {
  readonly #sender: LineSender;
  readonly #parts = new DisposableStore();
  readonly #searches: CodeSearches;
  readonly #whereIAm: WhereIAm;
  readonly #problems: ProblemSender;
  readonly #failures: FailureSender;
  readonly #outputs: OutputSender;
  readonly #newNotes: NewNotes;
  readonly #notes: EditorNotes;

  constructor({ store, panel, searches, questions, workspaceMemory, showsNotes }: Options) {
    this.#searches = searches;
    const attacher = new Attacher({ store, panel, questions });
    this.#sender = new LineSender({ store, attacher });
    const editors = this.#parts.add(new LastEditor());
    this.#whereIAm = new WhereIAm({ store, editors, questions });
    this.#problems = new ProblemSender(attacher);
    this.#failures = new FailureSender(attacher);
    this.#outputs = this.#parts.add(new OutputSender(attacher));
    const { kinds: providedCodeActionKinds } = ProblemActions;
    this.#parts.add(
      vscode.languages.registerCodeActionsProvider("*", new ProblemActions(store), {
        providedCodeActionKinds,
      }),
    );
    const controller = this.#parts.add(vscode.comments.createCommentController("forkchat", "Fork Chat"));
    controller.options = { prompt: l10n.t("Reply…"), placeHolder: l10n.t("Write a note…") };
    this.#newNotes = this.#parts.add(new NewNotes({ store, controller, questions }));
    this.#notes = this.#parts.add(
      new EditorNotes({
        ...{ store, controller },
        find: (note) => this.#find(note),
        questions,
        resolved: new ResolvedNotes(workspaceMemory),
        isWanted: showsNotes,
      }),
    );
  }

  sendSelection(argument: unknown): Promise<void> {
    return this.#sender.sendSelection(argument);
  }

  /** @param argument what its quick fix passes */
  sendProblem(argument: unknown): Promise<void> {
    return this.#problems.send(argument);
  }

  /** @param argument what the menus of a test and of a failure's message pass */
  sendTestFailure(argument: unknown): Promise<void> {
    return this.#failures.send(argument);
  }

  sendTerminalOutput(from: "selection" | "lastCommand"): Promise<void> {
    return from === "selection" ? this.#outputs.sendSelection() : this.#outputs.sendLastOutput();
  }

  attachLines(session: SessionNumber, lines: WrittenLines): void {
    showFailure(this.#sender.attachLines(session, lines));
  }

  /** Sends where the user is. */
  showWhereIAm(session: SessionNumber): Promise<void> {
    return this.#whereIAm.send(session);
  }

  /** Answers a peer who asked for it. @param agreed whether the user was asked */
  tellWhere(session: SessionNumber, agreed: boolean): void {
    if (agreed) showFailure(this.#whereIAm.send(session));
    else logFailure(this.#whereIAm.sendUnasked(session));
  }

  startNote(): Promise<void> {
    return this.#newNotes.start();
  }

  /** Sends what was written in a comment thread. @param argument what its menu passes */
  sendNote(argument: unknown): Promise<void> | undefined {
    const fresh = this.#newNotes.of(argument);
    if (fresh !== undefined) return this.#newNotes.send(fresh, (salt) => this.#notes.openOnce(salt));
    const reply = v.safeParse(Reply, argument);
    // The very object: threads are told apart by identity.
    return reply.success
      ? this.#notes.reply((argument as vscode.CommentReply).thread, reply.output.text)
      : undefined;
  }

  /** Removes a note that was not sent. @param argument what its menu passes */
  cancelNote(argument: unknown): void {
    const fresh = this.#newNotes.of(argument);
    if (fresh !== undefined) this.#newNotes.cancel(fresh);
  }

  /** Hides a note for the user alone. @param argument what its menu passes */
  resolveNote(argument: unknown): void {
    const thread = threadOf(argument);
    if (thread !== null) this.#notes.resolve(thread);
  }

  /** The message that a thread belongs to. */
  messageOf(argument: unknown): { readonly session: SessionNumber; readonly index: number } | undefined {
    const thread = threadOf(argument);
    return thread === null ? undefined : this.#notes.placeOf(thread);
  }

  /** The setting may have changed. */
  refresh(): void {
    this.#notes.refresh();
  }

  dispose(): void {
    this.#parts.dispose();
  }

  async #find({ part, code, author }: Note): Promise<NotePlace | null> {
    const found = await this.#searches.find({ part, code: code.code, author });
    if (found === null || !("place" in found)) return null;
    return { uri: found.place.file, lines: found.place.span };
  }
}

/** The menu in a thread's title passes the thread itself, the one below its text field a reply. */
function threadOf(argument: unknown): vscode.CommentThread | null {
  if (typeof argument !== "object" || argument === null) return null;
  return "thread" in argument
    ? (argument.thread as vscode.CommentThread)
    : (argument as vscode.CommentThread);
}
