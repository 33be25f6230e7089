// Puts something into a session's composer, from where it is sent with what is typed. Asks first where that may be a mistake.
import type { NewAttachment } from "../../../protocol/conversation.ts";
import type { SessionNumber } from "../../../protocol/webview.ts";
import { conversationId, destination } from "../../core/view/conversations.ts";
import type { Store } from "../store/store.ts";
import { showInfo } from "../vscode/notify.ts";
import type { ShareQuestions } from "./mayShare.ts";

/** The page with the composer. */
export type ChatPage = { reveal(): void };

export type AttacherOptions = {
  readonly store: Pick<Store, "state" | "dispatch">;
  readonly panel: ChatPage;
  readonly questions: Pick<ShareQuestions, "mayShare" | "asks">;
};

export type ToAttach = {
  readonly quote: NewAttachment;
  /** The file it is from, or that a command names, if any. */
  readonly path?: string;
};

/** What will be attached, as far as questions about it depend on it. */
export type Coming = { readonly path: string; readonly text: string };

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
   * @param prepare may say early what it will attach: the composer then appears meanwhile, unless the user has to be asked
   * @returns whether it is attached
   */
  async attachHere(
    prepare: (expect: (coming: Coming) => void) => Promise<ToAttach | Refusal | typeof DECLINED>,
  ): Promise<boolean> {
    const { store, panel, questions } = this.#options;
    const { active } = store.state;
    const conversation = conversationId(store.state, active);
    const composer = { isShown: false };
    const prepared = await prepare((coming) => {
      const to = destination(store.state, active, conversation);
      if (!to.ok || questions.asks({ ...to.value, ...coming })) return;
      composer.isShown = true;
      panel.reveal();
    });
    const isReady = prepared !== DECLINED && !(prepared instanceof Refusal);
    const outcome = isReady ? await this.attach(active, prepared, conversation) : prepared;
    if (outcome === null && !composer.isShown) panel.reveal();
    else if (outcome instanceof Refusal) await showInfo(outcome.text);
    return outcome === null;
  }

  /**
   * Resolves with null once it is attached.
   * @param conversation that the user meant; see `conversationId`
   */
  async attach(
    number: SessionNumber,
    { quote, path }: ToAttach,
    conversation: string | null,
  ): Promise<Refusal | typeof DECLINED | null> {
    const { store, questions } = this.#options;
    const before = destination(store.state, number, conversation);
    if (!before.ok) return new Refusal(before.error);
    const text = quote.heading === "" ? quote.code : `${quote.heading}\n${quote.code}`;
    const shared = { ...before.value, text, ...(path === undefined ? {} : { path }) };
    if (!(await questions.mayShare(shared))) return DECLINED;
    // It may have ended while the user was asked.
    const after = destination(store.state, number, conversation);
    if (!after.ok) return new Refusal(after.error);
    store.dispatch({ type: "user/attach", session: number, attachment: quote });
    return null;
  }
}
