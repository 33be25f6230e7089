// Connects two ends at the relay: bytes pass no faster than the reader or the rate allows. They carry end-to-end TLS and are
// not inspected. Each frame counts for a minimum of bytes, and an end above its rate is not parsed, so frames cost no more than
// they are charged for.
import type { Tally } from "../base/tally.ts";
import { GrowingBytes } from "../websocket/growingBytes.ts";
import { BytePace } from "../budgets/bytePace.ts";
import type { RelayEnd } from "./relayEnd.ts";

export type TunnelOptions = {
  readonly bytesPerSecond: number;
  /** Minimum bytes charged for a frame. */
  readonly leastFrameBytes: number;
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  readonly tally: Pick<Tally, "relayBytes">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** Bytes that may wait for a reader before the writer is no longer read. */
const WAITING_BYTES = 256 * 1024;

/** Minimum pause of an end in milliseconds: several frames at a time cost less than one by one. */
const LEAST_REST_MS = 10;

/** A RelayEnd as the tunnel sees it. */
export type TunnelSide = Pick<
  RelayEnd,
  "owner" | "isPaused" | "backlog" | "send" | "ping" | "pause" | "resume" | "close" | "terminate"
>;

/** One side of a tunnel. */
export type End = {
  readonly side: TunnelSide;
  /** Charges this many bytes. Returns the milliseconds that the side has to pause for the sake of others. */
  readonly charge: (bytes: number) => number;
};

/**
 * Connects two ends until either one ends, then calls `ended` once. The other one is closed at once, whatever the client that
 * closes does with its connection.
 */
export function joinEnds(a: End, b: End, options: TunnelOptions, ended: () => void): void {
  let heartbeat: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    clearTimeout(heartbeat);
    clearTimeout(silence);
    for (const way of ways) way.stop();
    for (const { side } of [a, b]) side.close();
    ended();
  };
  const ways = [new Way(a, b.side, options, end), new Way(b, a.side, options, end)] as const;
  const beat = (): void => {
    for (const { side } of [a, b]) side.ping();
    heartbeat = setTimeout(beat, options.heartbeatMs);
  };
  /** Checks again when the end heard longest ago will have been silent for too long. */
  const watch = (): void => {
    const now = options.now();
    for (const way of ways) if (now - way.aliveAt >= options.silenceMs) way.cut();
    const oldest = Math.min(...ways.map((way) => way.aliveAt));
    silence = setTimeout(watch, Math.max(1, oldest + options.silenceMs - now));
  };
  heartbeat = setTimeout(beat, options.heartbeatMs);
  watch();
  for (const way of ways) way.start();
}

/** One direction of a tunnel. */
class Way {
  readonly #from: TunnelSide;
  readonly #charge: End["charge"];
  readonly #to: TunnelSide;
  readonly #options: TunnelOptions;
  readonly #over: () => void;
  readonly #pace: BytePace;
  /** Bytes of the current chunk. */
  #batch: GrowingBytes | undefined = undefined;
  #aliveAt: number;
  #timer: NodeJS.Timeout | undefined;
  #full = false;
  #stopped = false;

  constructor({ side, charge }: End, to: TunnelSide, options: TunnelOptions, over: () => void) {
    this.#from = side;
    this.#charge = charge;
    this.#to = to;
    this.#options = options;
    this.#over = over;
    this.#aliveAt = options.now();
    this.#pace = new BytePace(options.bytesPerSecond, this.#aliveAt);
  }

  /** An end that is not read cannot show signs of life. */
  get aliveAt(): number {
    return this.#from.isPaused ? this.#options.now() : this.#aliveAt;
  }

  start(): void {
    this.#from.owner = {
      received: (bytes, frames) => this.#received(bytes, frames),
      beat: () => this.#count(0, 1),
      pieceRead: () => this.#send(),
      over: this.#over,
    };
    this.#from.resume();
  }

  cut(): void {
    this.#from.terminate();
  }

  stop(): void {
    this.#send();
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #received(bytes: Buffer, frames: number): void {
    if (this.#stopped) return;
    this.#batch ??= new GrowingBytes();
    this.#batch.append(bytes, WAITING_BYTES);
    this.#count(bytes.length, frames);
  }

  #send(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch === undefined || batch.length === 0) return;
    this.#options.tally.relayBytes += batch.length;
    this.#to.send(batch.bytes(), () => {
      if (!this.#full || this.#to.backlog > WAITING_BYTES / 2) return;
      this.#full = false;
      if (this.#timer === undefined) this.#goOn();
    });
    if (this.#to.backlog <= WAITING_BYTES) return;
    this.#full = true;
    this.#from.pause();
  }

  /** An end above its rate is paused. */
  #count(bytes: number, frames: number): void {
    const now = this.#options.now();
    this.#aliveAt = now;
    const cost = Math.max(bytes, frames * this.#options.leastFrameBytes);
    const ms = Math.max(this.#pace.charge(cost, now), this.#charge(cost));
    if (ms > 0) this.#rest(ms);
  }

  #rest(ms: number): void {
    if (this.#stopped) return;
    this.#from.pause();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (!this.#full) this.#goOn();
      },
      Math.max(ms, LEAST_REST_MS),
    );
  }

  #goOn(): void {
    if (this.#stopped) return;
    this.#aliveAt = this.#options.now();
    this.#from.resume();
  }
}
