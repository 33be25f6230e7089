// Splits the raw bytes of each protocol into frames: where a frame ends, and its kind, from its first bytes alone. The load
// generator reads millions of frames per second.

/** The kind of a frame, for counting. */
export const kinds = { other: 0, delivery: 1, ping: 2, close: 3 } as const;

export interface Framing {
  /**
   * The length of the frame that begins at `at`, or 0 while what tells it is not there yet.
   * @param end where the bytes end that have come
   */
  length(bytes: Buffer, at: number, end: number): number;
  /** One of `kinds`. Called once the length is known. */
  kind(bytes: Buffer, at: number): number;
}

const LINE_FEED = 0x0a;

/** RFC 6455, from a server. Every text is a delivery, but one whose single character is Engine.IO's ping. */
export const webSocketFraming: Framing = {
  length(bytes, at, end) {
    if (at + 2 > end) return 0;
    const short = bytes[at + 1] ?? 0;
    if (short < 126) return 2 + short;
    if (short === 126) return at + 4 > end ? 0 : 4 + bytes.readUInt16BE(at + 2);
    return at + 10 > end ? 0 : 10 + bytes.readUInt32BE(at + 6);
  },
  kind(bytes, at) {
    const opcode = bytes[at];
    if (opcode === 0x81 || opcode === 0x82) return bytes[at + 1] === 1 ? kinds.ping : kinds.delivery;
    if (opcode === 0x89) return kinds.ping;
    return opcode === 0x88 ? kinds.close : kinds.other;
  },
};

/** NATS: lines, of which `MSG` is followed by as many bytes as its last word says. */
export const natsFraming: Framing = {
  length(bytes, at, end) {
    const feed = bytes.indexOf(LINE_FEED, at);
    if (feed < 0 || feed >= end) return 0;
    const head = feed + 1 - at;
    if (bytes[at] !== 0x4d) return head;
    let payload = 0;
    let unit = 1;
    for (let digit = feed - 2; bytes[digit] !== 0x20; digit--, unit *= 10) {
      payload += ((bytes[digit] ?? 0) - 0x30) * unit;
    }
    return head + payload + 2;
  },
  kind(bytes, at) {
    if (bytes[at] === 0x4d) return kinds.delivery;
    return bytes[at] === 0x50 && bytes[at + 1] === 0x49 ? kinds.ping : kinds.other;
  },
};
