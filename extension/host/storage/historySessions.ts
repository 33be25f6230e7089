// The sessions whose conversations are being saved: their identity, and the state of each one's file.
import type { Entry } from "../../../protocol/webview.ts";
import type { Conversation } from "../../core/model/conversation.ts";
import type { Session } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { changesSince, entryAt, type Transcript } from "../../core/model/transcript.ts";
import type { HistoryFile } from "./historyFile.ts";

export type Open = {
  readonly conversation: Conversation;
  readonly file: HistoryFile;
  /** The content of the file; null if unknown. */
  written: Transcript | null;
  /** The last of the earlier lines given to the session, until it has them. */
  awaited: Entry | null;
};

/** Identifies a session for as long as it is the same one. */
export function keyOf(session: Session): string {
  return session.kind === "lobby" ? "lobby" : session.sid;
}

export function isNew(before: State, key: string): boolean {
  return before.me === null || before.sessions.every((session) => keyOf(session) !== key);
}

export function isSamePeer(a: Session, b: Session): boolean {
  return a.kind === "peer" && b.kind === "peer" && a.pin === b.pin;
}

/** Whether a session has received the earlier lines given to it. */
export function isThere({ awaited, written }: Open, transcript: Transcript): boolean {
  if (awaited === null || written === null) return true;
  const entry = entryAt(transcript, written.end - 1);
  return entry?.kind === awaited.kind && entry.at === awaited.at && entry.text === awaited.text;
}

/** Whether a session has taken over the lines of one that is no longer open. */
export function goesOn({ conversation, written }: Open, session: Session): boolean {
  if (session.kind !== "peer" || session.pin !== conversation.peer?.pin || written === null) return false;
  return changesSince(written, session.transcript) !== null;
}
