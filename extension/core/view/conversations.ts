// Finds the conversation that was meant a moment ago. After quitting, others get the numbers of its sessions.
import { err, ok, type Result } from "../../../protocol/result.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { MessageEntry, SessionNumber } from "../../../protocol/webview.ts";
import type { Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { failures } from "../texts/texts.ts";

/** A conversation, whatever the number of its session, and after a reload too. Null if no session has this number. */
export function conversationId({ sessions, me }: State, number: SessionNumber): string | null {
  const session = sessions.find((each) => each.number === number);
  if (session === undefined) return null;
  return session.kind === "peer" ? session.sid : (me?.server ?? null);
}

/** The author of a message, whatever their name where their key is known. The user is one too. */
export function authorKey(session: Session, { own, from, pin }: MessageEntry): string {
  if (own) return "";
  return session.kind === "peer" ? session.pin : (pin ?? nameKey(from));
}

/** Where a message would go. */
export type Destination = { readonly session: Session; readonly server: string };

/**
 * The session that something is meant for; or why it cannot go there, as a sentence.
 * @param conversation what `conversationId` said when the user chose the session
 */
export function destination(
  state: State,
  number: SessionNumber,
  conversation: string | null,
): Result<Destination, string> {
  const session = state.sessions.find((each) => each.number === number);
  if (state.me === null) return err(failures.notJoined.text);
  if (session === undefined) return err(failures.noSuchSession(String(number)).text);
  if (conversationId(state, number) !== conversation) return err(failures.notThere.text);
  if (session.kind === "peer" && session.link === "ended")
    return err(failures.sessionEnded(session.peer).text);
  return ok({ session, server: state.me.server });
}
