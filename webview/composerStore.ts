// What stands in the composer of each session, and what becomes of it: drafts, answers, edits, recall, sending. Part of
// the page's store; the composer and the log's actions call it.
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import {
  excerptOf,
  isCommandLine,
  type Draft,
  type DraftAbout,
  type DraftChange,
  type Entries,
  type Entry,
  type SessionNumber,
} from "../protocol/webview.ts";
import { DraftSender } from "./draftSender.ts";
import type { Host } from "./host.ts";
import { emptyRecall, newer, older, recalled, remember, type Recall } from "./recall.ts";
import { TypingSender } from "./typingSender.ts";

/** Submitted lines whose answer is awaited; far more than the host ever leaves open. */
const OPEN_SUBMITS = 256;

type MessageEntry = Extract<Entry, { kind: "message" }>;

type Submitted = {
  readonly session: SessionNumber;
  readonly text: string;
  readonly about: DraftAbout | undefined;
};

export class ComposerStore {
  readonly #drafts = signal<ReadonlyMap<SessionNumber, string>>(new Map());
  readonly #abouts = signal<ReadonlyMap<SessionNumber, DraftAbout>>(new Map());
  readonly #recall = signal<Recall>(emptyRecall);
  readonly #sent = signal(0);
  readonly #focusRequests = signal(0);
  readonly #host: Host;
  readonly #draftSender: DraftSender;
  readonly #typing: TypingSender;
  readonly #open = new Map<number, Submitted>();
  /** Where something was written here since a snapshot was asked for: the host's is older. */
  readonly #written = new Set<SessionNumber>();
  /** Texts that were written elsewhere, while they stand as they came. */
  readonly #followed = new Map<SessionNumber, string>();
  #lastId = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#draftSender = new DraftSender((session) =>
      host.post({
        type: "draft",
        session,
        text: this.#draft(session),
        about: this.about(session) ?? null,
      }),
    );
    this.#typing = new TypingSender((session, value) => host.post({ type: "typing", session, value }));
  }

  get recall(): ReadonlySignal<Recall> {
    return this.#recall;
  }

  /** Counts new lines sent: with each, the log goes to its end. */
  get sent(): ReadonlySignal<number> {
    return this.#sent;
  }

  /** Counts the wishes that the composer be focused. */
  get focusRequests(): ReadonlySignal<number> {
    return this.#focusRequests;
  }

  focus(): void {
    this.#focusRequests.value += 1;
  }

  about(session: SessionNumber): DraftAbout | undefined {
    return this.#abouts.value.get(session);
  }

  /** The text in the composer: a draft, or an edited message. */
  text(session: SessionNumber): string {
    const about = this.about(session);
    return about?.kind === "edit" ? about.text : this.#draft(session);
  }

  setText(session: SessionNumber, text: string): void {
    const about = this.about(session);
    if (about?.kind === "edit") this.#setAbout(session, { ...about, text });
    else this.#setDraft(session, text);
  }

  /** As `setText`, by the user's own keys; `told` when whoever is in the session is told of it. */
  type(session: SessionNumber, text: string, told: boolean): void {
    this.setText(session, text);
    if (!told) return;
    const command = this.about(session)?.kind !== "edit" && isCommandLine(text);
    if (text.trim() === "" || command) this.#typing.stop();
    else this.#typing.wrote(session);
  }

  stopTyping(): void {
    this.#typing.stop();
  }

  reply(session: SessionNumber, index: number, { from, text }: MessageEntry): void {
    this.#setAbout(session, { kind: "reply", index, from, text: excerptOf(text) });
    this.focus();
  }

  edit(session: SessionNumber, index: number, { text }: MessageEntry): void {
    this.#setAbout(session, { kind: "edit", index, former: text, text });
    this.focus();
  }

  /** The next line is a message of its own again; a draft that was kept aside comes back. */
  cancel(session: SessionNumber): void {
    this.#setAbout(session, undefined);
    this.#typing.stop();
  }

  /** Hands the composer's line to the host and clears it; a refused one comes back. */
  submit(session: SessionNumber): void {
    const about = this.about(session);
    const text = this.text(session);
    this.#typing.stop();
    batch(() => {
      if (about?.kind === "edit") {
        this.#setAbout(session, undefined);
        if (about.text !== about.former) this.#post({ session, text: typed(text), about });
        return;
      }
      this.#sent.value += 1;
      this.#recall.value = remember(this.#recall.value, text);
      this.#setDraft(session, "");
      // A command answers nobody: the answer is still to be written.
      if (isCommandLine(text)) this.#post({ session, text, about: undefined });
      else {
        this.#setAbout(session, undefined);
        this.#post({ session, text, about });
      }
      this.#draftSender.flush();
    });
  }

  /** Puts an earlier line (or, past the newest, nothing) into the composer. */
  walk(session: SessionNumber, direction: "older" | "newer"): void {
    batch(() => {
      this.#recall.value = (direction === "older" ? older : newer)(this.#recall.value);
      this.#setDraft(session, recalled(this.#recall.value) ?? "");
    });
  }

  /** The host's answer to a line. */
  answered(id: number, accepted: boolean): void {
    const submitted = this.#open.get(id);
    this.#open.delete(id);
    if (submitted === undefined || accepted) return;
    const { session, text, about } = submitted;
    batch(() => {
      const free = this.about(session) === undefined;
      if (free) this.#setAbout(session, about);
      if (free && about?.kind === "edit") return;
      const draft = this.#draft(session);
      this.#setDraft(session, draft === "" ? text : `${text}\n${draft}`);
    });
  }

  /** A snapshot is about to be asked for. */
  asks(): void {
    this.flush();
    this.#written.clear();
  }

  takeDrafts(drafts: readonly Draft[]): void {
    for (const draft of drafts) if (!this.#written.has(draft.session)) this.#take(draft);
  }

  /** What was written in another page, or sent from there: taken where nothing was written here meanwhile. */
  follow(changes: readonly DraftChange[]): void {
    for (const { former, ...draft } of changes) {
      const { session, text } = draft;
      if (this.#draft(session) !== former.text || !isSame(this.about(session) ?? null, former.about))
        continue;
      this.#take(draft);
      this.#followed.set(session, text);
    }
  }

  /** A message has changed: who answers it answers its new words, and nobody answers or edits what was taken back. */
  amended(session: SessionNumber, index: number, { text, retracted }: MessageEntry): void {
    // A line on its way may be refused for that, and come back.
    for (const [id, line] of this.#open) {
      if (retracted === true && line.session === session && line.about?.index === index) {
        this.#open.set(id, { ...line, about: undefined });
      }
    }
    const about = this.about(session);
    if (about?.index !== index) return;
    if (retracted === true) this.#setAbout(session, undefined);
    else if (about.kind === "reply" && about.text !== excerptOf(text)) {
      this.#setAbout(session, { ...about, text: excerptOf(text) });
    }
  }

  /** Whether the composer's text was written elsewhere. */
  isFollowed(session: SessionNumber): boolean {
    return this.#followed.get(session) === this.#draft(session);
  }

  /** A page that was reloaded remembers at least the messages. */
  seedRecall(entries: readonly Entries[]): void {
    if (this.#recall.value.lines.length > 0) return;
    const own = entries.flatMap((part) =>
      part.entries.flatMap((entry) =>
        entry.kind === "message" && entry.own && entry.text !== "" ? [entry] : [],
      ),
    );
    const lines = own.sort((a, b) => a.at - b.at).map((entry) => typed(entry.text));
    this.#recall.value = lines.reduce(remember, emptyRecall);
  }

  /** Forgets what was meant for sessions that are gone. `end`: the index of a session's next entry. */
  forgetGone(end: (session: SessionNumber) => number | undefined): void {
    const drafts = [...this.#drafts.value].filter(([number]) => end(number) !== undefined);
    if (drafts.length < this.#drafts.value.size) this.#drafts.value = new Map(drafts);
    const abouts = [...this.#abouts.value].filter(([number, { index }]) => index < (end(number) ?? 0));
    if (abouts.length < this.#abouts.value.size) this.#abouts.value = new Map(abouts);
    for (const number of this.#written) if (end(number) === undefined) this.#written.delete(number);
    for (const number of this.#followed.keys()) if (end(number) === undefined) this.#followed.delete(number);
  }

  /** The page may be gone in a moment, or shows another session. */
  flush(): void {
    this.#draftSender.flush();
  }

  #draft(session: SessionNumber): string {
    return this.#drafts.value.get(session) ?? "";
  }

  #setDraft(session: SessionNumber, text: string): void {
    if (this.#draft(session) === text) return;
    this.#drafts.value = new Map(this.#drafts.value).set(session, text);
    this.#changed(session);
  }

  #setAbout(session: SessionNumber, about: DraftAbout | undefined): void {
    this.#putAbout(session, about);
    this.#changed(session);
  }

  #putAbout(session: SessionNumber, about: DraftAbout | undefined): void {
    const abouts = new Map(this.#abouts.value);
    if (about === undefined) abouts.delete(session);
    else abouts.set(session, about);
    this.#abouts.value = abouts;
  }

  #changed(session: SessionNumber): void {
    this.#written.add(session);
    this.#followed.delete(session);
    this.#draftSender.change(session);
  }

  /** From the host, which needs not be told of it. */
  #take({ session, text, about }: Draft): void {
    this.#drafts.value = new Map(this.#drafts.value).set(session, text);
    this.#putAbout(session, about ?? undefined);
  }

  #post(submitted: Submitted): void {
    const { session, text, about } = submitted;
    this.#lastId += 1;
    this.#open.set(this.#lastId, submitted);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_SUBMITS && oldest !== undefined) this.#open.delete(oldest);
    this.#host.post({
      type: "submit",
      id: this.#lastId,
      session,
      text,
      ...(about === undefined ? {} : { about: { kind: about.kind, index: about.index } }),
    });
  }
}

function isSame(a: DraftAbout | null, b: DraftAbout | null): boolean {
  return a?.kind === b?.kind && a?.index === b?.index && a?.text === b?.text;
}

/** How a message is typed: one that begins with a backslash would be a command without another. */
function typed(text: string): string {
  return text.startsWith("\\") ? `\\${text}` : text;
}
