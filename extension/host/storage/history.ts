// Saves conversations on the user's machine: follows the state and writes each message before it has effects, gives
// sessions the lines of earlier ones, and ends or clears what is saved.
import type { CoreEvent } from "../../core/model/events.ts";
import { conversationOf } from "../../core/saved/history.ts";
import type { Conversation, Seen } from "../../core/model/conversation.ts";
import type { Session } from "../../core/model/session.ts";
import type { State } from "../../core/model/state.ts";
import { changesSince, fromEntries, isRetracted, type Transcript } from "../../core/model/transcript.ts";
import type { ClosedWindows } from "./closedWindows.ts";
import { boundOf, type HistorySettings } from "./historyBound.ts";
import { type Bound, HistoryFile } from "./historyFile.ts";
import { HistoryFolder } from "./historyFolder.ts";
import { goesOn, isNew, isSamePeer, isThere, keyOf, type Open } from "./historySessions.ts";
import {
  changedLines,
  earlierLines,
  isSameLine,
  keptMessages,
  type KeptMessages,
  linesOf,
  resumedLines,
} from "./historyLines.ts";
import { RewriteQueue } from "./rewriteQueue.ts";
import { type Agreed, agreedTime } from "./startTimes.ts";

type Options = {
  readonly folder: string;
  readonly settings: HistorySettings;
  readonly now: () => number;
  readonly dispatch: (event: CoreEvent) => void;
  /** Called when something was deleted, of one conversation or (null) of all, so that it is not left elsewhere. */
  readonly onForgotten: (conversation: Conversation | null) => void;
  /** The saved state of closed windows. */
  readonly closedWindows: Pick<ClosedWindows, "clear">;
  readonly log: { warn(text: string): void };
};

export class History {
  readonly #options: Options;
  readonly #folder: HistoryFolder;
  #settings: HistorySettings;
  /** Keyed by session. */
  readonly #open = new Map<string, Open>();
  readonly #rewrites = new RewriteQueue<Open>();
  /** Since the user joined. */
  #hasFailed = false;
  /** A time that has certainly passed; null until it is requested. */
  #agreed: Agreed | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#settings = options.settings;
    this.#folder = new HistoryFolder(options.folder, options.log);
  }

  /** Applies changed settings. With 0 days, deletes everything that no other window is using. */
  configure(settings: HistorySettings): void {
    const { messages, days } = this.#settings;
    this.#settings = settings;
    if (settings.days === 0) {
      for (const [key, open] of this.#open) this.#end(key, open, true);
      this.#guard(() => this.#folder.clear(null));
      if (days !== 0) this.#options.onForgotten(null);
    } else if (settings.messages < messages || settings.days < days) {
      // Not at once: a number being typed passes through smaller ones.
      for (const open of this.#open.values()) this.#rewriteSoon(open, this.#options.now());
    }
  }

  /** A restored window has saved its newest lines itself: this adds those before them. */
  adopt(state: State): State {
    const { me } = state;
    if (me === null || this.#settings.days === 0) return state;
    this.#guard(() => this.#folder.expire(this.#bound().oldest));
    const [lobby, ...peers] = state.sessions;
    const whole = <S extends Session>(session: S): S => {
      const transcript = this.#guard(() =>
        this.#resume(conversationOf(me, session), session, state.lastSeen),
      );
      if (transcript === undefined) return session;
      const shift = transcript.end - session.transcript.end;
      const newFrom = session.newFrom === null ? null : session.newFrom + shift;
      return { ...session, transcript, newFrom };
    };
    return { ...state, sessions: [whole(lobby), ...peers.map(whole)] };
  }

  /** Handles a change of the state; called before its effects. */
  changed(before: State, after: State): void {
    if (before.sessions === after.sessions && before.me === after.me) return;
    const { me } = after;
    if (before.me === null) this.#hasFailed = false;
    if (this.#settings.days === 0 && this.#open.size === 0) return;
    if (me === null) {
      // A failed join leaves nothing behind.
      const left = before.connection.status !== "connecting" || !before.connection.first;
      return this.#endAll([...this.#open], left && this.#settings.forgetOnLeave);
    }
    this.#endGone(after);
    for (const session of after.sessions) {
      const key = keyOf(session);
      const open = this.#open.get(key);
      if (open !== undefined) this.#write(open, session, after.lastSeen);
      else if (isNew(before, key)) this.#begin(me, session, after);
      else this.#guard(() => this.#beginAnew(conversationOf(me, session), session, after.lastSeen));
    }
  }

  /** A line that the session no longer holds was edited or retracted: soon its file will not contain it either. */
  trim(session: Session): void {
    const open = this.#open.get(keyOf(session));
    if (open !== undefined) this.#rewriteSoon(open);
  }

  /** Deletes what no other window is using: of one conversation, or of all. The core clears the sessions' own lines. */
  clear(conversation: Conversation | null): void {
    this.#guard(() => this.#folder.clear(conversation));
    this.#guard(() => this.#options.closedWindows.clear(conversation === null ? "all" : [conversation]));
    this.#options.onForgotten(conversation);
  }

  /**
   * The messages of conversations that are not open in this window, each once, without expired ones.
   * @param identity the user's name, because other windows may save conversations under other names; null: all names
   */
  async elsewhere(identity: string | null): Promise<KeptMessages[]> {
    const all = await this.#folder.all([...this.#open.values()].map(({ conversation }) => conversation));
    return all
      .filter(([{ conversation }]) => identity === null || conversation.identity === identity)
      .map((kept) => keptMessages(kept, this.#bound(this.#options.now())));
  }

  /** The window closes, and may return. */
  close(): void {
    for (const [key, open] of this.#open) this.#end(key, open, false);
  }

  /** One start with a wrong clock must not delete anything; a lower limit set by the user applies at once. */
  #bound(now?: number): Bound {
    this.#agreed ??= agreedTime(this.#options.folder, this.#options.now());
    return boundOf(this.#settings, { ...this.#agreed, ...(now === undefined ? {} : { time: now }) });
  }

  /** A session has started: it gets the lines of earlier ones with the same people. */
  #begin(me: NonNullable<State["me"]>, session: Session, { sessions, lastSeen }: State): void {
    const conversation = conversationOf(me, session);
    // If an ended session is still open, its lines can be read there.
    const hasOtherSession = sessions.some((other) => other !== session && isSamePeer(other, session));
    if (session.kind === "lobby") this.#guard(() => this.#folder.expire(this.#bound().oldest));
    this.#guard(() => {
      if (hasOtherSession) return this.#beginAnew(conversation, session, lastSeen);
      const { path, kept, merged } = this.#folder.take(conversation);
      const file = new HistoryFile(path, this.#options.now);
      const { lines, seen } = earlierLines(kept, this.#bound());
      file.begin({ conversation, seen }, lines);
      for (const path of merged) this.#folder.remove(path);
      const entries = lines.map(({ entry }) => entry);
      const open: Open = {
        ...{ conversation, file },
        written: fromEntries(entries),
        awaited: entries.at(-1) ?? null,
      };
      this.#open.set(keyOf(session), open);
      if (entries.length > 0 || seen !== null) {
        this.#options.dispatch({ type: "history/loaded", session: session.number, entries, seen });
      }
      if (open.awaited === null) this.#write(open, session, lastSeen);
    });
  }

  /** Creates a file with the session's lines. */
  #beginAnew(conversation: Conversation, session: Session, seen: Seen | null): void {
    const { transcript } = session;
    const file = new HistoryFile(this.#folder.create(conversation), this.#options.now);
    file.begin({ conversation, seen: session.kind === "lobby" ? seen : null }, linesOf(transcript));
    this.#open.set(keyOf(session), { conversation, file, written: transcript, awaited: null });
  }

  /** The session continues with the lines that the window has saved, and those before them. */
  #resume(conversation: Conversation, session: Session, seen: Seen | null): Transcript {
    const { transcript } = session;
    const [claimed, own] = [this.#folder.claim(conversation), linesOf(transcript)];
    const former = claimed.find(({ kept }) => isSameLine(kept, own[0]));
    // Lines left by other windows stay for a session that starts.
    for (const { path, taken } of claimed) if (taken && path !== former?.path) this.#folder.release(path);
    const all = resumedLines(
      own,
      claimed.map(({ kept }) => kept),
      former?.kept,
      this.#bound(),
    );
    const before = all.length - own.length;
    const whole = fromEntries(
      all.map(({ entry }) => entry),
      Math.max(0, transcript.start - before),
    );
    const path = former?.taken === true ? former.path : this.#folder.create(conversation);
    const file = new HistoryFile(path, this.#options.now);
    file.begin(
      { conversation, seen: session.kind === "lobby" ? seen : null },
      all.map((line, i) => ({ ...line, index: whole.end - all.length + i })),
    );
    this.#open.set(keyOf(session), { conversation, file, written: whole, awaited: null });
    return whole;
  }

  #write(open: Open, session: Session, lastSeen: Seen | null): void {
    const { transcript } = session;
    if (open.written === transcript || !isThere(open, transcript)) return;
    open.awaited = null;
    const changes = open.written === null ? null : changesSince(open.written, transcript);
    const seen = session.kind === "lobby" ? lastSeen : null;
    this.#guard(() => {
      // Do not continue from what a failure left behind.
      open.written = null;
      if (changes !== null) open.file.add(changedLines(changes, seen));
      if (changes === null || !this.#stay(open))
        open.file.begin({ conversation: open.conversation, seen }, linesOf(transcript));
      else {
        open.file.compact(this.#bound());
        if (changes.amended.some(({ entry }) => isRetracted(entry))) this.#rewriteSoon(open);
      }
      open.written = transcript;
    });
  }

  /** Continues in a new file if another process has taken this one. Returns false if that must start from scratch. */
  #stay({ file, conversation }: Open): boolean {
    if (file.isInPlace) return true;
    this.#folder.forget(file.path);
    const isWhole = file.moveOn(this.#folder.create(conversation));
    this.#options.log.warn("Another process took over a file of this window. Continuing in a new file.");
    return isWhole;
  }

  /** Retracted and expired lines must disappear from the disk. */
  #rewriteSoon(open: Open, now?: number): void {
    this.#rewrites.add(open, () =>
      this.#guard(() => {
        const { written } = open;
        open.written = null;
        if (!this.#stay(open)) return;
        open.file.rewrite(this.#bound(now), written?.start);
        open.written = written;
      }),
    );
  }

  /** Ends files of sessions that are over; a session that continues another one's lines takes its file over. */
  #endGone(after: State): void {
    const there = new Map(after.sessions.map((session) => [keyOf(session), session]));
    const over: [string, Open][] = [];
    for (const [key, open] of this.#open) {
      if (there.has(key)) continue;
      const heir = [...there].find(([other, session]) => !this.#open.has(other) && goesOn(open, session));
      if (heir === undefined) over.push([key, open]);
      else {
        this.#open.delete(key);
        this.#open.set(heir[0], open);
      }
    }
    this.#endAll(over, this.#settings.forgetOnLeave);
  }

  /** The user has left these sessions; if leaving deletes history, it is deleted in closed windows, too. */
  #endAll(over: readonly (readonly [string, Open])[], forget: boolean): void {
    for (const [key, open] of over) this.#end(key, open, forget);
    if (!forget || over.length === 0) return;
    this.#guard(() => this.#options.closedWindows.clear(over.map(([, { conversation }]) => conversation)));
  }

  #end(key: string, open: Open, forget: boolean): void {
    const { file, conversation } = open;
    this.#open.delete(key);
    if (forget) this.#rewrites.drop(open);
    else this.#rewrites.flush(open);
    this.#guard(() => {
      file.close();
      if (forget) {
        this.#folder.remove(file.path);
        this.#folder.clear(conversation);
      } else this.#folder.release(file.path);
    });
    if (forget) this.#options.onForgotten(conversation);
  }

  /** A full disk must not lose the conversation on the screen. */
  #guard<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (this.#hasFailed) return undefined;
      this.#hasFailed = true;
      this.#options.log.warn(`Conversations could not be saved: ${String(error)}`);
      // Deferred: the window's own file may have failed as well, which is reported first.
      queueMicrotask(() => this.#options.dispatch({ type: "history/failed" }));
      return undefined;
    }
  }
}
