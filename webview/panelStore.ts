// The page's one store: what the host has told, the drafts, and what is asked of the host. main.tsx makes it; the
// components read its signals and call its methods.
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import { assertNever } from "../protocol/result.ts";
import type { HostMessage, PageMessage, SessionNumber } from "../protocol/webview.ts";
import { DraftSender } from "./draftSender.ts";
import type { Host } from "./host.ts";
import { reduce, trim, type ModelMessage, type PanelModel } from "./panelReducer.ts";
import { emptyRecall, newer, older, recalled, remember, type Recall } from "./recall.ts";
import type { Position } from "./logScroll.ts";

/** Entries that a log keeps while its end is shown; more are held only while somebody reads further up. */
const KEPT_ENTRIES = 500;

/** Submitted lines whose answer is awaited; far more than the host ever leaves open. */
const OPEN_SUBMITS = 256;

/** What the components ask of the host; the other messages are the store's own. */
type Request = "activate" | "leave" | "retry" | "discard" | "verify" | "verified" | "run";

type Submitted = { readonly session: SessionNumber; readonly text: string };

export class PanelStore {
  readonly #model = signal<PanelModel | null>(null);
  readonly #drafts = signal<ReadonlyMap<SessionNumber, string>>(new Map());
  readonly #recall = signal<Recall>(emptyRecall);
  readonly #submits = signal(0);
  readonly #focusRequests = signal(0);
  readonly #olderAsked = signal<ReadonlyMap<SessionNumber, number>>(new Map());
  readonly #host: Host;
  readonly #draftSender: DraftSender;
  readonly #open = new Map<number, Submitted>();
  readonly #positions = new Map<SessionNumber, Position>();

  constructor(host: Host) {
    this.#host = host;
    this.#draftSender = new DraftSender((session, text) => host.post({ type: "draft", session, text }));
  }

  /** Null until the first snapshot. */
  get model(): ReadonlySignal<PanelModel | null> {
    return this.#model;
  }

  get drafts(): ReadonlySignal<ReadonlyMap<SessionNumber, string>> {
    return this.#drafts;
  }

  get recall(): ReadonlySignal<Recall> {
    return this.#recall;
  }

  /** Counts lines sent: with each, the log goes to its end. */
  get submits(): ReadonlySignal<number> {
    return this.#submits;
  }

  /** Counts the host's wishes that the composer be focused. */
  get focusRequests(): ReadonlySignal<number> {
    return this.#focusRequests;
  }

  /** The index before which older entries of a session were asked for, while they are on their way. */
  get olderAsked(): ReadonlySignal<ReadonlyMap<SessionNumber, number>> {
    return this.#olderAsked;
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case "snapshot":
        batch(() => {
          this.#change(message);
          this.#host.persist({ windowId: message.windowId });
          this.#takeDrafts(message.drafts);
          this.#seedRecall(message.entries);
          this.#olderAsked.value = new Map();
        });
        return;
      case "patch":
        this.#change(message);
        return;
      case "page":
        this.#change(message);
        this.#forgetAsked(message.session);
        return;
      case "submitted":
        this.#answered(message.id, message.accepted);
        return;
      case "focus":
        this.#focusRequests.value += 1;
        return;
      default:
        assertNever(message);
    }
  }

  send(message: Extract<PageMessage, { type: Request }>): void {
    if (message.type === "activate") this.#draftSender.flush();
    this.#host.post(message);
  }

  draft(session: SessionNumber): string {
    return this.#drafts.value.get(session) ?? "";
  }

  setDraft(session: SessionNumber, text: string): void {
    if (this.draft(session) === text) return;
    this.#drafts.value = new Map(this.#drafts.value).set(session, text);
    this.#draftSender.change(session, text);
  }

  flushDrafts(): void {
    this.#draftSender.flush();
  }

  /** Hands a line to the host and clears the composer; a refused line comes back to it. */
  submit(session: SessionNumber, text: string): void {
    batch(() => {
      this.#submits.value += 1;
      this.#recall.value = remember(this.#recall.value, text);
      const id = this.#submits.value;
      this.#open.set(id, { session, text });
      const [oldest] = this.#open.keys();
      if (this.#open.size > OPEN_SUBMITS && oldest !== undefined) this.#open.delete(oldest);
      this.#host.post({ type: "submit", id, session, text });
      this.setDraft(session, "");
      this.#draftSender.flush();
    });
  }

  /** Puts an earlier line (or, past the newest, nothing) into the composer. */
  walk(session: SessionNumber, direction: "older" | "newer"): void {
    batch(() => {
      this.#recall.value = (direction === "older" ? older : newer)(this.#recall.value);
      this.setDraft(session, recalled(this.#recall.value) ?? "");
    });
  }

  /** Asks for entries before those held, once for each first index. */
  askOlder(session: SessionNumber): void {
    const model = this.#model.value;
    const log = model?.logs.get(session);
    const start = model?.state.sessions.find(({ number }) => number === session)?.start;
    if (log === undefined || start === undefined || log.first <= start) return;
    if (this.#olderAsked.value.get(session) === log.first) return;
    this.#olderAsked.value = new Map(this.#olderAsked.value).set(session, log.first);
    this.#host.post({ type: "more", session, before: log.first });
  }

  /** Where the reader of a session is; survives switching to another one. */
  position(session: SessionNumber): Position {
    return this.#positions.get(session) ?? "end";
  }

  setPosition(session: SessionNumber, position: Position): void {
    this.#positions.set(session, position);
    const model = this.#model.value;
    if (model !== null && position === "end") this.#model.value = trim(model, session, KEPT_ENTRIES);
  }

  #change(message: ModelMessage): void {
    const before = this.#model.value;
    let model = reduce(before, message);
    if (model === null) return;
    if (message.type === "patch") {
      for (const { session } of message.entries) {
        if (this.position(session) === "end") model = trim(model, session, KEPT_ENTRIES);
      }
    }
    this.#model.value = model;
    this.#forgetGone(model);
    if (model.stale && before?.stale !== true) this.#host.post({ type: "ready" });
  }

  /** A number can come back after quitting: what was kept for the session that bore it must not. */
  #forgetGone(model: PanelModel): void {
    for (const [number, position] of this.#positions) {
      const log = model.logs.get(number);
      const held = log !== undefined && (position === "end" || position.index < log.end);
      if (!held) this.#positions.delete(number);
    }
    const there = new Set(model.state.sessions.map(({ number }) => number));
    const drafts = this.#drafts.value;
    if ([...drafts.keys()].every((number) => there.has(number))) return;
    this.#drafts.value = new Map([...drafts].filter(([number]) => there.has(number)));
  }

  /** A draft that the page knows is newer than the host's. */
  #takeDrafts(drafts: Extract<HostMessage, { type: "snapshot" }>["drafts"]): void {
    const known = this.#drafts.value;
    this.#drafts.value = new Map([...drafts.map(({ session, text }) => [session, text] as const), ...known]);
  }

  /** A page that was reloaded remembers at least the messages. */
  #seedRecall(entries: Extract<HostMessage, { type: "snapshot" }>["entries"]): void {
    if (this.#recall.value.lines.length > 0) return;
    const own = entries.flatMap((part) =>
      part.entries.flatMap((entry) => (entry.kind === "message" && entry.own ? [entry] : [])),
    );
    const lines = own.sort((a, b) => a.at - b.at).map((entry) => typed(entry.text));
    this.#recall.value = lines.reduce(remember, emptyRecall);
  }

  #answered(id: number, accepted: boolean): void {
    const submitted = this.#open.get(id);
    this.#open.delete(id);
    if (submitted === undefined || accepted) return;
    const { session, text } = submitted;
    const draft = this.draft(session);
    this.setDraft(session, draft === "" ? text : `${text}\n${draft}`);
  }

  /** The log stays busy until the older entries are laid out, so that they are not read aloud as news. */
  #forgetAsked(session: SessionNumber): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const asked = new Map(this.#olderAsked.value);
        asked.delete(session);
        this.#olderAsked.value = asked;
      }),
    );
  }
}

/** How a message is typed: one that begins with a backslash would be a command without another. */
function typed(text: string): string {
  return text.startsWith("\\") ? `\\${text}` : text;
}
