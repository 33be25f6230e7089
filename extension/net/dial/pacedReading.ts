// Reads a WebSocket at limited rates of frames and bytes. Nothing is lost, because TCP slows the sender. Everything
// counts: frame heads, each fragment of a message, pings and pongs.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";
import { FrameCounter } from "./frameCounter.ts";
import type { SilenceTimer } from "./silenceTimer.ts";

/** A WebSocket that has just opened, and the stream from which it reads its frames. */
export type OpenWebSocket = { readonly ws: WebSocket; readonly stream: Duplex };

export type ReadingRate = {
  readonly framesPerSecond: number;
  readonly burstFrames: number;
  readonly bytesPerSecond: number;
  readonly burstBytes: number;
};

export type PacedReading = {
  /** Charges a received frame as this many more. */
  readonly charge: (frames: number) => void;
  readonly stop: () => void;
};

/**
 * Must be called in the tick in which the WebSocket opened.
 * @param silence suspended while nothing is read
 */
export function paceReading(
  { ws, stream }: OpenWebSocket,
  rate: ReadingRate,
  silence: SilenceTimer,
  clock: () => number,
): PacedReading {
  const counter = new FrameCounter();
  const frames = new TokenBucket(rate.framesPerSecond, rate.burstFrames, clock());
  const bytes = new TokenBucket(rate.bytesPerSecond, rate.burstBytes, clock());
  let paused: NodeJS.Timeout | undefined;

  const charge = (frameCount: number, byteCount: number): void => {
    const now = clock();
    const wait = Math.max(frames.charge(now, frameCount), bytes.charge(now, byteCount));
    if (wait === 0) return;
    ws.pause();
    silence.suspend();
    clearTimeout(paused);
    paused = setTimeout(() => {
      silence.touch();
      ws.resume();
    }, wait);
  };
  const came = (chunk: Buffer): void => {
    silence.touch();
    charge(counter.count(chunk), chunk.length);
  };
  // Before `ws` reads it, because that may stop this listener.
  stream.prependListener("data", came);

  return {
    charge: (count) => charge(count, 0),
    stop() {
      stream.off("data", came);
      clearTimeout(paused);
    },
  };
}
