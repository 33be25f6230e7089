// Whether this page's user can change a message: in the lobby others know its author by the name alone, and this user may have
// another name now, as in a second window.
import { nameKey } from "../../protocol/names.ts";
import type { MessageEntry, SessionNumber } from "../../protocol/webview.ts";

const LOBBY = 0;

export function isMine({ own, from }: MessageEntry, me: string, session: SessionNumber): boolean {
  return own && (session !== LOBBY || nameKey(from) === nameKey(me));
}
