// Two ends that meet at the relay: bytes from one to the other as they come, no faster than the slower of reader and rate.
// Inside it is TLS from end to end; nothing is looked at. Used by relay.ts.
import type { RawData, WebSocket } from "ws";
import { closeCodes } from "../protocol/errors.ts";

export type TunnelOptions = {
  readonly bytesPerSecond: number;
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** Bytes that may wait for a reader before the writer is no longer read. */
const WAITING_BYTES = 256 * 1024;

/** Joins two open WebSockets until either ends; `ended` is called once then. */
export function joinEnds(a: WebSocket, b: WebSocket, options: TunnelOptions, ended: () => void): void {
  const ways = [startWay(a, b, options), startWay(b, a, options)];
  const heartbeat = setInterval(() => {
    for (const [i, ws] of [a, b].entries()) {
      if (options.now() - (ways[i]?.aliveAt() ?? 0) > options.silenceMs) ws.terminate();
      else ws.ping();
    }
  }, options.heartbeatMs);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    clearInterval(heartbeat);
    for (const way of ways) way.stop();
    for (const ws of [a, b]) ws.close(closeCodes.goingAway);
    ended();
  };
  for (const ws of [a, b]) ws.once("close", end);
  for (const ws of [a, b]) ws.resume();
}

type Way = { readonly stop: () => void; readonly aliveAt: () => number };

function startWay(from: WebSocket, to: WebSocket, { bytesPerSecond, now }: TunnelOptions): Way {
  let aliveAt = now();
  /** When the bytes that have passed are paid for; a second's worth may come at once. */
  let paidAt = now() - 1000;
  let timer: NodeJS.Timeout | undefined;
  let full = false;

  const rest = (ms: number): void => {
    from.pause();
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      if (!full) from.resume();
    }, ms);
  };
  const receive = (data: RawData, isBinary: boolean): void => {
    aliveAt = now();
    if (!isBinary) {
      from.close(closeCodes.binary, "frames are binary here");
      return;
    }
    const bytes = Array.isArray(data) ? Buffer.concat(data) : data;
    to.send(bytes, { binary: true }, () => {
      if (!full || to.bufferedAmount > WAITING_BYTES / 2) return;
      full = false;
      if (timer === undefined) from.resume();
    });
    if (to.bufferedAmount > WAITING_BYTES) {
      full = true;
      from.pause();
    }
    paidAt = Math.max(paidAt, aliveAt - 1000) + (bytes.byteLength / bytesPerSecond) * 1000;
    if (paidAt > aliveAt) rest(paidAt - aliveAt);
  };
  const live = (): void => {
    aliveAt = now();
  };
  from.on("message", receive);
  from.on("pong", live);
  from.on("ping", live);
  return {
    aliveAt: () => aliveAt,
    stop() {
      clearTimeout(timer);
      from.off("message", receive);
      // The answer to our closing has to be read.
      from.resume();
    },
  };
}
