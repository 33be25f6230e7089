// Notes in editors: each message with code is a comment thread at the lines where the code is in the user's own files. A reply
// written there is a reply in the conversation.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { LineRange } from "../../../protocol/part.ts";
import type { MessageEntry, SessionNumber } from "../../../protocol/webview.ts";
import { type Note, SessionNotes } from "../../core/view/notes.ts";
import type { Session } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { conversationId, destination } from "../../core/view/conversations.ts";
import { isBlocked } from "../../core/people/people.ts";
import { sessionName } from "../../core/view/selectors.ts";
import type { Store } from "../store/store.ts";
import { DisposableStore } from "../vscode/disposableStore.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showWarning } from "../vscode/notify.ts";
import { searchKey } from "./codeSearches.ts";
import type { ShareQuestions } from "./mayShare.ts";
import { NoteThread } from "./noteThread.ts";
import type { ResolvedNotes } from "./resolvedNotes.ts";

/** Typing and deliveries change a session several times a second. */
const SETTLED_MS = 200;
/** After the last edit: lines that were gone may be back. */
const EDITED_MS = 1_000;

/** Where a note's lines are in the user's files, counted from 0; null if that is not certain. */
export type NotePlace = { readonly uri: vscode.Uri; readonly lines: LineRange };
export type FindNote = (note: Note) => Promise<NotePlace | null>;

type Options = {
  readonly store: Pick<Store, "state" | "onChange" | "request">;
  readonly controller: vscode.CommentController;
  readonly find: FindNote;
  readonly questions: Pick<ShareQuestions, "maySay">;
  readonly resolved: Pick<ResolvedNotes, "has" | "add">;
  readonly isWanted: () => boolean;
};

export class EditorNotes {
  readonly #options: Options;
  readonly #parts = new DisposableStore();
  readonly #threads = new Map<string, NoteThread>();
  readonly #notes = new SessionNotes();
  /** Notes that are being looked for, or were not found in the documents that were visible then. */
  readonly #sought = new Set<string>();
  readonly #codeKeys = new WeakMap<MessageEntry, string>();
  /** Salt of the note that is shown open, as it was written. */
  #opened = "";
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#parts.add(
      options.store.onChange((before, after) => {
        const isSame =
          before.sessions === after.sessions && before.me === after.me && before.people === after.people;
        if (!isSame || before.connection !== after.connection) this.#updateSoon(SETTLED_MS);
      }),
    );
    this.#parts.add(vscode.window.onDidChangeVisibleTextEditors(() => this.#lookAgain(0)));
    this.#parts.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        this.#follow(document, contentChanges),
      ),
    );
    this.#updateSoon(0);
  }

  /** Sends what was written in a thread. */
  async reply(thread: vscode.CommentThread, text: string): Promise<void> {
    const note = this.#noteOf(thread);
    if (note === undefined || text.trim() === "") return;
    const { session, index } = note;
    const { store, questions } = this.#options;
    const conversation = conversationId(store.state, session);
    const before = destination(store.state, session, conversation);
    if (before.ok && !(await questions.maySay({ ...before.value, text, action: l10n.t("Send") }))) return;
    // The user may have left while they were asked.
    const after = destination(store.state, session, conversation);
    if (!after.ok) {
      await showWarning(after.error);
      return;
    }
    const outcome = await store.request((request) => ({
      ...{ type: "user/say", request, session, text },
      about: { kind: "reply", index },
    }));
    if (!outcome.ok) logFailure(showWarning(outcome.text));
  }

  /** Shows a note open when it comes: its author has just written it. @param salt of its lines */
  openOnce(salt: string): void {
    this.#opened = salt;
  }

  /** Hides a thread for the user alone. */
  resolve(thread: vscode.CommentThread): void {
    const note = this.#noteOf(thread);
    if (note === undefined) return;
    this.#options.resolved.add(keyOf(this.#options.store.state, note));
    this.#updateSoon(0);
  }

  /** The message that a thread belongs to. */
  placeOf(thread: vscode.CommentThread): { session: SessionNumber; index: number } | undefined {
    return this.#noteOf(thread);
  }

  /** The setting has changed. */
  refresh(): void {
    this.#updateSoon(0);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const thread of this.#threads.values()) thread.dispose();
    this.#parts.dispose();
  }

  #noteOf(thread: vscode.CommentThread): Note | undefined {
    const [key] = [...this.#threads].find(([, each]) => each.is(thread)) ?? [];
    return this.#wanted().find((note) => this.#placeKey(note) === key);
  }

  #lookAgain(ms: number): void {
    this.#sought.clear();
    this.#updateSoon(ms);
  }

  /** What comes again and again does not put it off. */
  #updateSoon(ms: number): void {
    if (this.#timer !== undefined && this.#timerMs <= ms) return;
    clearTimeout(this.#timer);
    this.#timerMs = ms;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, ms);
  }

  #wanted(): Note[] {
    const { state } = this.#options.store;
    if (state.me === null || !this.#options.isWanted()) return [];
    const blocked = { ...state, people: state.people.filter((person) => person.blocked) };
    return state.sessions
      .flatMap((session) => this.#notes.of(state, session))
      .filter(({ entry: { own, from, pin = null } }) => own || !isBlocked(blocked, from, pin))
      .filter((note) => !this.#options.resolved.has(keyOf(state, note)));
  }

  #update(): void {
    const wanted = new Map(this.#wanted().map((note) => [this.#placeKey(note), note]));
    for (const [key, thread] of this.#threads) {
      if (wanted.has(key)) continue;
      thread.dispose();
      this.#threads.delete(key);
    }
    for (const key of this.#sought) if (!wanted.has(key)) this.#sought.delete(key);
    for (const [key, note] of wanted) {
      const thread = this.#threads.get(key);
      if (thread !== undefined) this.#show(thread, note);
      else if (!this.#sought.has(key) && mayBeVisible(note)) {
        this.#sought.add(key);
        logFailure(this.#seek(key, note));
      }
    }
  }

  async #seek(key: string, note: Note): Promise<void> {
    const place = await this.#options.find(note);
    const isWanted = this.#wanted().some((each) => this.#placeKey(each) === key);
    if (place === null || this.#threads.has(key) || !isWanted) return;
    const thread = new NoteThread(this.#options.controller, place);
    this.#threads.set(key, thread);
    this.#show(thread, note);
    if (!note.entry.own || note.part.salt !== this.#opened) return;
    this.#opened = "";
    thread.expand();
  }

  /** Names the place of a note: an edit of its lines makes it another one. */
  #placeKey({ session, index, entry, part, code }: Note): string {
    const known = this.#codeKeys.get(entry);
    const lines = known ?? searchKey(part, code.code);
    if (known === undefined) this.#codeKeys.set(entry, lines);
    return `${conversationId(this.#options.store.state, session) ?? ""} ${String(index)} ${lines}`;
  }

  #show(thread: NoteThread, note: Note): void {
    const { state } = this.#options.store;
    const session = state.sessions.find(({ number }) => number === note.session);
    if (session === undefined) return;
    thread.show(note, {
      title: titleOf(session),
      canReply: session.kind === "lobby" || session.link !== "ended",
      me: state.me?.name ?? "",
    });
  }

  #follow(document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    let isGone = false;
    const uri = document.uri.toString();
    for (const [key, thread] of this.#threads) {
      if (thread.uri.toString() !== uri) continue;
      if (changes.every((change) => thread.follow(change))) continue;
      thread.dispose();
      this.#threads.delete(key);
      isGone = true;
    }
    if (isGone || (changes.length > 0 && this.#sought.size > this.#threads.size)) this.#lookAgain(EDITED_MS);
  }
}

/** The same after a reload. */
function keyOf(state: State, { session: number, entry }: Note): string {
  return `${conversationId(state, number) ?? ""} ${String(entry.at)} ${entry.own ? "" : entry.from}`;
}

/** A file of that name is open in an editor. Renamed files are found from the conversation. */
function mayBeVisible({ part }: Note): boolean {
  const name = part.path.slice(part.path.lastIndexOf("/") + 1);
  return vscode.window.visibleTextEditors.some(({ document }) => document.uri.path.endsWith(`/${name}`));
}

function titleOf(session: Session): string {
  return session.kind === "lobby"
    ? l10n.t("Fork Chat: everyone in the lobby")
    : l10n.t("Fork Chat: {0}", sessionName(session));
}
