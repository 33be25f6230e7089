// Parses one client's WebSocket (RFC 6455, without extensions): whole messages, signs of life, the closing frame, or a protocol
// error. Pure: bytes in, calls out. It replaces the reader of `ws`, whose streams take a kilobyte per idle client;
// docs/decisions/0011-fan-out.md has the measurements.
import { isUtf8 } from "node:buffer";
import { closeCodes } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { GrowingBytes } from "./growingBytes.ts";

/** Events of the reader. Bytes are only lent, and may change after the call. */
export interface FrameSink {
  /** Maximum bytes of a message at present. */
  readonly frameBytes: number;
  /** Whether one more frame may be read now. Otherwise the reader is paused meanwhile, and resumed later. */
  mayRead(): boolean;
  /** A whole message, which came in so many frames; a text is valid UTF-8. */
  received(data: Buffer, isBinary: boolean, frames: number): void;
  pinged(data: Buffer): void;
  ponged(): void;
  /** The closing frame with its code, or NO_CODE. Nothing is read after it. */
  closeReceived(code: number): void;
  /** A protocol error or too much data: close with this code. Nothing is read after it. */
  broken(code: number, reason: string): void;
}

/** Code of a closing frame without one. */
export const NO_CODE = 1005;

const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

const MASK_BYTES = 4;
const LONGEST_CONTROL = 125;

/** A message of which some fragments have arrived. */
type Message = { readonly isBinary: boolean; readonly bytes: GrowingBytes; fragments: number };

export class FrameReader {
  readonly #sink: FrameSink;
  /** An incomplete frame, and the bytes needed to continue. */
  #rest: GrowingBytes | undefined = undefined;
  #awaited = 0;
  #message: Message | undefined = undefined;
  #over = false;
  #paused = false;
  /** Frames that had arrived when it was paused: at most what the system delivers in one chunk. */
  #held: Buffer | undefined = undefined;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Bytes that came while it was paused. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  /** All bytes that wait: for the rest of their frame or message, or because it is paused. It takes at most twice that memory. */
  get waiting(): number {
    return this.held + (this.#rest?.length ?? 0) + (this.#message?.bytes.length ?? 0);
  }

  /** Takes what has come, whole frames or not. The bytes are unmasked in place. */
  read(chunk: Buffer): void {
    if (this.#held !== undefined) {
      this.#held = Buffer.concat([this.#held, chunk]);
      return;
    }
    let bytes = chunk;
    if (this.#rest !== undefined) {
      this.#rest.append(chunk, this.#awaited);
      if (this.#rest.length < this.#awaited) return;
      bytes = this.#rest.bytes();
      this.#rest = undefined;
    }
    this.#readFrames(bytes, bytes === chunk);
  }

  /** Stops before the next frame. Call from within the sink, and stop reading the socket. */
  pause(): void {
    this.#paused = true;
  }

  /** Continues with the frames that had arrived. */
  resume(): void {
    this.#paused = false;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#readFrames(held, false);
  }

  /** @param isLent whether the bytes may change after the call */
  #readFrames(bytes: Buffer, isLent: boolean): void {
    for (let at = 0; at < bytes.length && !this.#over;) {
      if (this.#paused || !this.#sink.mayRead()) {
        const rest = bytes.subarray(at);
        // A small rest must not keep a large buffer in memory.
        const isSmall = 2 * rest.length < rest.buffer.byteLength;
        this.#held = isLent || isSmall ? new GrowingBytes(rest).bytes() : rest;
        return;
      }
      const length = this.#readFrame(bytes, at);
      if (length === 0) {
        this.#rest = new GrowingBytes(bytes.subarray(at));
        return;
      }
      at += length;
    }
  }

  /** Length of the frame that starts there; 0 if more bytes are needed to know. */
  #readFrame(bytes: Buffer, at: number): number {
    const there = bytes.length - at;
    if (there < 2) return this.#await(2);
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    if (!isFrame(first, second, this.#message !== undefined)) return this.#break(1002);
    const opcode = first & 0x0f;
    const short = second & 0x7f;
    const headBytes = 2 + (short < 126 ? 0 : short === 126 ? 2 : 8) + MASK_BYTES;
    if (there < headBytes) return this.#await(headBytes);
    const length = short < 126 ? short : readLength(bytes, at + 2, short);
    const isControl = opcode >= CLOSE;
    if (!isControl && (this.#message?.bytes.length ?? 0) + length > this.#sink.frameBytes) {
      return this.#break(closeCodes.tooBig);
    }
    if (there < headBytes + length) return this.#await(headBytes + length);
    const start = at + headBytes;
    unmask(bytes, start, start + length);
    const payload = bytes.subarray(start, start + length);
    if (isControl) this.#control(opcode, payload);
    else this.#data(opcode, (first & 0x80) !== 0, payload);
    return headBytes + length;
  }

  #data(opcode: number, isLast: boolean, payload: Buffer): void {
    if (isLast && this.#message === undefined) {
      this.#deliver(payload, opcode === BINARY, 1);
      return;
    }
    this.#message ??= { isBinary: opcode === BINARY, bytes: new GrowingBytes(), fragments: 0 };
    const message = this.#message;
    message.fragments += 1;
    if (message.fragments > limits.fragments) {
      this.#break(1008);
      return;
    }
    message.bytes.append(payload, this.#sink.frameBytes);
    if (!isLast) return;
    this.#message = undefined;
    this.#deliver(message.bytes.bytes(), message.isBinary, message.fragments);
  }

  #deliver(data: Buffer, isBinary: boolean, frames: number): void {
    if (isBinary || isUtf8(data)) this.#sink.received(data, isBinary, frames);
    else this.#break(1007);
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.#sink.pinged(payload);
    else if (opcode === PONG) this.#sink.ponged();
    else if (payload.length > 0 && !mayClose(payload.readUInt16BE())) this.#break(1002);
    else if (!isUtf8(payload.subarray(2))) this.#break(1007);
    else {
      this.#over = true;
      this.#sink.closeReceived(payload.length === 0 ? NO_CODE : payload.readUInt16BE());
    }
  }

  #await(bytes: number): number {
    this.#awaited = bytes;
    return 0;
  }

  #break(code: keyof typeof reasons): number {
    this.#over = true;
    this.#message = undefined;
    this.#sink.broken(code, reasons[code]);
    return 1;
  }
}

const reasons = {
  1002: "the frame breaks the WebSocket protocol",
  1007: "the text is not UTF-8",
  1008: "too many fragments",
  [closeCodes.tooBig]: "the message is too long",
} as const;

/** Whether a client's frame may start with these two bytes, with or without earlier fragments of a message. */
function isFrame(first: number, second: number, isWithin: boolean): boolean {
  const isMasked = (second & 0x80) !== 0;
  const hasReserved = (first & 0x70) !== 0;
  if (!isMasked || hasReserved) return false;
  const opcode = first & 0x0f;
  if (opcode === CONTINUATION) return isWithin;
  if (opcode === TEXT || opcode === BINARY) return !isWithin;
  const length = second & 0x7f;
  const isWhole = (first & 0x80) !== 0;
  // The code of a closing frame has two bytes.
  return (
    opcode >= CLOSE &&
    opcode <= PONG &&
    isWhole &&
    length <= LONGEST_CONTROL &&
    !(opcode === CLOSE && length === 1)
  );
}

/** A length of 16 bits after 126, of 64 bits after 127. Values beyond all limits need not be exact. */
function readLength(bytes: Buffer, at: number, short: number): number {
  return short === 126
    ? bytes.readUInt16BE(at)
    : bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** The mask comes before the payload. */
function unmask(bytes: Buffer, start: number, end: number): void {
  const mask = bytes.readInt32BE(start - MASK_BYTES);
  if (mask === 0) return;
  for (let at = start; at < end; at++) {
    // oxlint-disable-next-line typescript/no-non-null-assertion -- within the buffer, and for each byte
    bytes[at]! ^= mask >> (24 - 8 * ((at - start) & 3));
  }
}

/** Codes that a closing frame may have (RFC 6455, 7.4, and its registry). */
function mayClose(code: number): boolean {
  return (
    (code >= 3000 && code <= 4999) || (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code))
  );
}
