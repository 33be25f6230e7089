// Collects bytes in one buffer that grows by doubling: single bytes cost no more work each, and the memory is at most twice
// what was sent.

export class GrowingBytes {
  #buffer: Buffer;
  #length: number;

  constructor(first: Buffer = Buffer.alloc(0)) {
    // Not from Node's shared pool, which a single byte would keep in memory.
    this.#buffer = Buffer.allocUnsafeSlow(first.length);
    this.#length = first.copy(this.#buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** @param most expected total: the buffer does not grow past it in advance */
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

  /** Returns all bytes. Nothing may be appended afterwards. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
