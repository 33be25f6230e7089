// Writes WebSocket frames in few large pieces, from memory that is used again. `ws` hands a frame's head and its bytes to the
// stream separately: TLS then copies them into new memory, which costs more than encrypting them.
import type { Duplex } from "node:stream";
import { CHUNK_BYTES } from "../../../protocol/bulk.ts";

/** Bytes of a frame's head at most: two, a length of eight, and a mask. */
const HEAD_BYTES = 14;

/**
 * A chunk and the text frames around it. TLS copies each piece twice: from 128 KiB on, the C library takes new memory from the
 * system for each copy and gives it back.
 */
const PIECE_BYTES = CHUNK_BYTES + HEAD_BYTES + 1024;

export type FrameWriter = {
  /** Copies a whole message, and writes it when those before it are written. */
  add(opcode: number, message: Uint8Array): void;
  /** Bytes that wait for the stream, those that it has not taken yet included. */
  readonly waitingBytes: number;
  /** Drops what waits. */
  stop(): void;
};

export const opcodes = { text: 1, binary: 2 } as const;

type Piece = { readonly memory: Uint8Array; length: number };

/**
 * What others write to the stream comes between two pieces, and so between two frames.
 * @param masks whether this side has to mask: with zeros, which change nothing
 * @param written called after each piece that the stream has taken
 */
export function createFrameWriter(stream: Duplex, masks: boolean, written: () => void): FrameWriter {
  let waiting: Piece[] = [];
  /** Memory to use again: never more than waited at once. */
  const free: Piece[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  let isStopped = false;

  const write = (): void => {
    const piece = waiting.shift();
    if (piece === undefined) return;
    isWriting = true;
    stream.write(piece.memory.subarray(0, piece.length), (error) => {
      isWriting = false;
      waitingBytes -= piece.length;
      if (isStopped || error != null) return;
      piece.length = 0;
      free.push(piece);
      write();
      written();
    });
  };
  const pieceFor = (bytes: number): Piece => {
    const last = waiting.at(-1);
    if (last !== undefined && last.length + bytes <= PIECE_BYTES) return last;
    const piece = free.pop() ?? { memory: new Uint8Array(PIECE_BYTES), length: 0 };
    waiting.push(piece);
    return piece;
  };

  return {
    add(opcode, message) {
      if (isStopped || !stream.writable) return;
      const head = headOf(opcode, message.length, masks);
      const size = head.length + message.length;
      const piece = pieceFor(size);
      piece.memory.set(head, piece.length);
      piece.memory.set(message, piece.length + head.length);
      piece.length += size;
      waitingBytes += size;
      if (!isWriting) write();
    },
    get waitingBytes() {
      return waitingBytes;
    },
    stop() {
      isStopped = true;
      waiting = [];
      free.length = 0;
    },
  };
}

/** The head of a frame that is a whole message (RFC 6455, 5.2). */
function headOf(opcode: number, length: number, masks: boolean): Uint8Array {
  const mask = masks ? [0, 0, 0, 0] : [];
  const maskBit = masks ? 0x80 : 0;
  const first = 0x80 | opcode;
  if (length < 126) return Uint8Array.from([first, maskBit | length, ...mask]);
  if (length < 65_536) return Uint8Array.from([first, maskBit | 126, length >> 8, length & 0xff, ...mask]);
  const bytes = [0, 0, 0, 0, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  return Uint8Array.from([first, maskBit | 127, ...bytes, ...mask]);
}
