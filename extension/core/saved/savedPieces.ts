// Splits a window's snapshot into a small first record and changes, so that a damaged record costs only itself; and
// restores it even if the first record is damaged.
import * as v from "valibot";
import { PeerFrame, type SavedChange } from "./savedChanges.ts";
import { saveFrame, SavedFrame, savePeer, saveChannel, type SavedWindow } from "./savedWindow.ts";
import type { State } from "../model/state.ts";

/** Lines per record. */
const LINES = 16;

/**
 * The window without its conversations, and the changes that complete it. Those also begin and end with the frame and
 * the channels.
 */
export function piecesOf(window: SavedWindow): {
  readonly first: SavedWindow;
  readonly changes: SavedChange[];
} {
  const { wires: channels, lobby, peers } = window;
  const frame = v.parse(v.object(SavedFrame), window);
  const changes = [
    { frame, wires: channels },
    ...sessionPieces(0, lobby),
    ...peers.flatMap((peer) => sessionPieces(peer.number, peer, v.parse(PeerFrame, peer))),
    { frame, wires: channels },
  ];
  return { first: blankWindow(frame, channels), changes };
}

/** A window without its conversations, as a change: what a file needs to be useful when its beginning is lost. */
export function outlineOf(state: State): SavedChange | null {
  const frame = saveFrame(state);
  if (frame === null) return null;
  const [, ...peers] = state.sessions;
  return {
    frame,
    wires: state.channels.filter(({ peerBoot }) => peerBoot !== null).map(saveChannel),
    sessions: peers.map((session) => ({ number: session.number, peer: savePeer(session) })),
  };
}

/** A window to which a file's changes can be applied, built from the first change that contains the whole frame. */
export function recoveredWindow({ frame, wires: channels }: SavedChange): SavedWindow | null {
  const whole = v.safeParse(v.object(SavedFrame), frame);
  return whole.success ? blankWindow(whole.output, channels ?? []) : null;
}

type Frame = Omit<SavedWindow, "version" | "wires" | "lobby" | "peers">;
type Conversation = SavedWindow["lobby"];

function blankWindow(frame: Frame, channels: SavedWindow["wires"]): SavedWindow {
  const nothing = { draft: "", draftAbout: null, attached: null, files: [], muted: false, newFrom: null };
  const lobby = { start: 0, entries: [], pending: [], unread: 0, ...nothing };
  return { version: 2, ...frame, wires: channels, lobby, peers: [] };
}

function sessionPieces(
  number: number,
  { start, entries, pending, unread, draft, draftAbout, attached, files, muted, newFrom }: Conversation,
  frame?: PeerFrame,
): SavedChange[] {
  const peer = frame === undefined ? {} : { peer: frame };
  const rest = { pending, unread, draft, draftAbout, attached, files, muted, newFrom };
  const pieces: SavedChange[] = [{ sessions: [{ number, ...peer, anew: start, entries: [], ...rest }] }];
  for (let i = 0; i < entries.length; i += LINES) {
    const lines = entries.slice(i, i + LINES);
    pieces.push({ sessions: [{ number, ...peer, from: start + i, entries: lines }] });
  }
  return pieces;
}
