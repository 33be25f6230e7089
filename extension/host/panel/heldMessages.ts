// Messages that wait for an answer of the user before they are sent. The page has cleared its composer by then: until the
// answer they belong to the draft, which outlives the window.
import type { Draft, DraftAbout, SessionNumber } from "../../../protocol/webview.ts";

/** A message, and what the composer said that it is about. */
export type HeldMessage = { readonly text: string; readonly about: DraftAbout | null };

type Session = { readonly messages: Set<HeldMessage>; written: Draft };

export class HeldMessages {
  readonly #sessions = new Map<SessionNumber, Session>();

  add(session: SessionNumber, message: HeldMessage): void {
    const held = this.#sessions.get(session);
    if (held !== undefined) {
      held.messages.add(message);
      return;
    }
    const written = { session, text: "", about: null };
    this.#sessions.set(session, { messages: new Set([message]), written });
  }

  /** Returns the draft without this message. */
  remove(session: SessionNumber, message: HeldMessage): Draft {
    const held = this.#sessions.get(session);
    held?.messages.delete(message);
    if (held?.messages.size === 0) this.#sessions.delete(session);
    return held === undefined ? { session, text: "", about: null } : drafted(held);
  }

  /** The draft for what is now written in a composer: the held messages stand before it, as if they had returned. */
  draft(written: Draft): Draft {
    const held = this.#sessions.get(written.session);
    if (held === undefined) return written;
    held.written = written;
    return drafted(held);
  }
}

function drafted({ messages, written }: Session): Draft {
  let { about } = written;
  const texts: string[] = [];
  for (const message of messages) {
    const isFree = about === null;
    about ??= message.about;
    // An edit has a text of its own.
    if (isFree && message.about?.kind === "edit") about = { ...message.about, text: message.text };
    else texts.push(message.text);
  }
  texts.push(written.text);
  return { ...written, text: texts.filter((text) => text !== "").join("\n"), about };
}
