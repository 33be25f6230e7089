// Everything that the server sends goes through here. Frames of one turn of the event loop (a tick) are joined once and
// written once per socket, in one buffer that all sockets share. An outlet with frames of its own, or that starts to listen
// within a tick, gets its own view of the row, in the right order. Notices of arrivals and departures may wait for more of
// them, because a write to thousands for each would keep the server from letting others in.
//
// After a quiet period, a turn's frames go out to everyone in that turn. If more arrives right after that, outlets are
// written to in parts, and incoming messages are read in between. Each socket then gets, in one write, everything since its
// last one. The busier the lobby, the more that is.
//
// Only whole frames pass, and each write happens at once. So frames that a connection writes itself (pings, the closing
// frame) never fall inside another frame.
import { createTally, type Tally } from "../base/tally.ts";
import { SharedRow } from "./sharedRow.ts";

/** Frames for one outlet, between the shared frames number `at - 1` and `at`. */
type Insertion = {
  readonly at: number;
  readonly frames: readonly Buffer[];
  /** Whether they replace shared frame `at` for this outlet. */
  readonly instead: boolean;
};

/**
 * A connection as the outbox sees it. The outbox keeps its place in the three fields here. A base class instead of a separate
 * object, which would be noticeable with ten thousand idle connections.
 */
export abstract class Outlet {
  listening = false;
  /** While it listens: the next shared frame that it has not been given. */
  next = 0;
  /** Own frames that are still to be written, if any. */
  insertions: Insertion[] | undefined = undefined;

  /** Whether a frame can be written: neither closing nor destroyed. */
  abstract readonly open: boolean;
  /** Bytes that were written and not yet taken by the network. */
  abstract readonly backlog: number;
  /** Writes these chunks in order, as one. */
  abstract write(chunks: readonly Buffer[]): void;
  /** The backlog would grow too large, because the client does not read. */
  abstract overflow(): void;
}

/** Bytes of the shared row beyond which it is written at once: waiting longer gains nothing. */
const FLUSH_BYTES = 64 * 1024;

/** Outlets written to before incoming messages are read again: one or two milliseconds of work. */
const PART = 128;

/** Milliseconds after which a round of all outlets is completed at once. */
const ROUND_MS = 200;

export type OutboxOptions = {
  /** Outlets per turn in a busy lobby. */
  readonly part?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly tally?: Pick<Tally, "deliveries" | "writtenBytes">;
};

export class Outbox {
  readonly #maxBacklog: number;
  readonly #schedule: (write: () => void) => void;
  readonly #scheduleNotices: (flush: () => void) => void;
  readonly #part: number;
  readonly #now: () => number;
  readonly #tally: Pick<Tally, "deliveries" | "writtenBytes">;
  readonly #listeners = new Set<Outlet>();
  /** Outlets with frames of their own. */
  #waiting = new Set<Outlet>();
  readonly #row = new SharedRow();
  /** Whether the end of this turn is scheduled, and whether everyone is written to from then on. */
  #scheduled = false;
  #urgent = false;
  /** Whether everyone was written to in the previous turn. */
  #busy = false;
  /** Outlets still to be written to, part by part; and the frame up to which all before them were, at least. */
  #rest: Iterator<Outlet> | undefined;
  #reached = 0;
  #begunAt = 0;
  #noticesScheduled = false;

  /**
   * @param schedule calls back once, at the end of the current turn of the event loop (`setImmediate`)
   * @param scheduleNotices calls back once, as soon as notices may be written
   * @param maxBacklog in bytes: an outlet that has a backlog and would exceed this is told to overflow
   */
  constructor(
    maxBacklog: number,
    schedule: (write: () => void) => void,
    scheduleNotices: (flush: () => void) => void = schedule,
    { part = PART, now = () => performance.now(), tally = createTally() }: OutboxOptions = {},
  ) {
    this.#maxBacklog = maxBacklog;
    this.#schedule = schedule;
    this.#scheduleNotices = scheduleNotices;
    this.#part = part;
    this.#now = now;
    this.#tally = tally;
  }

  /** From now on the outlet gets what is published. */
  listen(outlet: Outlet): void {
    outlet.listening = true;
    outlet.next = this.#row.end;
    this.#listeners.add(outlet);
  }

  /** Frames for one outlet, sent at the end of this turn. Chunks of one frame stay together. */
  send(outlet: Outlet, frames: readonly Buffer[]): void {
    this.#insert(outlet, frames, false);
    this.#wake();
  }

  /** A frame for all that listen, sent at the end of this turn. `author` gets `instead` in its place. */
  publish(frame: Buffer, author?: Outlet, instead?: Buffer): void {
    if (author !== undefined) this.#insert(author, instead === undefined ? [] : [instead], true);
    this.#urgent = true;
    this.#add(frame);
    this.#wake();
  }

  /**
   * The same for what is not urgent: in its place among all frames, but possibly later. `except`: the outlet that it is
   * about, which does not get it.
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
    this.#waiting.delete(outlet);
    this.#write(outlet);
    outlet.listening = false;
  }

  /**
   * Writes everything to everyone now: first to outlets that wait for an answer, because their clients may send the next
   * message meanwhile.
   */
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
    this.#waiting = new Set();
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
      this.#waiting.add(outlet);
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

  /** Writes everything that an outlet has not been given yet. */
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
      this.#give(outlet, [joined], joined.length, end - next);
      return;
    }
    const { chunks, shared } = this.#view(next, insertions);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (bytes > 0) this.#give(outlet, chunks, bytes, shared);
  }

  /** The row from this frame on, with the outlet's own frames in it, and how many frames of the row that are. */
  #view(next: number, insertions: readonly Insertion[]): { chunks: Buffer[]; shared: number } {
    const chunks: Buffer[] = [];
    let position = next;
    let shared = 0;
    const copyTo = (end: number): void => {
      if (end <= position) return;
      chunks.push(this.#row.join(position, end));
      shared += end - position;
    };
    for (const { at, frames, instead } of insertions) {
      copyTo(at);
      chunks.push(...frames);
      position = Math.max(position, instead ? at + 1 : at);
    }
    copyTo(this.#row.end);
    return { chunks, shared };
  }

  /** `shared`: frames of the row among these. */
  #give(outlet: Outlet, chunks: readonly Buffer[], bytes: number, shared: number): void {
    const { backlog } = outlet;
    if (backlog > 0 && backlog + bytes > this.#maxBacklog) {
      outlet.overflow();
      return;
    }
    this.#tally.deliveries += shared;
    this.#tally.writtenBytes += bytes;
    outlet.write(chunks);
  }
}
