// Reads a WebSocket no faster than a rate of frames and one of bytes: what comes faster is not lost, since TCP slows its sender.
import type { WebSocket } from "ws";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";
import type { SilenceTimer } from "./silenceTimer.ts";

export type ReadingRate = {
  readonly framesPerSecond: number;
  readonly burstFrames: number;
  readonly bytesPerSecond: number;
  readonly burstBytes: number;
};

export type PacedReading = {
  /** Something has come: a sign of life. `frames`: what it counts for. */
  readonly count: (bytes: number, frames?: number) => void;
  readonly stop: () => void;
};

/** @param silence does not count while nothing is read */
export function paceReading(
  ws: WebSocket,
  rate: ReadingRate,
  silence: SilenceTimer,
  clock: () => number,
): PacedReading {
  const frames = new TokenBucket(rate.framesPerSecond, rate.burstFrames, clock());
  const bytes = new TokenBucket(rate.bytesPerSecond, rate.burstBytes, clock());
  let paused: NodeJS.Timeout | undefined;

  return {
    count(length, counted = 1) {
      silence.touch();
      const now = clock();
      const wait = Math.max(frames.charge(now, counted), bytes.charge(now, length));
      if (wait === 0) return;
      ws.pause();
      silence.suspend();
      clearTimeout(paused);
      paused = setTimeout(() => {
        silence.touch();
        ws.resume();
      }, wait);
    },
    stop() {
      clearTimeout(paused);
    },
  };
}
