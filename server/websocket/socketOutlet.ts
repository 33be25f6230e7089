// The writing half of one client's WebSocket: frames out through the outbox, and each way in which the connection ends. The
// socket is released in time, even if the other end does not cooperate.
import type { Socket } from "node:net";
import type { EndReason } from "../base/tally.ts";
import { closeFrame, pingFrame } from "../fanOut/frame.ts";
import { Outlet } from "../fanOut/outbox.ts";
import type { ConnectionDependencies } from "./connectionDependencies.ts";
import { endReason } from "./endReason.ts";
import { NO_CODE } from "./frameReader.ts";
import { writeTogether } from "./writeTogether.ts";

/** Milliseconds that the other end has to close its side of a closed connection. */
const LINGER_MS = 1_000;

/** Milliseconds that the other end has to read what is left, and to answer a closing frame. */
const CLOSE_MS = 5_000;

export abstract class SocketOutlet extends Outlet {
  protected readonly socket: Socket;
  protected readonly deps: ConnectionDependencies;
  protected closing = false;
  /** Whether a closing frame may have been written, or the connection was cut. */
  protected ended = false;
  /** The code of the client's closing frame; 1006 while there is none. */
  protected closedWith = 1006;
  /** Why it ends, once that is known; the first reason counts. */
  #endReason: EndReason | undefined;
  /** Ends it when it does not join, does not answer the closing frame, or does not let go. */
  #deadline: NodeJS.Timeout | undefined;
  /** Whether it has to take what is written next in time. */
  #mustRead = false;

  constructor(socket: Socket, deps: ConnectionDependencies) {
    super();
    this.socket = socket;
    this.deps = deps;
  }

  abstract readonly address: string;

  /** Reads the socket again, whatever it was paused for. */
  protected abstract readOn(): void;

  get open(): boolean {
    return !this.ended && !this.socket.writableEnded;
  }

  get backlog(): number {
    return this.socket.writableLength;
  }

  get taken(): number {
    return this.socket.bytesWritten - this.backlog;
  }

  write(chunks: readonly Buffer[]): void {
    if (!this.#mustRead) {
      writeTogether(this.socket, chunks);
      return;
    }
    this.#mustRead = false;
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.deps.unread.watch(this, bytes, (taken) => writeTogether(this.socket, chunks, taken));
  }

  mustRead(): void {
    this.#mustRead = true;
  }

  /** Asks for a sign of life. A client that has not read what came before would only read the ping later. */
  protected ping(): void {
    if (this.open && this.backlog === 0) this.socket.write(pingFrame);
  }

  /** Sends what is left, then the closing frame. Closing twice is safe; the first reason counts. */
  close(code: number, reason: string, why = endReason(code)): void {
    if (this.closing) return;
    this.closing = true;
    this.#endReason ??= why;
    this.#writeLast(code, reason);
  }

  terminate(why?: EndReason): void {
    this.#endReason ??= why;
    this.ended = true;
    this.socket.destroy();
  }

  closeReceived(code: number): void {
    this.closedWith = code;
    this.#endReason ??= "closed";
    this.#writeLast(code === NO_CODE ? undefined : code, "");
    this.socket.end();
  }

  broken(code: number, reason: string): void {
    this.#endReason ??= endReason(code);
    this.#writeLast(code, reason);
    this.socket.end();
  }

  /** The client sends nothing any more. */
  halfClosed(): void {
    if (!this.ended) this.#beginEnd();
    this.socket.end();
  }

  /** The connection has closed. */
  closed(): void {
    this.closing = true;
    this.ended = true;
    this.clearDeadline();
    this.deps.outbox.end(this);
    this.deps.tally.ended[this.#endReason ?? "lost"] += 1;
  }

  /** Remaining data goes out before the closing frame, and nothing after it. */
  #writeLast(code: number | undefined, reason: string): void {
    if (this.ended) return;
    this.#beginEnd();
    this.deps.outbox.end(this);
    if (this.open) this.socket.write(closeFrame(code, reason));
    this.ended = true;
    // The answer can only be seen on a socket that is being read.
    this.readOn();
    this.socket.once("finish", () => this.setDeadline(LINGER_MS, () => this.terminate()));
  }

  #beginEnd(): void {
    this.setDeadline(CLOSE_MS, () => this.terminate());
    this.deps.sockets.ending(this.socket);
  }

  protected setDeadline(ms: number, end: () => void): void {
    this.clearDeadline();
    if (!this.socket.destroyed) this.#deadline = setTimeout(end, ms);
  }

  protected clearDeadline(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }
}
