// Whether this page's user can change a message: in the lobby others know its author only by name, and this user's name
// may have changed, as in a second window.
import { nameKey } from "../../protocol/names.ts";
import type { MessageEntry, SessionNumber } from "../../protocol/webview.ts";

const LOBBY = 0;

export function isMine({ own, from }: MessageEntry, me: string, session: SessionNumber): boolean {
  return own && (session !== LOBBY || nameKey(from) === nameKey(me));
}
