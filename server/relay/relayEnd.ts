// One side of a tunnel: its WebSocket. A side that is paused is not parsed beyond the frame at hand, however many frames came
// in one piece; what one piece brings is handed on together. Its owner hears of the end at once, whatever the client does
// with its connection.
import type { Socket } from "node:net";
import { closeCodes } from "../../protocol/errors.ts";
import { binaryFrames, closeFrame, pingFrame, pongFrame } from "../fanOut/frame.ts";
import { FrameReader, NO_CODE, type FrameSink } from "../websocket/frameReader.ts";
import { ownSocket, type SocketOwner } from "../websocket/socketEvents.ts";

/** What is told of a side. */
export interface EndOwner {
  /** Data of so many frames. Bytes are lent. */
  received(bytes: Buffer, frames: number): void;
  /** A ping or a pong came. */
  beat(): void;
  /** Everything has been told that came in one piece. */
  pieceRead(): void;
  /** Nothing more comes: it closes, broke the protocol, or is gone. May be called again. */
  over(): void;
}

/** Milliseconds that a side has to let go of a connection that is closed. */
const CLOSE_MS = 5_000;

/** Bytes that may wait to be written to a side before its pings get no answer. */
const PONG_BACKLOG = 64 * 1024;

export class RelayEnd implements FrameSink, SocketOwner {
  readonly frameBytes: number;
  owner: EndOwner | undefined = undefined;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(this);
  #paused = true;
  /** A closing frame was written, or the connection is gone: nothing more is written. */
  #ended = false;
  /** The payload of the last ping of a piece. Earlier ones need no answer (RFC 6455, 5.5.3). */
  #pinged: Buffer | undefined = undefined;
  #deadline: NodeJS.Timeout | undefined;

  /**
   * Paused at first.
   * @param head what came behind the upgrade's request
   */
  constructor(socket: Socket, head: Buffer, frameBytes: number) {
    this.#socket = socket;
    this.frameBytes = frameBytes;
    this.#reader.pause();
    ownSocket(socket, this);
    socket.pause();
    this.#reader.read(head);
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

  /** `taken` is called once the network has taken them. */
  send(bytes: Buffer, taken: () => void): void {
    if (!this.#ended) this.#socket.write(binaryFrames(bytes, this.frameBytes), taken);
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

  /** Says why. Nothing that comes from now on is looked at. */
  close(code: number | undefined = closeCodes.goingAway, reason = ""): void {
    if (this.#ended) return;
    clearTimeout(this.#deadline);
    if (!this.#socket.destroyed) this.#deadline = setTimeout(() => this.terminate(), CLOSE_MS);
    this.#socket.end(closeFrame(code, reason));
    this.#ended = true;
    // What still comes is dropped: a socket that is not read never ends.
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
    this.owner?.over();
  }

  #pieceRead(): void {
    const data = this.#pinged;
    this.#pinged = undefined;
    if (data !== undefined && !this.#ended && this.backlog <= PONG_BACKLOG)
      this.#socket.write(pongFrame(data));
    this.owner?.pieceRead();
  }
}
