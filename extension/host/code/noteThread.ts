// One note as a comment thread of an editor.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { LineRange } from "../../../protocol/part.ts";
import { areEqual, followEdit, type Note, type NoteComment, type NoteStatus } from "../../core/view/notes.ts";

/** `contextValue` of a thread, for the menus in package.json. */
const CONTEXT = "note";

export class NoteThread {
  readonly #thread: vscode.CommentThread;
  readonly uri: vscode.Uri;
  /** Counted from 0. Null while an edit has removed them. */
  #lines: LineRange | null;
  /** What its comments were made of: VS Code draws all of them anew when they are set. */
  #shown: {
    readonly comments: readonly NoteComment[];
    readonly lines: LineRange | null;
    readonly me: string;
  } | null = null;

  /** @param place where the note's lines are, counted from 0 */
  constructor(controller: vscode.CommentController, place: { uri: vscode.Uri; lines: LineRange }) {
    this.uri = place.uri;
    this.#lines = place.lines;
    this.#thread = controller.createCommentThread(place.uri, rangeOf(place.lines), []);
    this.#thread.collapsibleState = vscode.CommentThreadCollapsibleState.Collapsed;
    this.#thread.contextValue = CONTEXT;
    // Without a state: with the defaults in package.json, only unresolved threads open the Comments view.
  }

  /** @param title names the other side of the conversation */
  show(
    { comments, entry }: Note,
    { title, canReply, me }: { title: string; canReply: boolean; me: string },
  ): void {
    if (this.#thread.label !== title) this.#thread.label = title;
    if (this.#thread.canReply !== canReply) this.#thread.canReply = canReply;
    // Without words there is nothing to say but who sent the lines.
    const first = comments.length > 0 ? comments : [sentBy(entry)];
    const shown = this.#shown;
    if (shown?.me === me && shown.lines === this.#lines && areEqual(shown.comments, first)) return;
    this.#shown = { comments: first, lines: this.#lines, me };
    this.#thread.comments = first.map((comment) => commentOf(comment, me, this.#lines));
  }

  expand(): void {
    this.#thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
  }

  is(thread: unknown): boolean {
    return this.#thread === thread;
  }

  /** Follows an edit of its document. False if the lines are gone. */
  follow({ range, text }: vscode.TextDocumentContentChangeEvent): boolean {
    if (this.#lines === null) return false;
    const lines = text.split("\n").length;
    this.#lines = followEdit(this.#lines, { from: range.start.line, to: range.end.line, lines });
    if (this.#lines !== null) this.#thread.range = rangeOf(this.#lines);
    return this.#lines !== null;
  }

  dispose(): void {
    this.#thread.dispose();
  }
}

/** The thread is shown below the last line. */
function rangeOf({ from, to }: LineRange): vscode.Range {
  return new vscode.Range(from, 0, to, 0);
}

function sentBy({ from, own, at }: Note["entry"]): NoteComment {
  return { from, own, at, text: l10n.t("Sent these lines."), line: null, edited: false, status: null };
}

function commentOf(comment: NoteComment, me: string, lines: LineRange | null): vscode.Comment {
  const edited = comment.edited ? l10n.t("edited") : "";
  const words = [statusText(comment.status), edited, lineText(comment, lines)];
  const label = words.filter((word) => word !== "").join(" · ");
  return {
    // Plain text: Markdown of others could load pictures from anywhere.
    body: comment.text,
    mode: vscode.CommentMode.Preview,
    author: { name: comment.from === "" ? me : comment.from },
    timestamp: new Date(comment.at),
    ...(label === "" ? {} : { label }),
  };
}

function statusText(status: NoteStatus | null): string {
  switch (status) {
    case "sending":
      return l10n.t("Sending…");
    case "waiting":
      return l10n.t("Waiting");
    case "failed":
      return l10n.t("Not sent");
    case "received":
      return l10n.t("Received");
    case "read":
      return l10n.t("Read");
    case null:
      return "";
  }
}

/** In the reader's own file. */
function lineText({ line }: NoteComment, lines: LineRange | null): string {
  if (line === null || lines === null) return "";
  return l10n.t("line {0}", Math.min(lines.from + line, lines.to + 1));
}
