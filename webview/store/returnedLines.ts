// Sent lines that come back to a composer: put before what is written there, in their order, and kept when their session is
// gone.
import type { SessionNumber } from "../../protocol/webview.ts";
import type { Submitted } from "./commandHold.ts";
import type { Drafts } from "./drafts.ts";

export class ReturnedLines {
  readonly #drafts: Drafts;
  readonly #homeOf: (session: SessionNumber) => SessionNumber;
  /** What came back to a composer, as it stands before what is written there. */
  readonly #texts = new Map<SessionNumber, string>();

  /** @param homeOf where lines of a session come back to: there, or where the user is when it is gone */
  constructor(drafts: Drafts, homeOf: (session: SessionNumber) => SessionNumber) {
    this.#drafts = drafts;
    this.#homeOf = homeOf;
  }

  /** Gives lines back: replies to where they were typed, other lines to where their command was sent. */
  give(lines: readonly Submitted[], sent: SessionNumber): void {
    const homes = new Map<SessionNumber, Submitted[]>();
    for (const line of lines) {
      const home = line.about === undefined ? sent : line.session;
      homes.set(home, [...(homes.get(home) ?? []), line]);
    }
    for (const [home, its] of homes) this.put(home, its);
  }

  /** Puts lines of a session behind others that came back. */
  put(session: SessionNumber, lines: readonly Pick<Submitted, "text" | "about">[]): void {
    const home = this.#homeOf(session);
    const about = lines.find((line) => line.about !== undefined)?.about;
    if (about !== undefined && home === session && this.#drafts.about(home) === undefined) {
      this.#drafts.setAbout(home, about);
    }
    const returned = this.#standing(home);
    const written = [...new Set([session, home])].map((each) =>
      each === home
        ? this.#drafts.text(each).slice(returned.length).replace(/^\n/u, "")
        : this.#drafts.text(each),
    );
    const back = joined([returned, ...lines.map(({ text }) => text)]);
    this.#texts.set(home, back);
    this.#drafts.setText(home, joined([back, ...written]));
  }

  /** Sessions are gone, and so are their drafts: what was sent and came back is not lost with them. */
  forgetGone(isThere: (session: SessionNumber) => boolean, forget: () => void): void {
    const gone = [...this.#texts.keys()].filter((session) => !isThere(session));
    const homeless = gone.map((session) => ({ session, text: this.#standing(session) }));
    forget();
    for (const { session, text } of homeless) {
      this.#texts.delete(session);
      if (text !== "") this.put(session, [{ text, about: undefined }]);
    }
  }

  /** The lines that came back to a composer and still stand there. */
  #standing(session: SessionNumber): string {
    const returned = this.#texts.get(session) ?? "";
    return `${this.#drafts.text(session)}\n`.startsWith(`${returned}\n`) ? returned : "";
  }
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n");
}
