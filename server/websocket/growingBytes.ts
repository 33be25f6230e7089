// Bytes that come in pieces, in one buffer that grows by doubling: a sender who sends them one at a time costs no more work for
// each, and no more than twice the memory of what it has sent.

export class GrowingBytes {
  #buffer: Buffer;
  #length: number;

  constructor(first: Buffer = Buffer.alloc(0)) {
    // A buffer of its own: a byte in one that many share would keep all of that.
    this.#buffer = Buffer.allocUnsafeSlow(first.length);
    this.#length = first.copy(this.#buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** @param most bytes that there will be as far as is known: the buffer does not grow past that beforehand */
  append(piece: Buffer, most: number): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * this.#buffer.length, most)));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** All of them; not to be appended to any more. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
