// Everything that the server sends goes through here. Frames of one turn of the event loop (a tick) are joined
// once and written once per socket: the bytes that all read are one buffer which all share. Who has frames of its
// own in a tick, or begins to listen within it, gets its own view of the tick, in the right order.
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
  insertions: Insertion[] = [];
  /** Whether it needs a view of its own of this tick. */
  apart = false;

  constructor(target: Target) {
    this.target = target;
  }
}

/** A tick that has grown to this is flushed at once: more in one write gains nothing and only makes it late. */
const FLUSH_BYTES = 64 * 1024;

export class Outbox {
  readonly #maxBacklog: number;
  readonly #schedule: (flush: () => void) => void;
  readonly #listeners = new Set<Outlet>();
  #apart: Outlet[] = [];
  #shared: Buffer[] = [];
  /** Where each shared frame begins when all are joined, and where the last one ends. */
  #offsets = [0];
  #bytes = 0;
  #scheduled = false;

  /**
   * `schedule` calls back once, at the end of the present turn of the event loop (`setImmediate`). `maxBacklog`
   * in bytes: a target that has some and would have more than this is told to overflow.
   */
  constructor(maxBacklog: number, schedule: (flush: () => void) => void) {
    this.#maxBacklog = maxBacklog;
    this.#schedule = schedule;
  }

  /** From here on the target gets what is published. */
  listen(outlet: Outlet): void {
    outlet.listening = true;
    outlet.from = this.#shared.length;
    this.#listeners.add(outlet);
    this.#setApart(outlet);
  }

  /** Frames for one target. Several chunks may make up one frame; they stay together. */
  send(outlet: Outlet, frames: readonly Buffer[]): void {
    this.#insert(outlet, frames, false);
  }

  /** A frame for all that listen; `author` gets `instead` in its place. */
  publish(frame: Buffer, author?: Outlet, instead?: Buffer): void {
    if (author !== undefined) this.#insert(author, instead === undefined ? [] : [instead], true);
    this.#shared.push(frame);
    this.#bytes += frame.length;
    this.#offsets.push(this.#bytes);
    if (this.#bytes >= FLUSH_BYTES) this.flush();
    else this.#wake();
  }

  /** Writes what is left for one target, if it is still open, and forgets it. Call before closing it. */
  end(outlet: Outlet): void {
    this.#listeners.delete(outlet);
    if (outlet.apart) this.#apart = this.#apart.filter((other) => other !== outlet);
    if (outlet.target.open) {
      const chunks = this.#viewOf(outlet, Buffer.concat(this.#shared));
      this.#write(outlet.target, chunks, total(chunks));
    }
    outlet.listening = false;
    outlet.from = Infinity;
    outlet.insertions = [];
    outlet.apart = false;
  }

  /** Writes everything now. */
  flush(): void {
    const [only] = this.#shared;
    const shared = this.#shared.length === 1 && only !== undefined ? only : Buffer.concat(this.#shared);
    const apart = this.#apart.map((outlet) => ({ outlet, chunks: this.#viewOf(outlet, shared) }));
    this.#shared = [];
    this.#offsets = [0];
    this.#bytes = 0;
    this.#apart = [];
    if (shared.length > 0) {
      const chunks = [shared];
      for (const outlet of this.#listeners) {
        if (!outlet.apart) this.#write(outlet.target, chunks, shared.length);
      }
    }
    for (const { outlet, chunks } of apart) {
      outlet.apart = false;
      outlet.from = outlet.listening ? 0 : Infinity;
      outlet.insertions = [];
      this.#write(outlet.target, chunks, total(chunks));
    }
  }

  #insert(outlet: Outlet, frames: readonly Buffer[], instead: boolean): void {
    outlet.insertions.push({ at: this.#shared.length, frames, instead });
    this.#setApart(outlet);
  }

  #setApart(outlet: Outlet): void {
    if (!outlet.apart) {
      outlet.apart = true;
      this.#apart.push(outlet);
    }
    this.#wake();
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  #viewOf(outlet: Outlet, shared: Buffer): Buffer[] {
    const chunks: Buffer[] = [];
    let position = outlet.from;
    const copyTo = (end: number): void => {
      if (end > position) chunks.push(shared.subarray(this.#offsets[position], this.#offsets[end]));
    };
    for (const { at, frames, instead } of outlet.insertions) {
      copyTo(at);
      chunks.push(...frames);
      position = Math.max(position, instead ? at + 1 : at);
    }
    copyTo(this.#shared.length);
    return chunks;
  }

  #write(target: Target, chunks: readonly Buffer[], bytes: number): void {
    if (bytes === 0 || !target.open) return;
    const { backlog } = target;
    if (backlog > 0 && backlog + bytes > this.#maxBacklog) target.overflow();
    else target.write(chunks);
  }
}

function total(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
