// Two ends that meet at the relay: bytes from one to the other as they come, no faster than the slower of reader and rate.
// Inside it is TLS from end to end; nothing is looked at. Used by relay.ts.
import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { closeCodes } from "../protocol/errors.ts";
import { BytePace } from "./bytePace.ts";

export type TunnelOptions = {
  readonly bytesPerSecond: number;
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** Bytes that may wait for a reader before the writer is no longer read. */
const WAITING_BYTES = 256 * 1024;

/** Milliseconds that an end has to answer a closing frame. */
const CLOSE_MS = 5_000;

/** One side of a tunnel, and the connection under it. */
export type End = {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  /** It has sent so many bytes: returns the milliseconds that it has to rest for the sake of others. */
  readonly charge: (bytes: number) => number;
};

/**
 * Joins two open WebSockets until either ends; `ended` is called once then. The other end hears at once, whatever the
 * one that closes does with its connection.
 */
export function joinEnds(a: End, b: End, options: TunnelOptions, ended: () => void): void {
  const ways = [startWay(a, b.ws, options), startWay(b, a.ws, options)] as const;
  let heartbeat: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    clearTimeout(heartbeat);
    clearTimeout(silence);
    for (const way of ways) way.stop();
    for (const { ws } of [a, b]) closeSoon(ws);
    ended();
  };
  const beat = (): void => {
    for (const { ws } of [a, b]) ws.ping();
    heartbeat = setTimeout(beat, options.heartbeatMs);
  };
  /** Looks again when the one that was heard longest ago will have been silent for too long. */
  const watch = (): void => {
    const now = options.now();
    for (const [i, { ws }] of [a, b].entries()) {
      if (now - (ways[i]?.aliveAt() ?? 0) >= options.silenceMs) ws.terminate();
    }
    const oldest = Math.min(...ways.map((way) => way.aliveAt()));
    silence = setTimeout(watch, Math.max(1, oldest + options.silenceMs - now));
  };
  heartbeat = setTimeout(beat, options.heartbeatMs);
  watch();
  for (const { ws, socket } of [a, b]) {
    ws.once("close", end);
    ws.once("error", end);
    // `ws` tells nothing of a closing frame before TCP has ended as well. Its own listener was there first.
    socket.on("data", () => {
      if (ws.readyState !== ws.OPEN) end();
    });
    socket.once("end", end);
  }
  for (const { ws } of [a, b]) ws.resume();
}

/** Says that the other side is gone, and waits only so long for an answer. */
export function closeSoon(ws: WebSocket): void {
  ws.close(closeCodes.goingAway);
  const linger = setTimeout(() => ws.terminate(), CLOSE_MS);
  ws.once("close", () => clearTimeout(linger));
}

type Way = { readonly stop: () => void; readonly aliveAt: () => number };

function startWay({ ws: from, charge }: End, to: WebSocket, { bytesPerSecond, now }: TunnelOptions): Way {
  let aliveAt = now();
  const pace = new BytePace(bytesPerSecond, aliveAt);
  let timer: NodeJS.Timeout | undefined;
  let full = false;

  const resume = (): void => {
    aliveAt = now();
    from.resume();
  };
  const rest = (ms: number): void => {
    from.pause();
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      if (!full) resume();
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
      if (timer === undefined) resume();
    });
    if (to.bufferedAmount > WAITING_BYTES) {
      full = true;
      from.pause();
    }
    const ms = Math.max(pace.charge(bytes.byteLength, aliveAt), charge(bytes.byteLength));
    if (ms > 0) rest(ms);
  };
  const live = (): void => {
    aliveAt = now();
  };
  from.on("message", receive);
  from.on("pong", live);
  from.on("ping", live);
  return {
    // Nothing is heard of an end that is not read.
    aliveAt: () => (from.isPaused ? now() : aliveAt),
    stop() {
      clearTimeout(timer);
      from.off("message", receive);
      // The answer to our closing has to be read.
      from.resume();
    },
  };
}
