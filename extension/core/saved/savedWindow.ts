// What a window saves over a reload, a restart or a crash: the stored form, and how it becomes a state again.
import * as v from "valibot";
import { Address, Boot, Epoch, Pin, SessionId, Token } from "../../../protocol/fields.ts";
import { Attachment, ComposedFile, DraftAbout, Entry, PendingMessage } from "../../../protocol/webview.ts";
import { isSameServer, tidyServerUrl } from "../model/serverAddress.ts";
import { LOBBY, type PeerSession, type Session, sessionNumber } from "../model/session.ts";
import { initialState, type State } from "../model/state.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import { fromEntries, newest } from "../model/transcript.ts";
import type { Conversation } from "../model/conversation.ts";

/** Lines saved per session: what people scroll back to after a reload. */
export const KEPT_ENTRIES = 500;
/** Characters saved per session, because the file is written often. */
export const KEPT_CHARACTERS = 128 * 1024;

/** No counter gets that far, and arithmetic above it is still exact. */
const LARGEST_COUNT = 2 ** 48;
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LARGEST_COUNT));
const SavedConversation = {
  /** The newest lines, and the index of the first. */
  start: v.optional(Count, 0),
  entries: v.array(Entry),
  /** Messages in flight: they are sent again, under their old ids. */
  pending: v.array(PendingMessage),
  unread: Count,
  draft: v.string(),
  draftAbout: v.optional(v.nullable(DraftAbout), null),
  attached: v.optional(v.nullable(Attachment), null),
  files: v.optional(v.array(ComposedFile), []),
  muted: v.optional(v.boolean(), false),
  newFrom: v.optional(v.nullable(Count), null),
};

export const SavedLobby = v.object(SavedConversation);
export const SavedPeer = v.object({
  ...SavedConversation,
  number: Count,
  sid: SessionId,
  peer: v.string(),
  pin: Pin,
  role: v.picklist(["A", "B"]),
  ended: v.boolean(),
  verifiedByPeer: v.boolean(),
  decided: v.optional(v.boolean(), false),
  introducedBy: v.nullable(v.string()),
  readUpTo: v.optional(Count, 0),
});
export type SavedPeer = v.InferOutput<typeof SavedPeer>;

/** The numbers with which a session resumes, and its peer's addresses. */
export const SavedChannel = v.object({
  sid: SessionId,
  peer: v.string(),
  pin: Pin,
  role: v.picklist(["A", "B"]),
  boot: Boot,
  peerBoot: v.nullable(Boot),
  n: Count,
  sent: Count,
  received: Count,
  addresses: v.array(Address),
  near: v.optional(v.boolean(), false),
  eager: v.boolean(),
});
export type SavedChannel = v.InferOutput<typeof SavedChannel>;

/** Everything except the conversations and their channels. */
export const SavedFrame = {
  me: v.object({ name: v.string(), server: v.string(), identity: v.string() }),
  resume: v.nullable(Token),
  lastSeen: v.nullable(v.object({ epoch: Epoch, seq: Count })),
  active: Count,
  nextSession: Count,
  place: v.object({
    reach: v.picklist(["loopback", "network"]),
    relay: v.boolean(),
    relaysFiles: v.optional(v.boolean(), false),
    overLoopback: v.boolean(),
    seen: v.string(),
    server: v.optional(v.string(), ""),
  }),
  port: v.nullable(Count),
  farewells: v.array(v.object({ sid: SessionId, pin: Pin, reason: v.picklist(["left", "quit"]) })),
  doNotDisturb: v.optional(v.boolean(), false),
};

export const SavedWindow = v.object({
  version: v.literal(2),
  ...SavedFrame,
  wires: v.array(SavedChannel),
  lobby: SavedLobby,
  peers: v.array(SavedPeer),
});
export type SavedWindow = v.InferOutput<typeof SavedWindow>;

/** What to save of a state; null if no one has joined. */
export function saveWindow(state: State): SavedWindow | null {
  const frame = saveFrame(state);
  if (frame === null) return null;
  const [lobby, ...peers] = state.sessions;
  return {
    version: 2,
    ...frame,
    // A channel that never had a link is not a session yet.
    wires: state.channels.filter(({ peerBoot }) => peerBoot !== null).map(saveChannel),
    lobby: conversation(lobby),
    peers: peers.map((session) => ({ ...conversation(session), ...savePeer(session) })),
  };
}

type Frame = Omit<SavedWindow, "version" | "wires" | "lobby" | "peers">;

export function saveFrame(state: State): Frame | null {
  const { me, resume, lastSeen, active, nextSession, place, listener, farewells } = state;
  if (me === null) return null;
  return {
    ...{ me, resume, lastSeen, active, nextSession, place },
    port: listener.port,
    farewells: [...farewells],
    doNotDisturb: state.presence === "busy",
  };
}

export function saveChannel(channel: PeerChannel): SavedChannel {
  const { sid, peer, pin, role, boot, peerBoot, n, sent, received, addresses, near, eager } = channel;
  return { sid, peer, pin, role, boot, peerBoot, n, sent, received, addresses: [...addresses], near, eager };
}

/** A private session without its conversation. */
export function savePeer(session: PeerSession): Omit<SavedPeer, keyof typeof SavedConversation> {
  const { number, sid, peer, pin, role, link, verifiedByPeer, decided, introducedBy, readUpTo } = session;
  return {
    number,
    sid,
    peer,
    pin,
    role,
    ended: link === "ended",
    verifiedByPeer,
    decided,
    introducedBy,
    readUpTo,
  };
}

function conversation(session: Session): SavedWindow["lobby"] {
  const { transcript, pending, files, ...rest } = session;
  const { unread, draft, draftAbout, attached, muted, newFrom } = rest;
  const { index: start, entries } = newest(transcript, KEPT_ENTRIES, KEPT_CHARACTERS);
  const copies = { pending: [...pending], files: [...files] };
  return { start, entries, ...copies, unread, draft, draftAbout, attached, muted, newFrom };
}

/** The state of a restored window: joined, not connected yet, its private sessions waiting for their links. */
export function restoreWindow(saved: SavedWindow, instance: string): State {
  const start = initialState(instance);
  const [lobby] = start.sessions;
  const wired = new Set(saved.wires.map(({ sid }) => sid));
  const peers = saved.peers.map((peer): PeerSession => {
    const { start: first, entries, number, ended, ...rest } = peer;
    return {
      ...rest,
      kind: "peer",
      number: sessionNumber(number),
      link: ended || !wired.has(peer.sid) ? "ended" : "waiting",
      isAwayAnnounced: false,
      ...{ readReceiptUpTo: 0, typing: false, typingToldAt: null, told: [] },
      transcript: fromEntries(entries, first),
    };
  });
  const active = peers.find((peer) => peer.number === saved.active)?.number ?? LOBBY;
  const { start: first, entries, ...rest } = saved.lobby;
  return {
    ...start,
    me: { ...saved.me, server: tidyServerUrl(saved.me.server) },
    resume: saved.resume,
    lastSeen: saved.lastSeen,
    place: saved.place,
    presence: saved.doNotDisturb ? "busy" : "here",
    listener: { ...start.listener, port: saved.port },
    farewells: saved.farewells,
    channels: saved.wires.map((channel) => ({
      ...channel,
      ...{
        link: null,
        dial: null,
        ticket: null,
        reach: null,
        tickets: null,
        attempt: 0,
        briefLinks: 0,
        failure: null,
        ways: [],
        reachedAt: 0,
        doubt: null,
      },
    })),
    sessions: [{ ...lobby, ...rest, transcript: fromEntries(entries, first) }, ...peers],
    active,
    nextSession: Math.max(saved.nextSession, 1, ...peers.map((peer) => peer.number + 1)),
  };
}

/** Clears these conversations, or all, in what a closed window has saved. */
export function clearedWindow(
  saved: SavedWindow,
  conversations: readonly Conversation[] | "all",
): SavedWindow {
  const { server, identity } = saved.me;
  const isMeant = (pin: Pin | null): boolean =>
    conversations === "all" ||
    conversations.some(
      (each) =>
        isSameServer(each.server, server) && each.identity === identity && (each.peer?.pin ?? null) === pin,
    );
  const { lobby, peers } = saved;
  return {
    ...saved,
    lobby: isMeant(null) ? withoutLines(lobby) : lobby,
    peers: peers.map((peer) => (isMeant(peer.pin) ? withoutLines(peer) : peer)),
  };
}

/** A reply's or an edit's quoted message disappears with the lines, an edit with its text, and copies of files with their bytes. */
function withoutLines<T extends SavedWindow["lobby"]>(conversation: T): T {
  const start = conversation.start + conversation.entries.length;
  const files = conversation.files.filter(({ copied }) => copied === undefined);
  const composer = { draftAbout: null, attached: null, files };
  return { ...conversation, start, entries: [], unread: 0, newFrom: null, ...composer };
}
