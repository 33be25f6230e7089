// Puts something into a session's composer, from where it is sent with what is typed. Asks first where that may be a mistake.
import type { NewAttachment } from "../../../protocol/conversation.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { Session } from "../../core/model/session.ts";
import { failures } from "../../core/texts/texts.ts";
import type { Store } from "../store/store.ts";
import { showInfo } from "../vscode/notify.ts";
import type { ShareQuestions } from "./mayShare.ts";

/** The page with the composer. */
export type ChatPage = { reveal(): void };

export type AttacherOptions = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly panel: ChatPage;
  readonly questions: Pick<ShareQuestions, "mayShare">;
};

export type ToAttach = {
  readonly quote: NewAttachment;
  /** The file it is from, if any. */
  readonly path?: string;
};

/** Why there is nothing to attach, as a sentence for the user. */
export class Refusal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The user was asked, and does not want it. */
export const DECLINED = "declined";

export class Attacher {
  readonly #options: AttacherOptions;

  constructor(options: AttacherOptions) {
    this.#options = options;
  }

  /**
   * Attaches in the session that is shown now, and shows the composer. A problem is shown to the user.
   * @returns whether it is attached
   */
  async attachHere(prepare: () => Promise<ToAttach | Refusal | typeof DECLINED>): Promise<boolean> {
    const { store, panel } = this.#options;
    const { active } = store.state;
    const prepared = await prepare();
    const isReady = prepared !== DECLINED && !(prepared instanceof Refusal);
    const outcome = isReady ? await this.attach(active, prepared) : prepared;
    if (outcome === null) panel.reveal();
    else if (outcome instanceof Refusal) await showInfo(outcome.text);
    return outcome === null;
  }

  /** Resolves with null once it is attached. */
  async attach(number: SessionNumber, { quote, path }: ToAttach): Promise<Refusal | typeof DECLINED | null> {
    const { store, questions } = this.#options;
    const before = this.#openSession(number);
    if (before instanceof Refusal) return before;
    const { session, server } = before;
    const text = quote.heading === "" ? quote.code : `${quote.heading}\n${quote.code}`;
    const shared = { session, server, text, ...(path === undefined ? {} : { path }) };
    if (!(await questions.mayShare(shared))) return DECLINED;
    // It may have ended while the user was asked.
    const after = this.#openSession(number);
    if (after instanceof Refusal) return after;
    store.dispatch({ type: "user/attach", session: number, attachment: quote });
    return null;
  }

  /** A session that takes messages, or why it does not. */
  #openSession(number: SessionNumber): { readonly session: Session; readonly server: string } | Refusal {
    const { sessions, me } = this.#options.store.state;
    const session = sessions.find((each) => each.number === number);
    if (me === null) return new Refusal(failures.notJoined.text);
    if (session === undefined) return new Refusal(failures.noSuchSession(String(number)).text);
    if (session.kind === "peer" && session.link === "ended")
      return new Refusal(failures.sessionEnded(session.peer).text);
    return { session, server: me.server };
  }
}
