// Everything that the server sends goes through here. Frames of one turn of the event loop (a tick) are joined
// once and written once per socket: the bytes that all read are one buffer which all share. Who has frames of its
// own in a tick, or begins to listen within it, gets its own view of the tick, in the right order. Notices of who comes
// and goes may wait for more of them: a write to thousands for each one would keep the server from letting others in.
//
// Used by the rendezvous and by connections. Only whole frames pass, and each write happens at once: what ws
// itself writes to the same socket (its closing frame) can therefore never fall inside a frame.

/** The part of a connection that the outbox writes to. */
export interface Target {
  /** Whether a frame may be written: not closing, not destroyed. */
  readonly open: boolean;
  /** Bytes that were written and have not been taken by the network. */
  readonly backlog: number;
  /** Writes these bytes, in this order, as one. */
  write(chunks: readonly Buffer[]): void;
  /** The backlog would become too large: the client does not read. */
  overflow(): void;
}

/** Frames for one target, between the shared frames number `at - 1` and `at` of the tick. */
type Insertion = {
  readonly at: number;
  readonly frames: readonly Buffer[];
  /** Whether they stand for shared frame `at`, which is then not for this target. */
  readonly instead: boolean;
};

/** A target's place in the outbox. Its fields are the outbox's own. */
export class Outlet {
  readonly target: Target;
  listening = false;
  /** The first shared frame of the tick that is for this target. */
  from = Infinity;
  /** Frames of its own in this tick, if any. */
  insertions: Insertion[] | undefined = undefined;
  /** Whether it needs a view of its own of this tick. */
  apart = false;

  constructor(target: Target) {
    this.target = target;
  }
}

/** A row of shared frames that has grown to this is written at once: more in one write gains nothing and is late. */
const FLUSH_BYTES = 64 * 1024;

export class Outbox {
  readonly #maxBacklog: number;
  readonly #schedule: (flush: () => void) => void;
  readonly #scheduleNotices: (flush: () => void) => void;
  readonly #listeners = new Set<Outlet>();
  #apart: Outlet[] = [];
  /** The row: frames for all that are not written yet. */
  #shared: Buffer[] = [];
  /** Where each shared frame begins when all are joined, and where the last one ends. */
  #offsets = [0];
  #bytes = 0;
  /** All shared frames, once somebody needs them joined. */
  #joined: Buffer | undefined;
  /** Whether the end of this turn is awaited, and whether everything is to be written then. */
  #scheduled = false;
  #urgent = false;
  #noticesScheduled = false;

  /**
   * `schedule` calls back once, at the end of the present turn of the event loop (`setImmediate`), and
   * `scheduleNotices` once, as soon as notices may cost something again. `maxBacklog` in bytes: a target that has
   * some and would have more than this is told to overflow.
   */
  constructor(
    maxBacklog: number,
    schedule: (flush: () => void) => void,
    scheduleNotices: (flush: () => void) => void = schedule,
  ) {
    this.#maxBacklog = maxBacklog;
    this.#schedule = schedule;
    this.#scheduleNotices = scheduleNotices;
  }

  /** From here on the target gets what is published. */
  listen(outlet: Outlet): void {
    outlet.listening = true;
    outlet.from = this.#shared.length;
    this.#listeners.add(outlet);
    if (this.#shared.length > 0) this.#setApart(outlet);
  }

  /** Frames for one target, at the end of this turn. Several chunks may make up one frame; they stay together. */
  send(outlet: Outlet, frames: readonly Buffer[]): void {
    this.#insert(outlet, frames, false);
    this.#wake();
  }

  /** A frame for all that listen, at the end of this turn; `author` gets `instead` in its place. */
  publish(frame: Buffer, author?: Outlet, instead?: Buffer): void {
    if (author !== undefined) this.#insert(author, instead === undefined ? [] : [instead], true);
    this.#urgent = true;
    this.#add(frame);
    this.#wake();
  }

  /** The same for what nobody waits for: in its place among all frames, but it may take a moment until it is written. */
  notice(frame: Buffer): void {
    this.#add(frame);
    if (this.#noticesScheduled) return;
    this.#noticesScheduled = true;
    this.#scheduleNotices(() => {
      this.#noticesScheduled = false;
      this.flush();
    });
  }

  /** Writes what is left for one target, if it is still open, and forgets it. Call before closing it. */
  end(outlet: Outlet): void {
    this.#listeners.delete(outlet);
    if (outlet.apart) this.#apart = this.#apart.filter((other) => other !== outlet);
    if (outlet.target.open) this.#writeView(outlet);
    outlet.listening = false;
    outlet.from = Infinity;
    outlet.insertions = undefined;
    outlet.apart = false;
  }

  /** Writes everything now: first to those who wait for an answer, since they may speak again meanwhile. */
  flush(): void {
    const shared = this.#join();
    for (const outlet of this.#apart) this.#writeView(outlet);
    if (shared.length > 0) {
      const chunks = [shared];
      for (const outlet of this.#listeners) {
        if (!outlet.apart) this.#write(outlet.target, chunks, shared.length);
      }
    }
    for (const outlet of this.#apart) {
      outlet.apart = false;
      outlet.from = outlet.listening ? 0 : Infinity;
    }
    this.#apart = [];
    this.#shared = [];
    this.#offsets = [0];
    this.#bytes = 0;
    this.#joined = undefined;
    this.#urgent = false;
  }

  /** Writes to those who have frames of their own, up to here; all else stays in the row. */
  #flushOwn(): void {
    for (const outlet of this.#apart) {
      if (outlet.insertions === undefined) continue;
      this.#writeView(outlet);
      outlet.from = outlet.listening ? this.#shared.length : Infinity;
    }
    if (this.#shared.length > 0) return;
    for (const outlet of this.#apart) outlet.apart = false;
    this.#apart = [];
  }

  #add(frame: Buffer): void {
    this.#shared.push(frame);
    this.#bytes += frame.length;
    this.#offsets.push(this.#bytes);
    this.#joined = undefined;
    if (this.#bytes >= FLUSH_BYTES) this.flush();
  }

  #insert(outlet: Outlet, frames: readonly Buffer[], instead: boolean): void {
    const insertion = { at: this.#shared.length, frames, instead };
    if (outlet.insertions === undefined) outlet.insertions = [insertion];
    else outlet.insertions.push(insertion);
    this.#setApart(outlet);
  }

  #setApart(outlet: Outlet): void {
    if (outlet.apart) return;
    outlet.apart = true;
    this.#apart.push(outlet);
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      if (this.#urgent) this.flush();
      else this.#flushOwn();
    });
  }

  #join(): Buffer {
    const [only] = this.#shared;
    this.#joined ??= this.#shared.length === 1 && only !== undefined ? only : Buffer.concat(this.#shared);
    return this.#joined;
  }

  /** Writes the row as this target gets it, from where it was, with its own frames. */
  #writeView(outlet: Outlet): void {
    const chunks: Buffer[] = [];
    let position = outlet.from;
    const copyTo = (end: number): void => {
      if (end > position) chunks.push(this.#join().subarray(this.#offsets[position], this.#offsets[end]));
    };
    for (const { at, frames, instead } of outlet.insertions ?? []) {
      copyTo(at);
      chunks.push(...frames);
      position = Math.max(position, instead ? at + 1 : at);
    }
    copyTo(this.#shared.length);
    outlet.insertions = undefined;
    this.#write(
      outlet.target,
      chunks,
      chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    );
  }

  #write(target: Target, chunks: readonly Buffer[], bytes: number): void {
    if (bytes === 0 || !target.open) return;
    const { backlog } = target;
    if (backlog > 0 && backlog + bytes > this.#maxBacklog) target.overflow();
    else target.write(chunks);
  }
}
