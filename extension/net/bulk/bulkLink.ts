// One bulk link: `open` first and in time, then frames that its reader has allowed. What the reader does not expect is its
// matter; this part bounds what frames cost, and what waits to be sent.
import type { RawData } from "ws";
import { BLOCK_BYTES, BulkMessage, CHUNK_BYTES, type BulkFrame } from "../../../protocol/bulk.ts";
import { decode } from "../../../protocol/codec.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import { closeWebSocket } from "../dial/closeWebSocket.ts";
import { frameText } from "../dial/frameText.ts";
import { freeMemory } from "../dial/freeMemory.ts";
import type { NetContext } from "../dial/netContext.ts";
import { paceReading, peerRate, type OpenWebSocket } from "../dial/pacedReading.ts";
import { startSilenceTimer } from "../dial/silenceTimer.ts";
import { createFrameWriter, opcodes } from "./frameWriter.ts";
import { readRecords } from "./readRecords.ts";

export type BulkOpen = Extract<BulkMessage, { type: "open" }>;

/** Bytes of a text frame at most. The longest one, a block, has some 200. */
const TEXT_BYTES = 512;

/**
 * Bytes that wait to be sent before the sender is told to stop, and before it may go on. One more block can be under way. Few,
 * because they wait in this process, and it costs no time to get the next ones.
 */
const FULL_BYTES = 256 * 1024;
const DRAINED_BYTES = FULL_BYTES / 2;

export type BulkLinkHandlers = {
  /** The other side's `open`. Returns the code with which the link ends, or null if it is right. */
  readonly open: (open: BulkOpen) => number | null;
  readonly frame: (frame: BulkFrame) => void;
  /** The bytes are gone afterwards. */
  readonly chunk: (bytes: Uint8Array) => void;
  readonly full: () => void;
  readonly drained: () => void;
  /** Called once, and not after `close`. `broken`: because the other side broke the rules. */
  readonly closed: (broken: boolean) => void;
};

export type BulkLink = {
  send(frame: BulkMessage): void;
  /** The bytes may change afterwards. */
  sendChunk(bytes: Uint8Array): void;
  /** Stops reading, or reads on. What has been read already waits, too. */
  hold(isHeld: boolean): void;
  close(code: number): void;
};

/**
 * Starts the link; must be called in the tick in which the WebSocket opened.
 * @param dialed by this side, which masks its frames
 */
export function startBulkLink(
  opened: OpenWebSocket,
  dialed: boolean,
  { limits, log, clock }: NetContext,
  handlers: BulkLinkHandlers,
): BulkLink {
  const { ws } = opened;
  let phase: "greeting" | "open" | "over" = "greeting";
  let isFull = false;
  let isHeld = false;
  /** Messages that were read together with the one that led to `hold`. */
  let held: { readonly data: RawData; readonly isBinary: boolean }[] = [];

  const stop = (code: number): void => {
    phase = "over";
    held = [];
    reading.stop();
    records.stop();
    writer.stop();
    clearTimeout(greeting);
    clearInterval(heartbeat);
    silence.stop();
    closeWebSocket(ws, code, "", limits.closeMs);
  };
  const end = (code: number, why: string): void => {
    if (phase === "over") return;
    log.info(`A bulk link ended: ${why}`);
    stop(code);
    handlers.closed(code === closeCodes.protocol || code === closeCodes.tooBig);
  };
  const silence = startSilenceTimer(limits.linkSilenceMs, () => end(closeCodes.silent, "silent"));
  const drained = (): void => {
    if (!isFull || phase !== "open" || writer.waitingBytes > DRAINED_BYTES) return;
    isFull = false;
    handlers.drained();
  };
  const writer = createFrameWriter(opened.stream, dialed, drained);
  const reading = paceReading(opened, peerRate(limits), silence, clock);
  const records = readRecords(opened);
  const heartbeat = setInterval(() => ws.ping(), limits.linkHeartbeatMs);
  const greeting = setTimeout(() => end(closeCodes.handshakeTimeout, "no open"), limits.handshakeMs);

  const takeText = (text: string): void => {
    const decoded = decode(BulkMessage, text);
    if (!decoded.ok) {
      // A newer peer may send types that are unknown here, once it has sent `open`.
      if (decoded.error.code !== "unknown-type" || phase === "greeting")
        end(closeCodes.protocol, decoded.error.detail);
      return;
    }
    const frame = decoded.value;
    if ((frame.type === "open") !== (phase === "greeting")) {
      end(closeCodes.protocol, `${frame.type} out of order`);
    } else if (frame.type !== "open") {
      if (isPaidFor(frame)) reading.refund(1, text.length);
      handlers.frame(frame);
    } else {
      const code = handlers.open(frame);
      if (code !== null) {
        end(code, "open does not fit");
        return;
      }
      phase = "open";
      clearTimeout(greeting);
    }
  };
  const takeMessage = (data: RawData, isBinary: boolean): void => {
    if (phase === "over") return;
    const bytes = bytesOf(data);
    if (!isBinary) {
      if (bytes.length > TEXT_BYTES) end(closeCodes.tooBig, "a long text");
      else takeText(frameText(data));
    } else if (phase === "greeting") {
      end(closeCodes.protocol, "bytes before open");
    } else {
      // The reader's credit pays for whole chunks. All others are few, or count like any frame.
      if (bytes.length === CHUNK_BYTES) reading.refund(1, bytes.length);
      handlers.chunk(bytes);
      freeMemory(bytes);
    }
  };
  ws.on("message", (data: RawData, isBinary: boolean) => {
    records.free();
    if (isHeld || held.length > 0) {
      // A copy: the record that it is a part of is given back before it is taken.
      const bytes = bytesOf(data);
      held.push({ data: Buffer.from(bytes), isBinary });
      freeMemory(bytes);
    } else {
      takeMessage(data, isBinary);
    }
  });
  ws.on("close", () => end(closeCodes.quit, "closed"));

  return {
    send(frame) {
      writer.add(opcodes.text, Buffer.from(JSON.stringify(frame)));
    },
    sendChunk(bytes) {
      if (phase !== "open") return;
      writer.add(opcodes.binary, bytes);
      if (isFull || writer.waitingBytes <= FULL_BYTES) return;
      isFull = true;
      handlers.full();
    },
    hold(isToHold) {
      if (phase === "over") return;
      isHeld = isToHold;
      if (isHeld) reading.hold();
      while (!isHeld) {
        const next = held.shift();
        if (next === undefined) break;
        takeMessage(next.data, next.isBinary);
      }
      if (!isHeld) reading.release();
    },
    close(code) {
      if (phase !== "over") stop(code);
    },
  };
}

/** Whether other bounds keep such frames few: whole blocks follow it, or the sender's credit ends the link. */
function isPaidFor(frame: BulkFrame): boolean {
  return frame.type === "credit" || (frame.type === "block" && frame.size === BLOCK_BYTES);
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : new Uint8Array(data);
}
