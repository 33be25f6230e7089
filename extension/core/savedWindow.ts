// What a window keeps of its chat over a reload: the form it is stored in, and the way back into a state.
import * as v from "valibot";
import { Epoch, SessionId, Token } from "../../protocol/fields.ts";
import { Entry, PendingMessage } from "../../protocol/webview.ts";
import { initialState, LOBBY, sessionNumber, type PeerSession, type Session, type State } from "./state.ts";
import { append, fromEntries, newest } from "./transcript.ts";

/** Lines kept of each session: what somebody would scroll back to after a reload. */
const KEPT_ENTRIES = 500;
/** Characters kept of each session: the file is written often. */
const KEPT_CHARACTERS = 128 * 1024;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Conversation = {
  entries: v.array(Entry),
  /** What was on its way. In the lobby it goes out again, under its old ids. */
  pending: v.array(PendingMessage),
  unread: Count,
  draft: v.string(),
};

export const SavedWindow = v.object({
  version: v.literal(1),
  me: v.object({ name: v.string(), server: v.string() }),
  resume: v.nullable(Token),
  lastSeen: v.nullable(v.object({ epoch: Epoch, seq: Count })),
  active: Count,
  nextSession: Count,
  lobby: v.object(Conversation),
  peers: v.array(
    v.object({
      ...Conversation,
      number: Count,
      sid: SessionId,
      peer: v.string(),
      role: v.picklist(["A", "B"]),
      ended: v.boolean(),
    }),
  ),
});
export type SavedWindow = v.InferOutput<typeof SavedWindow>;

/** What to keep of a state; null when nobody has joined. */
export function saveWindow(state: State): SavedWindow | null {
  if (state.me === null) return null;
  const [lobby, ...peers] = state.sessions;
  return {
    version: 1,
    me: state.me,
    resume: state.resume,
    lastSeen: state.lastSeen,
    active: state.active,
    nextSession: state.nextSession,
    lobby: conversation(lobby),
    peers: peers.map((session) => ({
      ...conversation(session),
      number: session.number,
      sid: session.sid,
      peer: session.peer,
      role: session.role,
      ended: session.link === "ended",
    })),
  };
}

function conversation(session: Session): SavedWindow["lobby"] {
  const { transcript, pending, unread, draft } = session;
  const { entries } = newest(transcript, KEPT_ENTRIES, KEPT_CHARACTERS);
  return { entries, pending: [...pending], unread, draft };
}

/**
 * The state of a reloaded window: joined, without a connection yet. Its private sessions have ended with the
 * window that held them; their text can be read.
 * @param at milliseconds since 1970-01-01 UTC
 */
export function restoreWindow(saved: SavedWindow, instance: string, at: number): State {
  const start = initialState(instance);
  const [lobby] = start.sessions;
  const peers = saved.peers.map((peer): PeerSession => {
    const transcript = fromEntries(peer.entries);
    const text = `This window was reloaded, which ended the private session. \\fork ${peer.peer} in the lobby opens a new one.`;
    return {
      kind: "peer",
      number: sessionNumber(peer.number),
      sid: peer.sid,
      peer: peer.peer,
      role: peer.role,
      link: "ended",
      transcript: peer.ended ? transcript : append(transcript, { kind: "notice", level: "info", at, text }),
      pending: peer.pending.map(({ id, at, text }) => ({
        id,
        at,
        text,
        status: "failed",
        reason: `${peer.peer} did not confirm it`,
      })),
      unread: peer.unread,
      draft: peer.draft,
      sent: 0,
      received: 0,
    };
  });
  const active = peers.find((peer) => peer.number === saved.active)?.number ?? LOBBY;
  const { unread, draft, entries, pending } = saved.lobby;
  return {
    ...start,
    me: saved.me,
    resume: saved.resume,
    lastSeen: saved.lastSeen,
    sessions: [{ ...lobby, transcript: fromEntries(entries), unread, draft, pending }, ...peers],
    active,
    nextSession: Math.max(saved.nextSession, 1, ...peers.map((peer) => peer.number + 1)),
  };
}
