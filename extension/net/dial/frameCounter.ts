// Counts the WebSocket frames in the bytes of a connection. `ws` reports messages, pings and pongs, but not the
// fragments of a message: empty ones would cost the reader work without counting.

/** A frame's head without its mask: two bytes, and a length of eight. */
const LONGEST_HEAD = 10;

export class FrameCounter {
  /** Remaining bytes of the current frame. */
  #missing = 0;
  /** The beginning of a split head. */
  #head = Buffer.alloc(0);

  /** The number of frames that begin in the next bytes of the connection. */
  count(chunk: Buffer): number {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    let at = this.#missing;
    let frames = 0;
    for (let length = frameLength(bytes, at); length > 0; length = frameLength(bytes, at)) {
      at += length;
      frames += 1;
    }
    this.#missing = Math.max(0, at - bytes.length);
    this.#head = Buffer.from(bytes.subarray(at, at + LONGEST_HEAD));
    return frames;
  }
}

/** Bytes of the frame that begins there (RFC 6455, 5.2); 0 if its length has not arrived yet. */
function frameLength(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return 0;
  const second = bytes.readUInt8(at + 1);
  const short = second & 0x7f;
  const headBytes = short < 126 ? 2 : short === 126 ? 4 : LONGEST_HEAD;
  if (at + headBytes > bytes.length) return 0;
  const maskBytes = (second & 0x80) === 0 ? 0 : 4;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return headBytes + maskBytes + length;
}
