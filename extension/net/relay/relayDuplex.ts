// A byte stream over the WebSocket to the server's relay: TLS runs on it as on TCP.
import { Duplex } from "node:stream";
import { WebSocket, type RawData } from "ws";
import { closeCodes } from "../../../protocol/errors.ts";
import type { NetContext } from "../dial/netContext.ts";
import { paceReading, peerRate, type OpenWebSocket } from "../dial/pacedReading.ts";

/**
 * Reads no faster than a peer may send: frames of the relay itself, such as pings and empty ones, never get as far as TLS, but
 * cost work. Must be called in the tick in which the WebSocket was opened.
 */
export function relayDuplex(
  opened: OpenWebSocket,
  { limits, clock }: Pick<NetContext, "limits" | "clock">,
): Duplex {
  const { ws } = opened;
  const frameBytes = limits.relayFrameBytes;
  const reading = paceReading(opened, peerRate(limits), undefined, clock);
  const duplex = new Duplex({
    // What arrives is not read from the socket before it is wanted.
    read: () => reading.release(),
    write(chunk: Buffer, _encoding, done) {
      if (ws.readyState !== WebSocket.OPEN) {
        done(new Error("The relay's connection is closed."));
        return;
      }
      if (chunk.length === 0) done();
      for (let start = 0; start < chunk.length; start += frameBytes) {
        const end = Math.min(chunk.length, start + frameBytes);
        // Not before the socket has accepted everything: that is the backpressure.
        ws.send(chunk.subarray(start, end), { binary: true }, end === chunk.length ? done : undefined);
      }
    },
    final(done) {
      ws.close(closeCodes.quit);
      done();
    },
    destroy(error, done) {
      reading.stop();
      ws.terminate();
      done(error);
    },
  });
  ws.on("message", (data: RawData, isBinary: boolean) => {
    if (!isBinary) duplex.destroy();
    else if (!duplex.push(bytesOf(data))) reading.hold();
  });
  ws.on("close", () => {
    if (duplex.destroyed) return;
    // The reader still gets received data, including the other side's last bytes.
    duplex.once("end", () => duplex.destroy());
    duplex.push(null);
  });
  ws.on("error", () => duplex.destroy());
  duplex.on("error", () => undefined);
  return duplex;
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
