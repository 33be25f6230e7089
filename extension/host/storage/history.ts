// Keeps conversations on the user's own machine: follows the state and writes what is said before anything follows from it,
// gives a session the lines of earlier ones, and ends or clears what is kept.
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
  /** Something was deleted: other files that tell of it are to be written anew. */
  readonly onForgotten: () => void;
  /** Where closed windows have kept what they showed. */
  readonly closedWindows: Pick<ClosedWindows, "clear">;
  readonly log: { warn(text: string): void };
};

export class History {
  readonly #options: Options;
  readonly #folder: HistoryFolder;
  #settings: HistorySettings;
  /** By the session's key. */
  readonly #open = new Map<string, Open>();
  readonly #rewrites = new RewriteQueue<Open>();
  /** Since the user joined. */
  #hasFailed = false;
  /** A time that has passed for certain; null until it is asked for. */
  #agreed: Agreed | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#settings = options.settings;
    this.#folder = new HistoryFolder(options.folder, options.log);
  }

  /** The settings have changed. Without any days everything goes that no other window holds. */
  configure(settings: HistorySettings): void {
    const { messages, days } = this.#settings;
    this.#settings = settings;
    if (settings.days === 0) {
      for (const [key, open] of this.#open) this.#end(key, open, true);
      this.#guard(() => this.#folder.clear(null));
    } else if (settings.messages < messages || settings.days < days) {
      // Not at once: a number that is being typed passes through smaller ones.
      for (const open of this.#open.values()) this.#rewriteSoon(open, this.#options.now());
    }
  }

  /** A window that comes back has kept its newest lines itself: here are those before them. */
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

  /** The state has changed; called before anything that follows from it happens. */
  changed(before: State, after: State): void {
    if (before.sessions === after.sessions && before.me === after.me) return;
    const { me } = after;
    if (before.me === null) this.#hasFailed = false;
    if (this.#settings.days === 0 && this.#open.size === 0) return;
    if (me === null) {
      // A joining that failed has left nothing.
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

  /** A line that a session holds no more was changed or taken back: soon its file holds it no more either. */
  trim(session: Session): void {
    const open = this.#open.get(keyOf(session));
    if (open !== undefined) this.#rewriteSoon(open);
  }

  /** Deletes what no other window holds: of one conversation, or of all. The sessions' own lines are the core's to clear. */
  clear(conversation: Conversation | null): void {
    this.#guard(() => this.#folder.clear(conversation));
    this.#guard(() => this.#options.closedWindows.clear(conversation === null ? "all" : [conversation]));
    this.#options.onForgotten();
  }

  /**
   * The messages of conversations that are not open in this window, each once, and none older than is to be kept.
   * @param identity of one who has joined: what other windows keep under other names is theirs; null: of all
   */
  async elsewhere(identity: string | null): Promise<KeptMessages[]> {
    const all = await this.#folder.all([...this.#open.values()].map(({ conversation }) => conversation));
    return all
      .filter(([{ conversation }]) => identity === null || conversation.identity === identity)
      .map((kept) => keptMessages(kept, this.#bound(this.#options.now())));
  }

  /** The window goes, and may come back. */
  close(): void {
    for (const [key, open] of this.#open) this.#end(key, open, false);
  }

  /** Nothing is deleted by the word of one start, whose clock may be wrong; less is kept at once where the user asks for it. */
  #bound(now?: number): Bound {
    this.#agreed ??= agreedTime(this.#options.folder, this.#options.now());
    return boundOf(this.#settings, { ...this.#agreed, ...(now === undefined ? {} : { time: now }) });
  }

  /** A session has begun: it gets the lines of earlier ones with the same people. */
  #begin(me: NonNullable<State["me"]>, session: Session, { sessions, lastSeen }: State): void {
    const conversation = conversationOf(me, session);
    // Where an ended session still stands, its lines are to be read there.
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

  /** A file of its own, with the lines that the session has. */
  #beginAnew(conversation: Conversation, session: Session, seen: Seen | null): void {
    const { transcript } = session;
    const file = new HistoryFile(this.#folder.create(conversation), this.#options.now);
    file.begin({ conversation, seen: session.kind === "lobby" ? seen : null }, linesOf(transcript));
    this.#open.set(keyOf(session), { conversation, file, written: transcript, awaited: null });
  }

  /** The session goes on with the lines that the window has kept, and those before them. */
  #resume(conversation: Conversation, session: Session, seen: Seen | null): Transcript {
    const { transcript } = session;
    const [claimed, own] = [this.#folder.claim(conversation), linesOf(transcript)];
    const former = claimed.find(({ kept }) => isSameLine(kept, own[0]));
    // What other windows have left stays for a session that begins.
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
      // What a failure leaves behind is not gone on with.
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

  /** After each line: where another process has taken the file, goes on in a new one. False when that has to be begun anew. */
  #stay({ file, conversation }: Open): boolean {
    if (file.isInPlace) return true;
    this.#folder.forget(file.path);
    const isWhole = file.moveOn(this.#folder.create(conversation));
    this.#options.log.warn("Another process took over a file of this window. Continuing in a new file.");
    return isWhole;
  }

  /** The disk is not to keep what was taken back, nor more than is to be kept. */
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

  /** Sessions that are over; one that goes on with another's lines takes its file over. */
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

  /** Their users have left them; where leaving forgets, closed windows forget them as well. */
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
    if (forget) this.#options.onForgotten();
  }

  /** A full disk is no reason to lose the conversation that is on the screen. */
  #guard<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (this.#hasFailed) return undefined;
      this.#hasFailed = true;
      this.#options.log.warn(`Conversations could not be saved: ${String(error)}`);
      // Later: the window's own file may have failed as well, which is told first.
      queueMicrotask(() => this.#options.dispatch({ type: "history/failed" }));
      return undefined;
    }
  }
}
