// Keeps one page up to date: a snapshot when it asks, then patches by revision, one for each turn of the event loop and
// before each answer. Knows nothing of how messages reach the page.
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
  /** What the page shows; null while it has not asked, or is hidden. */
  #shown: State | null = null;
  /** What stands in the page's composers, as far as it has told or was told. */
  #drafts: ReadonlyMap<SessionNumber, Draft> = new Map();
  /** Sessions whose reader is not at the end; those that are there. */
  readonly #above = new Set<SessionNumber>();
  readonly #onReading: () => void;
  #revision = 0;
  #flush: NodeJS.Immediate | null = null;
  /** What the page is told once it shows something. */
  #waiting: HostMessage | null = null;

  /** @param onReading `above` may have changed */
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

  /** The reader of a session has come to its end, or has left it. */
  reading(session: SessionNumber, atEnd: boolean): void {
    if (atEnd) this.#above.delete(session);
    else if (this.#drafts.has(session)) this.#above.add(session);
    this.#onReading();
  }

  /** The page is there and shows nothing yet, or has lost a patch. */
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

  /** The page's user has written this: it is not told of it again. */
  wrote(draft: Draft): void {
    if (this.#drafts.has(draft.session)) this.#drafts = new Map(this.#drafts).set(draft.session, draft);
  }

  /** Tells the page about what it shows, as soon as it shows it. */
  tell(message: HostMessage): void {
    if (this.#shown === null) {
      this.#waiting = message;
      return;
    }
    this.#patch();
    this.#post(message);
  }

  /** Tells the page at once what it does not show yet. */
  catchUp(): void {
    this.#patch();
  }

  /** The page is gone until it says `ready` again. */
  suspend(): void {
    this.#shown = null;
    this.#above.clear();
  }

  /** Older lines of a session, before an index. */
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

/** Sessions whose end none of the pages shows. */
export function aboveOnAll(pages: readonly Pick<PageLink, "above">[]): SessionNumber[] {
  const [first, ...others] = pages;
  return [...(first?.above ?? [])].filter((session) => others.every(({ above }) => above.has(session)));
}
