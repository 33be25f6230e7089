// The text in each session's composer: its draft, and the message it replies to or edits.
import { signal } from "@preact/signals";
import {
  draftWithout,
  type Draft,
  type DraftAbout,
  type DraftChange,
  type SessionNumber,
} from "../../protocol/webview.ts";

/** The kept lines of a session's log, from the first index to the one before the next. */
export type HeldLines = { readonly start: number; readonly end: number };

export class Drafts {
  readonly #texts = signal<ReadonlyMap<SessionNumber, string>>(new Map());
  readonly #abouts = signal<ReadonlyMap<SessionNumber, DraftAbout>>(new Map());
  /** Sessions with text written here since a snapshot was requested: the host's is older. */
  readonly #written = new Set<SessionNumber>();
  /** Texts from other pages that are still unchanged. */
  readonly #followed = new Map<SessionNumber, string>();
  readonly #changed: (session: SessionNumber) => void;

  /** @param changed called when something was written here */
  constructor(changed: (session: SessionNumber) => void) {
    this.#changed = changed;
  }

  text(session: SessionNumber): string {
    return this.#texts.value.get(session) ?? "";
  }

  about(session: SessionNumber): DraftAbout | undefined {
    return this.#abouts.value.get(session);
  }

  setText(session: SessionNumber, text: string): void {
    if (this.text(session) === text) return;
    this.#texts.value = new Map(this.#texts.value).set(session, text);
    this.#wrote(session);
  }

  setAbout(session: SessionNumber, about: DraftAbout | undefined): void {
    this.#putAbout(session, about);
    this.#wrote(session);
  }

  put(session: SessionNumber, text: string, about: DraftAbout | undefined): void {
    if (about !== this.about(session)) this.setAbout(session, about);
    this.setText(session, text);
  }

  clear(session: SessionNumber): void {
    this.put(session, "", undefined);
  }

  /** A snapshot is about to be requested. */
  asks(): void {
    this.#written.clear();
  }

  /** Applies the drafts of a snapshot. */
  takeAll(drafts: readonly Draft[]): void {
    for (const draft of drafts) if (!this.#written.has(draft.session)) this.#take(draft);
  }

  /**
   * Applies what was written in another page, or sent from there, unless something was written here in the meantime.
   */
  follow(changes: readonly DraftChange[]): void {
    for (const { former, ...draft } of changes) {
      const { session, text } = draft;
      if (this.text(session) !== former.text || !isSame(this.about(session) ?? null, former.about)) continue;
      this.#take(draft);
      this.#followed.set(session, text);
    }
  }

  /** Whether the text was written in another page. */
  isFollowed(session: SessionNumber): boolean {
    return this.#followed.get(session) === this.text(session);
  }

  /** Drops what was meant for sessions, and for lines, that are gone. `held`: the indices of a session's lines. */
  forgetGone(held: (session: SessionNumber) => HeldLines | undefined): void {
    const texts = [...this.#texts.value].filter(([number]) => held(number) !== undefined);
    if (texts.length < this.#texts.value.size) this.#texts.value = new Map(texts);
    for (const [number, about] of this.#abouts.value) {
      const lines = held(number);
      if (lines === undefined) this.#putAbout(number, undefined);
      else if (about.index < lines.start || about.index >= lines.end) {
        this.put(number, draftWithout(this.text(number), about), undefined);
      }
    }
    for (const number of this.#written) if (held(number) === undefined) this.#written.delete(number);
    for (const number of this.#followed.keys()) if (held(number) === undefined) this.#followed.delete(number);
  }

  #putAbout(session: SessionNumber, about: DraftAbout | undefined): void {
    const abouts = new Map(this.#abouts.value);
    if (about === undefined) abouts.delete(session);
    else abouts.set(session, about);
    this.#abouts.value = abouts;
  }

  #wrote(session: SessionNumber): void {
    this.#written.add(session);
    this.#followed.delete(session);
    this.#changed(session);
  }

  /** From the host, so it is not reported back. */
  #take({ session, text, about }: Draft): void {
    this.#texts.value = new Map(this.#texts.value).set(session, text);
    this.#putAbout(session, about ?? undefined);
  }
}

function isSame(a: DraftAbout | null, b: DraftAbout | null): boolean {
  return a?.kind === b?.kind && a?.index === b?.index && a?.text === b?.text && lineOf(a) === lineOf(b);
}

function lineOf(about: DraftAbout | null): number | undefined {
  return about?.kind === "reply" ? about.line?.line : undefined;
}
