// Reads a WebSocket at limited rates of frames and bytes. Nothing is lost, because TCP slows the sender. Everything
// counts: frame heads, each fragment of a message, pings and pongs.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";
import { FrameCounter } from "./frameCounter.ts";
import type { NetLimits } from "./netLimits.ts";
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
  /** Does not count frames and bytes that came, because something else bounds them. */
  readonly refund: (frames: number, bytes: number) => void;
  /** Nothing is read until `release`, because what has come finds no reader. */
  readonly hold: () => void;
  /** Reads on, once the rate allows it. */
  readonly release: () => void;
  readonly stop: () => void;
};

/** The rate for a peer, whichever way its bytes come. */
export function peerRate(limits: NetLimits): ReadingRate {
  const { peerFramesPerSecond: framesPerSecond, burstSeconds } = limits;
  return {
    framesPerSecond,
    burstFrames: framesPerSecond * burstSeconds,
    bytesPerSecond: limits.peerBytesPerSecond,
    burstBytes: limits.peerBurstBytes,
  };
}

/**
 * Must be called in the tick in which the WebSocket was opened.
 * @param silence does not count while reading pauses
 */
export function paceReading(
  { ws, stream }: OpenWebSocket,
  rate: ReadingRate,
  silence: Pick<SilenceTimer, "touch" | "suspend"> | undefined,
  clock: () => number,
): PacedReading {
  const counter = new FrameCounter();
  const frames = new TokenBucket(rate.framesPerSecond, rate.burstFrames, clock());
  const bytes = new TokenBucket(rate.bytesPerSecond, rate.burstBytes, clock());
  let paused: NodeJS.Timeout | undefined;
  let isHeld = false;

  const resume = (): void => {
    silence?.touch();
    ws.resume();
  };
  const charge = (frameCount: number, byteCount: number): void => {
    const now = clock();
    const wait = Math.max(frames.charge(now, frameCount), bytes.charge(now, byteCount));
    if (wait === 0) return;
    ws.pause();
    silence?.suspend();
    clearTimeout(paused);
    paused = setTimeout(() => {
      paused = undefined;
      if (!isHeld) resume();
    }, wait);
  };
  const came = (chunk: Buffer): void => {
    silence?.touch();
    charge(counter.count(chunk), chunk.length);
  };
  // Before `ws` reads it, because that may stop this listener.
  stream.prependListener("data", came);

  return {
    charge: (count) => charge(count, 0),
    refund(frameCount, byteCount) {
      const now = clock();
      frames.charge(now, -frameCount);
      bytes.charge(now, -byteCount);
    },
    hold() {
      isHeld = true;
      ws.pause();
      silence?.suspend();
    },
    release() {
      isHeld = false;
      if (paused === undefined) resume();
    },
    stop() {
      stream.off("data", came);
      clearTimeout(paused);
    },
  };
}
