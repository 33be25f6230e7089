// The files that messages offer, with what is known of their transfers.
import type { FilePart } from "../../../protocol/bulk.ts";
import type { PeerSession } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { slice } from "../model/transcript.ts";
import type { TransferStatus } from "../transfers/status.ts";

export type ShownFile = {
  readonly session: PeerSession;
  /** Of its message. */
  readonly index: number;
  readonly part: FilePart;
  readonly status: TransferStatus;
};

/** In the order of the transfers. Those without a message, as it was cleared or is not sent yet, are left out. */
export function shownFiles({ sessions, transfers }: Pick<State, "sessions" | "transfers">): ShownFile[] {
  const known = new Set(transfers.map(({ sid }) => sid));
  const found = new Map<string, Omit<ShownFile, "status">>();
  for (const session of sessions) {
    if (session.kind !== "peer" || !known.has(session.sid)) continue;
    const { transcript } = session;
    const { index: first, entries } = slice(transcript, transcript.start, transcript.end);
    for (const [at, entry] of entries.entries()) {
      if (entry.kind !== "message" || entry.part?.kind !== "file") continue;
      const { own, part } = entry;
      found.set(`${session.sid}/${own ? "out" : "in"}/${part.id}`, { session, part, index: first + at });
    }
  }
  return transfers.flatMap((status) => {
    const file = found.get(`${status.sid}/${status.way}/${status.id}`);
    return file === undefined ? [] : [{ ...file, status }];
  });
}

/** The files that the peer of a session offers, and that the user has not answered. */
export function offeredIn(state: State, session: PeerSession): FilePart[] {
  return shownFiles({ ...state, sessions: [state.sessions[0], session] })
    .filter(({ status }) => status.way === "in" && status.phase.phase === "offered")
    .map(({ part }) => part);
}
