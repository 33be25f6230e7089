// Frames that no WebSocket library lets one send. For the tests of what a window does with them.

/**
 * One frame of RFC 6455.
 * @param first its first byte: the end of the message 0x80, packed 0x40, the kind 0x0f
 * @param mask as a client sends it; the mask is zero, which masks nothing
 */
export function rawFrame(first: number, payload: Buffer, mask: "masked" | "bare"): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(payload.length));
  const head = Buffer.from([first, mask === "masked" ? 0xff : 0x7f]);
  return Buffer.concat([head, size, Buffer.alloc(mask === "masked" ? 4 : 0), payload]);
}
