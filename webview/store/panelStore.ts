// The page's only store: the host's data, which parts of it are shown, and requests to the host.
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { assertNever } from "../../protocol/result.ts";
import type { HostMessage, PageMessage, SessionNumber } from "../../protocol/webview.ts";
import { ComposerStore } from "./composerStore.ts";
import { Copying } from "./copying.ts";
import { Giving } from "./giving.ts";
import type { Host } from "./host.ts";
import { lastOwn, type LastOwn } from "./lastOwn.ts";
import { Matches } from "./matches.ts";
import type { LogPosition } from "./logPosition.ts";
import { OlderEntries } from "./olderEntries.ts";
import { choose, type ModelMessage, type PanelModel, reduce, trim } from "./panelReducer.ts";
import { Unfolded } from "./unfolded.ts";

/** Entries that a log keeps while its end is shown; more are held only while the reader is further up. */
const KEPT_ENTRIES = 200;

/** Maximum number of sessions reported as read further up: the host accepts no more. */
const ABOVE_TOLD = 1000;

/** What components request from the host; the store sends the other messages itself. */
type Request =
  | ("leave" | "cancelFork" | "retry" | "discard" | "verify" | "verified" | "run")
  | ("retract" | "react" | "code" | "file" | "changes")
  | ("addFiles" | "notAdded" | "removeFile" | "sendFiles");

/** An entry to show as soon as it is held; `focus` if the reader moves there, otherwise it only comes into view. */
export type Reveal = {
  readonly session: SessionNumber;
  readonly index: number;
  readonly focus: boolean;
  /** Of its code, counted from 1. */
  readonly line?: number | undefined;
};

export class PanelStore {
  readonly composer: ComposerStore;
  readonly copying: Copying;
  readonly giving: Giving;
  readonly unfolded: Unfolded;
  readonly matches: Matches;
  readonly older: OlderEntries;
  readonly #model = signal<PanelModel | null>(null);
  readonly #reveal = signal<Reveal | null>(null);
  readonly #finding = signal<{ readonly session: SessionNumber; readonly request: number } | null>(null);
  readonly #host: Host;
  readonly #positions = new Map<SessionNumber, LogPosition>();
  #lastChoice = 0;
  /** Null until the first snapshot. */
  #windowId: string | null = null;
  /** The session whose last own message is edited as soon as it has its number. */
  #editWish: SessionNumber | null = null;

  constructor(host: Host) {
    this.#host = host;
    this.unfolded = new Unfolded(host.persisted?.unfolded ?? [], () => this.#persist());
    this.composer = new ComposerStore(host, () => this.#model.peek()?.state);
    this.copying = new Copying((message) => host.post(message));
    this.giving = new Giving((message) => host.post(message));
    this.matches = new Matches((session, index) =>
      host.post({ type: "code", action: "match", session, index }),
    );
    this.older = new OlderEntries((session, before) => host.post({ type: "more", session, before }));
  }

  /** Null until the first snapshot. */
  get model(): ReadonlySignal<PanelModel | null> {
    return this.#model;
  }

  /** What the log has to scroll to; it calls `revealed` when done. */
  get toReveal(): ReadonlySignal<Reveal | null> {
    return this.#reveal;
  }

  /** The session with an open find bar; `request` counts the requests to open it. */
  get finding(): ReadonlySignal<{ readonly session: SessionNumber; readonly request: number } | null> {
    return this.#finding;
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case "snapshot":
        batch(() => {
          this.#change(message);
          this.#windowId = message.windowId;
          this.#persist();
          this.composer.takeDrafts(message.drafts);
          this.composer.recall.seed(message.entries);
          this.older.forget();
          this.#followEditWish();
          this.#seek();
        });
        return;
      case "patch":
        batch(() => {
          this.#change(message);
          this.composer.follow(message.drafts ?? []);
          for (const { session, index, entry } of message.amended ?? []) {
            if (entry.kind !== "message") continue;
            this.composer.amended(session, index, entry);
            this.matches.amended(session, index, entry);
          }
          this.#followEditWish();
        });
        return;
      case "activated":
        batch(() => this.#change(message));
        return;
      case "page":
        batch(() => this.#change(message));
        this.older.came(message.session, message.index + message.entries.length);
        return;
      case "submitted":
        this.composer.answered(message);
        return this.#followEditWish();
      case "asking":
        return this.composer.asking(message.id);
      case "copied":
        return this.copying.copied(message.id);
      case "taken":
        return this.giving.taken(message.id);
      case "match":
        return this.matches.matched(message);
      case "stale":
        return this.matches.stale(message);
      case "focus":
        return this.composer.focus();
      case "reveal":
        return this.reveal(message.session, message.index);
      case "find":
        return this.find();
      default:
        assertNever(message);
    }
  }

  send(message: Extract<PageMessage, { type: Request }>): void {
    this.#host.post(message);
  }

  /** Switches to a session, and shows it before the host has. */
  activate(session: SessionNumber): void {
    this.composer.leaves();
    this.#lastChoice += 1;
    this.#host.post({ type: "activate", id: this.#lastChoice, session });
    const model = this.#model.peek();
    if (model !== null) batch(() => this.#show(choose(model, session, this.#lastChoice)));
  }

  /** Requests entries before those held, once per first index; returns false if there are none. */
  askOlder(session: SessionNumber): boolean {
    const model = this.#model.value;
    const log = model?.logs.get(session);
    const start = model?.state.sessions.find(({ number }) => number === session)?.start;
    if (log === undefined || start === undefined || log.first <= start) return false;
    this.older.ask(session, log.first);
    return true;
  }

  /** Edits the last own message, now or as soon as it has its number; returns false if there is none to edit. */
  editLast(session: SessionNumber): boolean {
    const last = this.#lastOwn(session);
    if (last === "coming") this.#editWish = session;
    else if (last !== null) this.composer.edit(session, last.index, last.entry);
    return last !== null;
  }

  /** The user does something other than editing the message in flight. */
  dropEditWish(): void {
    this.#editWish = null;
  }

  /** Shows an entry, in any session and however far back. */
  reveal(session: SessionNumber, index: number, focus = true, line?: number): void {
    batch(() => {
      this.#reveal.value = { session, index, focus, line };
      const active = this.#model.value?.state.active;
      if (active !== undefined && active !== session) this.activate(session);
      this.#seek();
    });
  }

  revealed(reveal: Reveal): void {
    if (this.#reveal.peek() === reveal) this.#reveal.value = null;
  }

  /** Opens the find bar in the active session, or focuses it. */
  find(): void {
    const session = this.#model.value?.state.active;
    if (session === undefined) return;
    const former = this.#finding.value;
    this.#finding.value = { session, request: (former?.request ?? 0) + 1 };
  }

  stopFinding(): void {
    const session = this.#finding.value?.session;
    this.#finding.value = null;
    const model = this.#model.value;
    if (model !== null && session !== undefined) this.#model.value = this.#trimmed(model, session);
  }

  /** The reader's position in a session; kept while another one is shown. */
  position(session: SessionNumber): LogPosition {
    return this.#positions.get(session) ?? "end";
  }

  setPosition(session: SessionNumber, position: LogPosition): void {
    const atEnd = position === "end";
    if (atEnd !== (this.position(session) === "end")) this.#host.post({ type: "reading", session, atEnd });
    this.#positions.set(session, position);
    const model = this.#model.value;
    if (model !== null) this.#model.value = this.#trimmed(model, session);
  }

  #persist(): void {
    if (this.#windowId !== null)
      this.#host.persist({ windowId: this.#windowId, unfolded: this.unfolded.kept });
  }

  #lastOwn(session: SessionNumber): LastOwn | null {
    const model = this.#model.value;
    if (model === null) return null;
    return this.composer.isSending(session) ? "coming" : lastOwn(model, session);
  }

  /** The message to edit may have its number now. */
  #followEditWish(): void {
    const session = this.#editWish;
    if (session === null || this.#lastOwn(session) === "coming") return;
    this.#editWish = null;
    const isFree = this.composer.text(session) === "" && this.composer.about(session) === undefined;
    if (isFree && this.#model.value?.state.active === session) this.editLast(session);
  }

  #change(message: ModelMessage): void {
    const before = this.#model.value;
    let model = reduce(before, message);
    if (model === null) return;
    if (message.type === "patch") {
      for (const { session } of message.entries) model = this.#trimmed(model, session);
    }
    this.#show(model);
    this.#forgetGone(model, before?.state.active ?? model.state.active);
    if (message.type !== "snapshot") this.#seek();
    if (!model.stale || before?.stale === true) return;
    this.composer.asks();
    const above = [...this.#positions].flatMap(([number, position]) => (position === "end" ? [] : [number]));
    this.#host.post({ type: "ready", above: above.slice(0, ABOVE_TOLD) });
  }

  #show(model: PanelModel): void {
    this.#model.value = model;
    if (this.#finding.value !== null && this.#finding.value.session !== model.state.active)
      this.stopFinding();
  }

  /** Drops entries far above a reader at the end, unless find is open there. */
  #trimmed(model: PanelModel, session: SessionNumber): PanelModel {
    const wanted = this.#finding.value?.session === session || this.#reveal.value?.session === session;
    return wanted || this.position(session) !== "end" ? model : trim(model, session, KEPT_ENTRIES);
  }

  /** Requests what is missing for the entry to reveal: the log shows it once it is held. */
  #seek(): void {
    const wanted = this.#reveal.value;
    const model = this.#model.value;
    if (wanted === null || model === null || model.stale) return;
    const view = model.state.sessions.find(({ number }) => number === wanted.session);
    const log = model.logs.get(wanted.session);
    // The session is about to appear.
    if (view === undefined || log === undefined) return;
    if (wanted.index >= log.end) this.#reveal.value = null;
    else if (wanted.index < view.start) this.#reveal.value = { ...wanted, index: view.start };
    if (log.first > Math.max(wanted.index, view.start)) this.askOlder(wanted.session);
  }

  /** A session number can be reused after quitting: what was kept for the earlier session is dropped. */
  #forgetGone(model: PanelModel, former: SessionNumber): void {
    for (const [number, position] of this.#positions) {
      const log = model.logs.get(number);
      const held = log !== undefined && (position === "end" || position.index < log.end);
      if (held) continue;
      this.#positions.delete(number);
      if (position !== "end") this.#host.post({ type: "reading", session: number, atEnd: true });
    }
    this.unfolded.forgetGone((number) => model.logs.has(number));
    this.matches.forgetGone((number) => model.logs.has(number));
    const starts = new Map(model.state.sessions.map(({ number, start }) => [number, start]));
    this.composer.forgetGone((number) => {
      const start = starts.get(number);
      return start === undefined ? undefined : { start, end: model.logs.get(number)?.end ?? 0 };
    }, former);
  }
}
