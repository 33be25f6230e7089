// The composer of each session: drafts, replies, edits, recall, sending.
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import {
  type Draft,
  type DraftAbout,
  type DraftChange,
  excerptOf,
  type HostMessage,
  isCommandLine,
  type MessageEntry,
  type PanelState,
  type SessionNumber,
  type SessionView,
} from "../../protocol/webview.ts";
import type { FileId } from "../../protocol/bulk.ts";
import { shortForm } from "../../protocol/codeText.ts";
import { isBlank } from "../../protocol/blank.ts";
import { asksPerson, standsAlone } from "../../protocol/typedCommand.ts";
import { AttachedCode } from "./attachedCode.ts";
import type { Held, Submitted } from "./commandHold.ts";
import { editOf, replyTo } from "./draftAbouts.ts";
import { Drafts, type HeldLines } from "./drafts.ts";
import { DraftSender } from "./draftSender.ts";
import type { Host } from "./host.ts";
import { typed } from "./recall.ts";
import { RecallStore } from "./recallStore.ts";
import { ReturnedLines } from "./returnedLines.ts";
import { Submissions } from "./submissions.ts";
import { TypingSender } from "./typingSender.ts";

type Shown = Pick<PanelState, "active" | "sessions">;

export class ComposerStore {
  readonly #panel: () => Shown | undefined;
  readonly #drafts = new Drafts((session) => this.#draftSender.change(session));
  readonly recall = new RecallStore();
  readonly #sent = signal(0);
  /** Counts sent lines: each one scrolls the log to its end. */
  readonly sent: ReadonlySignal<number> = this.#sent;
  readonly #focusRequests = signal(0);
  /** Counts the requests to focus the composer. */
  readonly focusRequests: ReadonlySignal<number> = this.#focusRequests;
  readonly #displaced = signal(0);
  /** Counts the texts that lost their session: what is typed next is not meant for the one that is shown now. */
  readonly displaced: ReadonlySignal<number> = this.#displaced;
  readonly #code: AttachedCode;
  readonly #draftSender: DraftSender;
  readonly #typing: TypingSender;
  readonly #submissions: Submissions;
  readonly #returned = new ReturnedLines(
    this.#drafts,
    (session) => this.#homeOf(session),
    (id) => this.#code.putBack(id),
    () => (this.#displaced.value += 1),
  );

  /** @param panel returns what the page shows, if known */
  constructor(host: Host, panel: () => Shown | undefined) {
    this.#code = new AttachedCode(host);
    this.#panel = panel;
    this.#submissions = new Submissions(host, (held) => this.#released(held));
    this.#draftSender = new DraftSender((session) =>
      host.post({
        type: "draft",
        session,
        text: this.#drafts.text(session),
        about: this.about(session) ?? null,
      }),
    );
    this.#typing = new TypingSender((session, value) => host.post({ type: "typing", session, value }));
  }

  focus(): void {
    this.#focusRequests.value += 1;
  }

  about(session: SessionNumber): DraftAbout | undefined {
    return this.#drafts.about(session);
  }

  /** The text in the composer: a draft, or an edited message. */
  text(session: SessionNumber): string {
    const about = this.about(session);
    return about?.kind === "edit" ? about.text : this.#drafts.text(session);
  }

  setText(session: SessionNumber, text: string): void {
    const about = this.about(session);
    if (about?.kind === "edit") this.#drafts.setAbout(session, { ...about, text });
    else this.#drafts.setText(session, text);
  }

  /** The lines of code that go out with the next message. An edit leaves them for the message after it. */
  attached(view: SessionView): SessionView["attached"] {
    return this.about(view.number)?.kind === "edit" ? undefined : this.#code.of(view);
  }

  /** Offers the files in the composer. */
  sendFiles(session: SessionNumber, ids: FileId[]): void {
    this.#sent.value += 1;
    this.#code.host.post({ type: "sendFiles", session, ids });
  }

  detach(session: SessionNumber, id: string): void {
    this.#code.remove(session, id);
  }

  /** Like `setText`, for typing by the user; `told` if the other side gets a typing notice. */
  type(session: SessionNumber, text: string, told: boolean): void {
    this.setText(session, text);
    // The recipient is unknown before a command is answered.
    if (!told || this.#submissions.holding === session) return;
    const command = this.about(session)?.kind !== "edit" && isCommandLine(text);
    if (isBlank(text) || command) this.#typing.stop();
    else this.#typing.wrote(session);
  }

  /** Whether a message in a session has not been accepted by the host yet. */
  isSending(session: SessionNumber): boolean {
    return this.#submissions.isSending(session);
  }

  stopTyping(): void {
    this.#typing.stop();
  }

  leaves(): void {
    this.#submissions.stop();
    this.#draftSender.flush();
    this.#typing.stop();
  }

  /** @param line of its code, counted from 1 */
  reply(session: SessionNumber, index: number, entry: MessageEntry, line?: number): void {
    this.#drafts.setAbout(session, replyTo(index, entry, line));
    this.focus();
  }

  edit(session: SessionNumber, index: number, entry: MessageEntry): void {
    this.#drafts.setAbout(session, editOf(index, entry));
    this.focus();
  }

  /** The next line is an ordinary message again; a draft that was set aside is restored. */
  cancel(session: SessionNumber): void {
    this.#drafts.setAbout(session, undefined);
    this.#typing.stop();
  }

  /** Passes the composer's line to the host and clears the composer; a rejected line is returned. */
  submit(session: SessionNumber): void {
    const about = this.about(session);
    const view = this.#panel()?.sessions.find(({ number }) => number === session);
    const text = this.text(session);
    this.#typing.stop();
    batch(() => {
      // The message is posted before the cleared draft, because someone waits for it.
      if (about?.kind === "edit") {
        // The host keeps the edit as a draft if it has to ask before it sends it.
        this.#draftSender.flush();
        if (about.text !== about.former) this.#submissions.post({ session, text: typed(text), about });
        this.#drafts.setAbout(session, undefined);
        this.#draftSender.flush();
        return;
      }
      this.#sent.value += 1;
      this.recall.keep(text);
      // A command is no reply: the reply is still to be written.
      const isMessage = !isCommandLine(text);
      const attached = isMessage && view !== undefined ? this.attached(view)?.id : undefined;
      this.#code.sent(attached);
      this.#submissions.send({ session, text, about: isMessage ? about : undefined, attached });
      this.#drafts.put(session, "", isMessage ? undefined : about);
      this.#draftSender.flush();
    });
  }

  /** A command has switched to a session: lines written after it belong there. */
  #released({ command, lines, to }: Held): void {
    const { session, text } = command;
    batch(() => {
      if (to === null || !this.#isThere(to)) {
        // Meant for someone the command did not switch to: the user decides again.
        const again = lines.filter((line) => isCommandLine(line.text) && standsAlone(line.text));
        this.#sendAll(again, this.#homeOf(session));
        const back = lines.filter((line) => !again.includes(line));
        this.#returned.give(back, session);
      } else {
        if (to !== session && this.about(session) === undefined)
          this.#drafts.setText(to, this.#drafts.text(to) + this.#returned.takeWritten(session));
        this.#returned.give(this.#sendAll(lines, to, asksPerson(text)), session);
      }
      this.#draftSender.flush();
    });
  }

  /** Returns the lines that cannot be sent there. */
  #sendAll(lines: readonly Submitted[], to: SessionNumber, asked = false): Submitted[] {
    const [text, about] = [this.#drafts.text(to), this.about(to)];
    // Sending a line clears the composer at the host, so its text is reported again afterwards.
    if (lines.length > 0) this.#drafts.clear(to);
    this.#draftSender.flush();
    const back = this.#submissions.sendAll(lines, to, asked);
    this.#drafts.put(to, text, about);
    return back;
  }

  #isThere(session: SessionNumber): boolean {
    return this.#panel()?.sessions.some(({ number }) => number === session) ?? true;
  }

  /** Where lines of a session are returned: there, or to the active session if it is gone. */
  #homeOf(session: SessionNumber): SessionNumber {
    return this.#isThere(session) ? session : (this.#panel()?.active ?? session);
  }

  walk(session: SessionNumber, direction: "older" | "newer"): void {
    batch(() => this.#drafts.setText(session, this.recall.walk(direction)));
  }

  /** The host's answer to a line. */
  answered(answer: Extract<HostMessage, { type: "submitted" }>): void {
    const submitted = this.#submissions.answered(answer);
    if (submitted === undefined || answer.accepted) return;
    const { session, text, about, attached } = submitted;
    this.#code.putBack(attached);
    // A rejected command can be recalled.
    if (about?.kind !== "edit" && isCommandLine(text)) return;
    batch(() => {
      const free = this.#isThere(session) && this.about(session) === undefined;
      // An edit has its own text; if there is no room for it, the text is returned as an ordinary line.
      if (free && about?.kind === "edit") this.#drafts.setAbout(session, about);
      else this.#returned.put(session, [{ text, about: about?.kind === "edit" ? undefined : about }]);
    });
  }

  /** A command asks another person before it is answered. */
  asking(id: number): void {
    this.#submissions.asking(id);
  }

  /** A snapshot is about to be requested. */
  asks(): void {
    this.leaves();
    this.#drafts.asks();
  }

  takeDrafts(drafts: readonly Draft[]): void {
    this.#drafts.takeAll(drafts);
  }

  /** Applies what was written in another page, or sent from there. */
  follow(changes: readonly DraftChange[]): void {
    this.#drafts.follow(changes);
  }

  /** A message has changed: a reply to it quotes the new text, and a retraction ends a reply or an edit. */
  amended(session: SessionNumber, index: number, entry: MessageEntry): void {
    const { retracted } = entry;
    if (retracted === true) this.#submissions.retracted(session, index);
    const about = this.about(session);
    if (about?.index !== index) return;
    if (retracted === true) this.#drafts.setAbout(session, undefined);
    const text = excerptOf(shortForm(entry));
    if (retracted !== true && about.kind === "reply" && about.text !== text) {
      this.#drafts.setAbout(session, { ...about, text });
    }
  }

  /** Whether the composer's text was written in another page. */
  isFollowed(session: SessionNumber): boolean {
    return this.#drafts.isFollowed(session);
  }

  /**
   * Drops what was meant for sessions, and for lines, that are gone. What was being written can be recalled.
   * @param held the indices of a session's lines
   * @param former the session that was shown
   */
  forgetGone(held: (session: SessionNumber) => HeldLines | undefined, former: SessionNumber): void {
    // Text written after a command that ends its session continues elsewhere.
    const { holding } = this.#submissions;
    const none = { start: 0, end: 0 };
    const heldOrAwaited = (session: SessionNumber) =>
      held(session) ?? (session === holding ? none : undefined);
    const lost = heldOrAwaited(former) === undefined ? this.#drafts.text(former) : "";
    this.recall.keep(lost);
    if (!isBlank(lost)) this.#displaced.value += 1;
    this.#returned.forgetGone(
      (session) => heldOrAwaited(session) !== undefined,
      () => this.#drafts.forgetGone(heldOrAwaited),
    );
  }

  /** The page may be gone in a moment, or show another session. */
  flush(): void {
    this.#draftSender.flush();
  }
}
