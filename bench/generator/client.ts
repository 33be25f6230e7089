// One of the load generator's clients, on a bare TCP socket: joins, then counts what is delivered, from raw bytes.
import { connect, type Socket } from "node:net";
import type { Answer, Dialect } from "./dialects.ts";
import { kinds } from "./framing.ts";

/** Counts of all clients. */
export type Tally = { delivered: number };

/** Looks at a whole frame. */
export type Inspector = (bytes: Buffer, at: number, length: number) => void;

/** A frame that is longer is judged by its beginning: one is that lists users, and they come last. */
const LONG_BYTES = 4096;
const BEGINNING_BYTES = 256;

const NOTHING = Buffer.alloc(0);
/** Every client reads into the same bytes: what it needs of them later, it copies. */
const shared = Buffer.alloc(256 * 1024);
const END_OF_HEAD = "\r\n\r\n";

export class Client {
  readonly number: number;
  /** Resolves when it is let in; rejects when the connection ends before. */
  readonly joined: Promise<void>;
  readonly socket: Socket;
  /** Looks at every whole frame; without one frames are only counted. */
  inspect: Inspector | undefined;
  /** Called when everything is read that has come at once. */
  afterRead: (() => void) | undefined;
  onEnd: (() => void) | undefined;
  readonly #dialect: Dialect;
  readonly #tally: Tally;
  #upgrading: boolean;
  /** The beginning of a frame whose rest has not come. */
  #stash = NOTHING;
  /** Bytes yet to come of a frame that is counted already. */
  #skip = 0;
  /** The beginning of a long frame, until its end. */
  #long: Buffer | undefined;

  constructor(number: number, dialect: Dialect, port: number, tally: Tally) {
    this.number = number;
    this.#dialect = dialect;
    this.#tally = tally;
    this.#upgrading = dialect.upgraded !== undefined;
    this.socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.#read(length);
          return true;
        },
      },
    });
    this.joined = new Promise((resolve, reject) => {
      const follow = ({ reply, joined }: Answer): void => {
        if (reply !== undefined) this.socket.write(reply);
        if (joined !== true) return;
        this.inspect = undefined;
        resolve();
      };
      this.inspect = (bytes, at, length) => {
        if (this.#upgrading) {
          this.#upgrading = false;
          const status = bytes.toString("latin1", at, at + 12);
          if (!status.endsWith("101")) reject(new Error(`The server answered ${status}`));
          else follow(dialect.upgraded?.(number) ?? {});
        } else {
          follow(dialect.answer(number, bytes.subarray(at, at + length), port));
        }
      };
      this.socket.once("connect", () => this.socket.write(dialect.hello(number, port)));
      this.socket.on("error", () => undefined);
      this.socket.once("close", () => {
        reject(new Error(`Client ${number} was disconnected`));
        this.onEnd?.();
      });
    });
    // A later reader of the promise still sees the rejection.
    this.joined.catch(() => undefined);
  }

  say(number: number): void {
    this.socket.write(this.#dialect.say(this.number, number));
  }

  /** Ends the connection without leaving its port in use. */
  end(): void {
    this.onEnd = undefined;
    this.socket.resetAndDestroy();
  }

  #read(length: number): void {
    let bytes = shared;
    let end = length;
    let at = this.#skip;
    this.#skip = 0;
    if (this.#stash.length > 0) {
      bytes = Buffer.concat([this.#stash, shared.subarray(0, length)]);
      end = bytes.length;
      this.#stash = NOTHING;
    }
    if (this.#long !== undefined && at <= end) {
      this.inspect?.(this.#long, 0, this.#long.length);
      this.#long = undefined;
    }
    while (at < end) {
      const frame = this.#upgrading
        ? headLength(bytes, at, end)
        : this.#dialect.framing.length(bytes, at, end);
      if (frame === 0 || (this.inspect !== undefined && at + frame > end && !this.#isLong(frame, end - at))) {
        this.#stash = Buffer.from(bytes.subarray(at, end));
        at = end;
        break;
      }
      if (!this.#upgrading) this.#count(bytes, at);
      if (at + frame <= end) this.inspect?.(bytes, at, frame);
      else if (this.inspect !== undefined) this.#long = Buffer.from(bytes.subarray(at, at + BEGINNING_BYTES));
      at += frame;
    }
    this.#skip = at - end;
    this.afterRead?.();
  }

  #isLong(frame: number, there: number): boolean {
    return !this.#upgrading && frame > LONG_BYTES && there >= BEGINNING_BYTES;
  }

  #count(bytes: Buffer, at: number): void {
    const kind = this.#dialect.framing.kind(bytes, at);
    if (kind === kinds.delivery) this.#tally.delivered += 1;
    else if (kind === kinds.ping) this.socket.write(this.#dialect.pong);
    else if (kind === kinds.close) this.socket.end();
  }
}

/** Of an answer over HTTP; 0 while its end has not come. */
function headLength(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(END_OF_HEAD, at, "latin1");
  return found < 0 || found + END_OF_HEAD.length > end ? 0 : found + END_OF_HEAD.length - at;
}
