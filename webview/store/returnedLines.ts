// Sent lines that are returned to a composer: inserted before its text, in their order, and kept when their session is
// gone.
import type { SessionNumber } from "../../protocol/webview.ts";
import type { Submitted } from "./commandHold.ts";
import type { Drafts } from "./drafts.ts";

export class ReturnedLines {
  readonly #drafts: Drafts;
  readonly #homeOf: (session: SessionNumber) => SessionNumber;
  /** Code that goes with a line comes back with it. */
  readonly #putBack: (attached: string | undefined) => void;
  readonly #displaced: () => void;
  /** The returned text at the beginning of each composer. */
  readonly #texts = new Map<SessionNumber, string>();

  /**
   * @param homeOf where lines of a session are returned: there, or to the active session if it is gone
   * @param displaced called when lines are returned to another session than theirs
   */
  constructor(
    drafts: Drafts,
    homeOf: (session: SessionNumber) => SessionNumber,
    putBack: (attached: string | undefined) => void,
    displaced: () => void,
  ) {
    this.#putBack = putBack;
    this.#displaced = displaced;
    this.#drafts = drafts;
    this.#homeOf = homeOf;
  }

  /** Returns lines: replies to where they were typed, other lines to where their command was sent. */
  give(lines: readonly Submitted[], sent: SessionNumber): void {
    const homes = new Map<SessionNumber, Submitted[]>();
    for (const line of lines) {
      this.#putBack(line.attached);
      const home = line.about === undefined ? sent : line.session;
      homes.set(home, [...(homes.get(home) ?? []), line]);
    }
    for (const [home, its] of homes) this.put(home, its);
  }

  /** Puts a session's lines after others that were returned. */
  put(session: SessionNumber, lines: readonly Pick<Submitted, "text" | "about">[]): void {
    const home = this.#homeOf(session);
    const about = lines.find((line) => line.about !== undefined)?.about;
    if (about !== undefined && home === session && this.#drafts.about(home) === undefined) {
      this.#drafts.setAbout(home, about);
    }
    const returned = this.#standing(home);
    const written = [...new Set([session, home])].map((each) =>
      each === home ? this.#behind(home) : this.#drafts.text(each),
    );
    const back = joined([returned, ...lines.map(({ text }) => text)]);
    this.#texts.set(home, back);
    this.#drafts.setText(home, joined([back, ...written]));
    if (home !== session) this.#displaced();
  }

  /** Takes out of a composer what was written behind the returned lines, which stay. */
  takeWritten(session: SessionNumber): string {
    const written = this.#behind(session);
    this.#drafts.setText(session, this.#standing(session));
    return written;
  }

  /** Sessions are gone, and so are their drafts: returned lines are not lost with them. */
  forgetGone(isThere: (session: SessionNumber) => boolean, forget: () => void): void {
    const gone = [...this.#texts.keys()].filter((session) => !isThere(session));
    const homeless = gone.map((session) => ({ session, text: this.#standing(session) }));
    forget();
    for (const { session, text } of homeless) {
      this.#texts.delete(session);
      if (text !== "") this.put(session, [{ text, about: undefined }]);
    }
  }

  /** What was written behind the returned lines. */
  #behind(session: SessionNumber): string {
    return this.#drafts.text(session).slice(this.#standing(session).length).replace(/^\n/u, "");
  }

  /** The returned lines that are still in a composer. */
  #standing(session: SessionNumber): string {
    const returned = this.#texts.get(session) ?? "";
    return `${this.#drafts.text(session)}\n`.startsWith(`${returned}\n`) ? returned : "";
  }
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n");
}
