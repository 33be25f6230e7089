// Tells the transfers of files which links there are, and keeps what they report.
import type { Turn } from "../model/turn.ts";
import { transfers } from "../model/effects.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { CoreEvent } from "../model/events.ts";
import { amend, entryAt, indexOfFile } from "../model/transcript.ts";
import type { TransferStatus } from "../transfers/status.ts";

/** Compares the channels before and after an event. */
export function report(turn: Turn, before: readonly PeerChannel[]): void {
  const { channels } = turn.state;
  if (channels === before) return;
  for (const former of before) {
    const channel = channels.find(({ sid }) => sid === former.sid);
    if (channel === undefined) turn.emit(transfers("ended", former.sid));
    else if (former.link !== null && channel.link === null) turn.emit(transfers("unlinked", former.sid));
  }
  const earlier = new Map(before.map(({ sid, link }) => [sid, link?.id]));
  for (const { sid, pin, link, boot, peerBoot } of channels) {
    if (link === null || link.id === earlier.get(sid)) continue;
    const { id, dialler, path, takesFiles } = link;
    if (takesFiles && peerBoot !== null)
      turn.emit(transfers("linked", sid, { link: id, pin, dialler, path, boot, peerBoot }));
    else if (earlier.get(sid) !== undefined) turn.emit(transfers("unlinked", sid));
  }
}

/** Says at a message what this machine keeps of its file. */
export function kept(turn: Turn, event: Extract<CoreEvent, { type: "file/kept" }>): void {
  const session = turn.state.sessions.find((each) => each.kind === "peer" && each.sid === event.sid);
  const index = session === undefined ? null : indexOfFile(session.transcript, event.id, event.own);
  const entry = index === null ? undefined : session && entryAt(session.transcript, index);
  if (session === undefined || index === null || entry?.kind !== "message") return;
  const { kept: former, ...message } = entry;
  if (former === undefined && event.kept === null) return;
  turn.setSession(session.number, {
    transcript: amend(session.transcript, index, {
      ...message,
      ...(event.kept === null ? {} : { kept: event.kept }),
    }),
  });
}

/** Statuses that are kept: those of a window with sixty sessions and some files in each. */
const STATUSES = 1_024;

/** Keeps the status of a transfer. One that is over stays, for its card, as long as there is room. */
export function changed(turn: Turn, status: TransferStatus): void {
  const isSame = ({ sid, id, way }: TransferStatus): boolean =>
    sid === status.sid && id === status.id && way === status.way;
  const { transfers: all } = turn.state;
  if (all.some(isSame)) {
    turn.set({ transfers: all.map((each) => (isSame(each) ? status : each)) });
    return;
  }
  const over = all.filter(isOver).slice(0, Math.max(0, all.length + 1 - STATUSES));
  turn.set({ transfers: [...all.filter((each) => !over.includes(each)), status] });
}

function isOver({ phase: { phase } }: TransferStatus): boolean {
  return ["done", "sent", "declined", "canceled", "failed"].includes(phase);
}
