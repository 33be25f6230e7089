// Whether a message can be changed by who is at this page: in the lobby others know its author by the name alone, and one's
// own may be another now, as in a second window. Used by the toolbar at a message and by the composer's Up.
import { nameKey } from "../../protocol/names.ts";
import type { MessageEntry, SessionNumber } from "../../protocol/webview.ts";

const LOBBY = 0;

export function isMine({ own, from }: MessageEntry, me: string, session: SessionNumber): boolean {
  return own && (session !== LOBBY || nameKey(from) === nameKey(me));
}
