// Keeps one page up to date: a snapshot when it asks, then patches by revision, one per turn of the event loop and
// before each answer. Independent of how messages reach the page.
import type { Draft, HostMessage, SessionNumber } from "../../../protocol/webview.ts";
import { ENTRIES_PER_PAGE } from "../../../protocol/webview.ts";
import { draftChanges, draftsOf, newestEntries, panelChange, panelState } from "../../core/view/panelView.ts";
import type { State } from "../../core/model/state.ts";
import { slice } from "../../core/model/transcript.ts";
import type { Store } from "../store/store.ts";

export class PageLink {
  readonly #store: Store;
  readonly #windowId: () => string;
  readonly #post: (message: HostMessage) => void;
  readonly #subscription: { dispose(): void };
  /** What the page shows; null if it has not asked yet, or has been hidden since. */
  #shown: State | null = null;
  /** The text in the page's composers, as far as the page or this side has reported it. */
  #drafts: ReadonlyMap<SessionNumber, Draft> = new Map();
  /** Sessions whose reader is not at the end. */
  readonly #above = new Set<SessionNumber>();
  readonly #onReading: () => void;
  #revision = 0;
  #flush: NodeJS.Immediate | null = null;
  /** The message for the page once it shows something. */
  #waiting: HostMessage | null = null;

  /** @param onReading called when `above` may have changed */
  constructor(
    store: Store,
    windowId: () => string,
    post: (message: HostMessage) => void,
    onReading: () => void = () => undefined,
  ) {
    this.#store = store;
    this.#onReading = onReading;
    this.#windowId = windowId;
    this.#post = post;
    this.#subscription = store.onChange(() => this.#schedule());
  }

  get above(): ReadonlySet<SessionNumber> {
    return this.#above;
  }

  /** The reader of a session has reached its end, or left it. */
  reading(session: SessionNumber, atEnd: boolean): void {
    if (atEnd) this.#above.delete(session);
    else if (this.#drafts.has(session)) this.#above.add(session);
    this.#onReading();
  }

  /** The page has loaded and shows nothing yet, or has lost a patch. */
  ready(above: readonly SessionNumber[] = []): void {
    const { state } = this.#store;
    this.#shown = state;
    this.#drafts = bySession(draftsOf(state));
    this.#above.clear();
    for (const session of above) if (this.#drafts.has(session)) this.#above.add(session);
    this.#onReading();
    this.#revision += 1;
    this.#post({
      type: "snapshot",
      revision: this.#revision,
      state: panelState(state),
      entries: newestEntries(state),
      drafts: draftsOf(state),
      windowId: this.#windowId(),
    });
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.#post(waiting);
  }

  /** The page's user has written this draft, so the page already has it. */
  wrote(draft: Draft): void {
    if (this.#drafts.has(draft.session)) this.#drafts = new Map(this.#drafts).set(draft.session, draft);
  }

  /** Sends a message about what the page shows, as soon as it shows it. */
  tell(message: HostMessage): void {
    if (this.#shown === null) {
      this.#waiting = message;
      return;
    }
    this.#patch();
    this.#post(message);
  }

  /** Sends the page at once what it does not show yet. */
  catchUp(): void {
    this.#patch();
  }

  /** Whether the page may show this session although another one is active: it was hidden, and has not caught up yet. */
  isBehind(session: SessionNumber): boolean {
    return this.#shown === null && this.#store.state.active !== session;
  }

  /** The session that the page has chosen is active. A page that gets no patches gets a snapshot later, which says so. */
  activated(id: number): void {
    if (this.#shown === null) return;
    this.#patch();
    this.#post({ type: "activated", id });
  }

  /** The page is hidden: it gets no patches until it sends `ready` again. */
  suspend(): void {
    this.#shown = null;
    this.#above.clear();
  }

  /** The page is visible again. Patches that it has missed make it send `ready`. */
  resume(): void {
    if (this.#shown !== null || this.#revision === 0) return;
    this.#revision += 2;
    this.#post({ type: "patch", revision: this.#revision, entries: [] });
  }

  /** Sends older lines of a session, before an index. */
  more(number: SessionNumber, before: number): void {
    const session = this.#store.state.sessions.find((candidate) => candidate.number === number);
    if (session === undefined) return;
    const page = slice(session.transcript, before - ENTRIES_PER_PAGE, before);
    this.#post({ type: "page", session: number, ...page });
  }

  dispose(): void {
    this.#subscription.dispose();
    if (this.#flush !== null) clearImmediate(this.#flush);
    this.#shown = null;
  }

  #schedule(): void {
    if (this.#shown === null || this.#flush !== null) return;
    this.#flush = setImmediate(() => {
      this.#flush = null;
      this.#patch();
    });
  }

  #patch(): void {
    if (this.#shown === null) return;
    const { state } = this.#store;
    const change = panelChange(this.#shown, state);
    const drafts = draftChanges(this.#drafts, state);
    this.#shown = state;
    this.#drafts = bySession(draftsOf(state));
    if (change === null && drafts.length === 0) return;
    this.#revision += 1;
    this.#post({
      ...{ type: "patch", revision: this.#revision, entries: [] },
      ...change,
      ...(drafts.length === 0 ? {} : { drafts }),
    });
  }
}

function bySession(drafts: readonly Draft[]): Map<SessionNumber, Draft> {
  return new Map(drafts.map((draft) => [draft.session, draft]));
}

/** Sessions whose end is visible on none of the pages. */
export function aboveOnAll(pages: readonly Pick<PageLink, "above">[]): SessionNumber[] {
  const [first, ...others] = pages;
  return [...(first?.above ?? [])].filter((session) => others.every(({ above }) => above.has(session)));
}
