// Everything that the server sends goes through here. Frames of one turn of the event loop (a tick) are joined once and written
// once per socket: the bytes that all read are one buffer which all share. Who has frames of its own in a tick, or begins to
// listen within it, gets its own view of the row, in the right order. Notices of who comes and goes may wait for more of them:
// a write to thousands for each one would keep the server from letting others in.
//
// After quiet, a turn's frames go out to everybody in that turn. When there is more to say right after that, everybody's turn
// comes a part of them at a time, and who speaks meanwhile is heard in between: each socket then gets, in one write, all that
// was said since its last one, and the busier a lobby is, the more that is.
//
// Only whole frames pass, and each write happens at once: what a connection itself writes to its socket (pings, the closing
// frame) can therefore never fall inside a frame.
import { SharedRow } from "./sharedRow.ts";

/** Frames for one outlet, between the shared frames number `at - 1` and `at`. */
type Insertion = {
  readonly at: number;
  readonly frames: readonly Buffer[];
  /** Whether they stand for shared frame `at`, which is then not for this outlet. */
  readonly instead: boolean;
};

/**
 * What a connection is to the outbox, which writes to it and keeps its place in the three fields here. A base and no part of
 * its own: among ten thousand that are idle, an object more for each is noticed.
 */
export abstract class Outlet {
  listening = false;
  /** While it listens: the first shared frame that it is still to get. */
  next = 0;
  /** Frames of its own that are still to be written, if any. */
  insertions: Insertion[] | undefined = undefined;

  /** Whether a frame may be written: not closing, not destroyed. */
  abstract readonly open: boolean;
  /** Bytes that were written and have not been taken by the network. */
  abstract readonly backlog: number;
  /** Writes these bytes, in this order, as one. */
  abstract write(chunks: readonly Buffer[]): void;
  /** The backlog would become too large: the client does not read. */
  abstract overflow(): void;
}

/** A row of shared frames that has grown to this is written at once: more in one write gains nothing and is late. */
const FLUSH_BYTES = 64 * 1024;

/** Outlets that are written to between two looks at who speaks: one or two milliseconds' work. */
const PART = 128;

/** Milliseconds after which a round of all outlets is brought to its end at once, whatever else is to be done. */
const ROUND_MS = 200;

export class Outbox {
  readonly #maxBacklog: number;
  readonly #schedule: (write: () => void) => void;
  readonly #scheduleNotices: (flush: () => void) => void;
  readonly #part: number;
  readonly #now: () => number;
  readonly #listeners = new Set<Outlet>();
  /** Those who have frames of their own to get. */
  #waiting: Outlet[] = [];
  readonly #row = new SharedRow();
  /** Whether the end of this turn is awaited, and whether everybody is to be written to from then on. */
  #scheduled = false;
  #urgent = false;
  /** Whether everybody was written to in the turn before this one. */
  #busy = false;
  /** Who is still to be written to, part by part; and up to which frame all before them were, at least. */
  #rest: Iterator<Outlet> | undefined;
  #reached = 0;
  #begunAt = 0;
  #noticesScheduled = false;

  /**
   * `schedule` calls back once, at the end of the present turn of the event loop (`setImmediate`), and
   * `scheduleNotices` once, as soon as notices may cost something again. `maxBacklog` in bytes: an outlet that has
   * some and would have more than this is told to overflow. `part`: outlets of a turn that follows a busy one.
   * `now`: milliseconds of a clock that never goes back.
   */
  constructor(
    maxBacklog: number,
    schedule: (write: () => void) => void,
    scheduleNotices: (flush: () => void) => void = schedule,
    part = PART,
    now: () => number = () => performance.now(),
  ) {
    this.#maxBacklog = maxBacklog;
    this.#schedule = schedule;
    this.#scheduleNotices = scheduleNotices;
    this.#part = part;
    this.#now = now;
  }

  /** From here on the outlet gets what is published. */
  listen(outlet: Outlet): void {
    outlet.listening = true;
    outlet.next = this.#row.end;
    this.#listeners.add(outlet);
  }

  /** Frames for one outlet, at the end of this turn. Several chunks may make up one frame; they stay together. */
  send(outlet: Outlet, frames: readonly Buffer[]): void {
    this.#insert(outlet, frames, false);
    this.#wake();
  }

  /** A frame for all that listen, from the end of this turn on; `author` gets `instead` in its place. */
  publish(frame: Buffer, author?: Outlet, instead?: Buffer): void {
    if (author !== undefined) this.#insert(author, instead === undefined ? [] : [instead], true);
    this.#urgent = true;
    this.#add(frame);
    this.#wake();
  }

  /**
   * The same for what nobody waits for: in its place among all frames, but it may take a moment until it is written.
   * `except`: the one whom it is about, who does not get it.
   */
  notice(frame: Buffer, except?: Outlet): void {
    if (except?.listening === true) this.#insert(except, [], true);
    this.#add(frame);
    if (this.#noticesScheduled) return;
    this.#noticesScheduled = true;
    this.#scheduleNotices(() => {
      this.#noticesScheduled = false;
      this.flush();
    });
  }

  /** Writes what is left for one outlet, if it is still open, and forgets it. Call before closing it. */
  end(outlet: Outlet): void {
    this.#listeners.delete(outlet);
    if (outlet.insertions !== undefined) this.#waiting = this.#waiting.filter((other) => other !== outlet);
    this.#write(outlet);
    outlet.listening = false;
  }

  /** Writes everything to everybody now: first to those who wait for an answer, since they may speak again meanwhile. */
  flush(): void {
    this.#writeWaiting();
    for (const outlet of this.#listeners) this.#write(outlet);
    this.#rest = undefined;
    this.#urgent = false;
    this.#row.forget(this.#row.end);
  }

  /** The end of a turn. */
  #turn(): void {
    const follows = this.#busy;
    this.#busy = this.#urgent || this.#rest !== undefined;
    if (!this.#busy) {
      this.#writeWaiting();
      return;
    }
    const isLate = this.#rest !== undefined && this.#now() - this.#begunAt > ROUND_MS;
    if (follows && !isLate) this.#writePart();
    else this.flush();
    // The next turn shows whether there is more.
    this.#wake();
  }

  #writePart(): void {
    this.#writeWaiting();
    if (this.#rest === undefined) {
      this.#rest = this.#listeners.values();
      this.#reached = this.#row.end;
      this.#begunAt = this.#now();
      this.#urgent = false;
    }
    for (let count = 0; count < this.#part; count++) {
      const next = this.#rest.next();
      if (next.done === true) {
        this.#rest = undefined;
        this.#row.forget(this.#reached);
        return;
      }
      this.#write(next.value);
    }
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const outlet of waiting) this.#write(outlet);
  }

  #add(frame: Buffer): void {
    this.#row.add(frame);
    if (this.#row.bytes >= FLUSH_BYTES) this.flush();
  }

  #insert(outlet: Outlet, frames: readonly Buffer[], instead: boolean): void {
    const insertion = { at: this.#row.end, frames, instead };
    if (outlet.insertions !== undefined) outlet.insertions.push(insertion);
    else {
      outlet.insertions = [insertion];
      this.#waiting.push(outlet);
    }
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#turn();
    });
  }

  /** Writes everything that an outlet has not got yet. */
  #write(outlet: Outlet): void {
    const { insertions } = outlet;
    const { end } = this.#row;
    const next = outlet.listening ? outlet.next : end;
    outlet.next = end;
    outlet.insertions = undefined;
    if (!outlet.open) return;
    if (insertions === undefined) {
      if (next >= end) return;
      const joined = this.#row.join(next, end);
      this.#give(outlet, [joined], joined.length);
      return;
    }
    const chunks = this.#view(next, insertions);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (bytes > 0) this.#give(outlet, chunks, bytes);
  }

  /** The row from that frame on, with an outlet's own frames in it. */
  #view(next: number, insertions: readonly Insertion[]): Buffer[] {
    const chunks: Buffer[] = [];
    let position = next;
    const copyTo = (end: number): void => {
      if (end > position) chunks.push(this.#row.join(position, end));
    };
    for (const { at, frames, instead } of insertions) {
      copyTo(at);
      chunks.push(...frames);
      position = Math.max(position, instead ? at + 1 : at);
    }
    copyTo(this.#row.end);
    return chunks;
  }

  #give(outlet: Outlet, chunks: readonly Buffer[], bytes: number): void {
    const { backlog } = outlet;
    if (backlog > 0 && backlog + bytes > this.#maxBacklog) outlet.overflow();
    else outlet.write(chunks);
  }
}
