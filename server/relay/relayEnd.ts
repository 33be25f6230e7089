// One side of a tunnel: its WebSocket. While paused, nothing is parsed after the current frame, however many arrived in one
// chunk. The frames of one chunk are passed on together. The owner learns of the end at once, even if the client keeps its
// connection open.
import type { Socket } from "node:net";
import { closeCodes } from "../../protocol/errors.ts";
import { binaryFrames, closeFrame, pingFrame, pongFrame } from "../fanOut/frame.ts";
import type { HeldBytes, Sender } from "../budgets/heldBytes.ts";
import { FrameReader, NO_CODE, type FrameSink } from "../websocket/frameReader.ts";
import { ownSocket, type SocketOwner } from "../websocket/socketEvents.ts";

/** Events of a side. */
export interface EndOwner {
  /** Data of this many frames. The bytes are only lent. */
  received(bytes: Buffer, frames: number): void;
  /** A ping or pong arrived. */
  beat(): void;
  /** All events of one chunk have been reported. */
  pieceRead(): void;
  /** The side is closing, broke the protocol, or is gone. May be called repeatedly. */
  over(): void;
}

/** Milliseconds that a client has to release a closed connection. */
const CLOSE_MS = 5_000;

/** Bytes waiting to be written to a side, above which its pings get no answer. */
const PONG_BACKLOG = 64 * 1024;

export class RelayEnd implements FrameSink, Sender, SocketOwner {
  readonly address: string;
  readonly frameBytes: number;
  owner: EndOwner | undefined = undefined;
  readonly #socket: Socket;
  readonly #held: HeldBytes;
  readonly #reader = new FrameReader(this);
  #paused = true;
  /** A closing frame was written or the connection is gone, so nothing more is written. */
  #ended = false;
  /** The payload of the last ping of a chunk. Earlier ones need no answer (RFC 6455, 5.5.3). */
  #pinged: Buffer | undefined = undefined;
  #deadline: NodeJS.Timeout | undefined;

  /**
   * Initially paused.
   * @param head bytes after the upgrade's request
   * @param held bounds what waits at all ends together
   */
  constructor(socket: Socket, head: Buffer, address: string, frameBytes: number, held: HeldBytes) {
    this.#socket = socket;
    this.#held = held;
    this.address = address;
    this.frameBytes = frameBytes;
    this.#reader.pause();
    ownSocket(socket, this);
    socket.pause();
    this.#reader.read(head);
    held.update(this);
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** The relay's rates bound what is read: see Tunnel. */
  mayRead(): boolean {
    return true;
  }

  /** Bytes that were written and have not been taken by the network. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  /** What has come from this side and waits, and what it has not taken yet. */
  get heldBytes(): number {
    return this.#reader.waiting + this.backlog;
  }

  floods(): void {
    this.terminate();
  }

  /** `taken` is called once the network has taken them. */
  send(bytes: Buffer, taken: () => void): void {
    if (this.#ended) return;
    this.#socket.write(binaryFrames(bytes, this.frameBytes), () => {
      this.#held.update(this);
      taken();
    });
    this.#held.update(this);
  }

  ping(): void {
    if (!this.#ended) this.#socket.write(pingFrame);
  }

  pause(): void {
    if (this.#ended) return;
    this.#paused = true;
    this.#reader.pause();
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused || this.#ended) return;
    this.#paused = false;
    this.#socket.resume();
    this.#reader.resume();
    this.#pieceRead();
  }

  /** Closes with a reason. Whatever arrives from now on is ignored. */
  close(code: number | undefined = closeCodes.goingAway, reason = ""): void {
    if (this.#ended) return;
    clearTimeout(this.#deadline);
    if (!this.#socket.destroyed) this.#deadline = setTimeout(() => this.terminate(), CLOSE_MS);
    this.#socket.end(closeFrame(code, reason));
    this.#ended = true;
    // Drops what still arrives, because a socket that is not read never ends.
    this.#socket.resume();
    this.owner?.over();
  }

  terminate(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  read(bytes: Buffer): void {
    if (this.#ended) return;
    this.#reader.read(bytes);
    this.#pieceRead();
  }

  received(data: Buffer, isBinary: boolean, frames: number): void {
    if (this.#ended) return;
    if (isBinary) this.owner?.received(data, frames);
    else this.close(closeCodes.binary, "frames are binary here");
  }

  pinged(data: Buffer): void {
    this.#pinged = Buffer.from(data);
    this.owner?.beat();
  }

  ponged(): void {
    this.owner?.beat();
  }

  closeReceived(code: number): void {
    this.close(code === NO_CODE ? undefined : code);
  }

  broken(code: number, reason: string): void {
    this.close(code, reason);
  }

  halfClosed(): void {
    this.close();
  }

  closed(): void {
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.#held.forget(this);
    this.owner?.over();
  }

  #pieceRead(): void {
    const data = this.#pinged;
    this.#pinged = undefined;
    if (data !== undefined && !this.#ended && this.backlog <= PONG_BACKLOG)
      this.#socket.write(pongFrame(data));
    this.owner?.pieceRead();
    this.#held.update(this);
  }
}
