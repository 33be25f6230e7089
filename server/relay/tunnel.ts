// Two ends that meet at the relay: bytes from one to the other, no faster than the slower of reader and rate. Inside it is TLS
// from end to end; nothing is looked at. Each frame counts for some bytes, an empty one too, and an end above its rate is not
// parsed: frames cost no more than the bytes that they are charged for.
import { GrowingBytes } from "../websocket/growingBytes.ts";
import { BytePace } from "../budgets/bytePace.ts";
import type { RelayEnd } from "./relayEnd.ts";

export type TunnelOptions = {
  readonly bytesPerSecond: number;
  /** Bytes that each frame counts for at least. */
  readonly leastFrameBytes: number;
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** Bytes that may wait for a reader before the writer is no longer read. */
const WAITING_BYTES = 256 * 1024;

/** Milliseconds that an end rests at least: some frames at a time cost less than each by itself. */
const LEAST_REST_MS = 10;

/** What a tunnel needs of a RelayEnd. */
export type TunnelSide = Pick<
  RelayEnd,
  "owner" | "isPaused" | "backlog" | "send" | "ping" | "pause" | "resume" | "close" | "terminate"
>;

/** One side of a tunnel. */
export type End = {
  readonly side: TunnelSide;
  /** It has sent so many bytes: returns the milliseconds that it has to rest for the sake of others. */
  readonly charge: (bytes: number) => number;
};

/**
 * Joins two ends until either is over; `ended` is called once then. The other one is closed at once, whatever the
 * one that closes does with its connection.
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
  /** Looks again when the one that was heard longest ago will have been silent for too long. */
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

/** What goes from one end to the other. */
class Way {
  readonly #from: TunnelSide;
  readonly #charge: End["charge"];
  readonly #to: TunnelSide;
  readonly #options: TunnelOptions;
  readonly #over: () => void;
  readonly #pace: BytePace;
  /** What came in the present piece. */
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

  /** Nothing is heard of an end that is not read. */
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
    this.#to.send(batch.bytes(), () => {
      if (!this.#full || this.#to.backlog > WAITING_BYTES / 2) return;
      this.#full = false;
      if (this.#timer === undefined) this.#goOn();
    });
    if (this.#to.backlog <= WAITING_BYTES) return;
    this.#full = true;
    this.#from.pause();
  }

  /** An end above its rate rests. */
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
