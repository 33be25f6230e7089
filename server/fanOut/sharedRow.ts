// The frames that everyone gets, in order: numbered from 0, kept until the last outlet has them, and joined once for all that
// are at the same place. Pure.

export class SharedRow {
  /** The number of the oldest frame kept. */
  #first = 0;
  #frames: Buffer[] = [];
  /** Where each frame starts when all are joined, and where the last one ends. */
  #offsets = [0];
  /** All frames joined, once that is needed. */
  #joined: Buffer | undefined;

  /** The number of the next frame. */
  get end(): number {
    return this.#first + this.#frames.length;
  }

  /** Bytes of all frames kept. */
  get bytes(): number {
    return this.#offsets.at(-1) ?? 0;
  }

  add(frame: Buffer): void {
    this.#offsets.push(this.bytes + frame.length);
    this.#frames.push(frame);
    this.#joined = undefined;
  }

  /** The frames with `from <= number < to` as one buffer, which all callers share. */
  join(from: number, to: number): Buffer {
    const [only] = this.#frames;
    this.#joined ??= this.#frames.length === 1 && only !== undefined ? only : Buffer.concat(this.#frames);
    if (from <= this.#first && to === this.end) return this.#joined;
    return this.#joined.subarray(this.#offsets[from - this.#first], this.#offsets[to - this.#first]);
  }

  /** Everyone has been given the frames before this number. */
  forget(before: number): void {
    const gone = before - this.#first;
    const start = this.#offsets[gone] ?? 0;
    this.#frames = this.#frames.slice(gone);
    this.#offsets = this.#offsets.slice(gone).map((offset) => offset - start);
    this.#first = before;
    this.#joined = undefined;
  }
}
