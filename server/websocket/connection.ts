// One client's WebSocket: incoming frames (validated, with limits on rate and errors), outgoing frames through the outbox,
// signs of life, and every way in which it ends.
import type { Socket } from "node:net";
import * as v from "valibot";
import { decode } from "../../protocol/codec.ts";
import { closeCodes, errorTexts, type ErrorCode, type RefusedCode } from "../../protocol/errors.ts";
import { Token, type MessageId } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { ClientMessage } from "../../protocol/rendezvous.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import type { ConnectionDependencies } from "./connectionDependencies.ts";
import { closeFrame, messageFrame, pingFrame, pongFrame } from "../fanOut/frame.ts";
import { FrameReader, NO_CODE, type FrameSink } from "./frameReader.ts";
import { Outlet } from "../fanOut/outbox.ts";
import { pauses, type Client, type Pause } from "../names/client.ts";
import { isOfAnotherVersion } from "../joining/joinVersion.ts";
import { leaveReason } from "./leaveReason.ts";
import { ownSocket, type SocketOwner } from "./socketEvents.ts";
import { writeTogether } from "./writeTogether.ts";

/** Replaces the nonce of members, which is no longer needed. */
const used = v.parse(Token, "A".repeat(22));

const nowhere: readonly string[] = [];

/** Milliseconds that the client has to release a closed connection. */
const LINGER_MS = 1_000;

/** Milliseconds that the client has to read what is left and answer a closing frame. */
const CLOSE_MS = 5_000;

export class Connection extends Outlet implements Client, FrameSink, SocketOwner {
  readonly address: string;
  /** Released once the client has joined. */
  host: string;
  dialled: readonly string[];
  nonce: Token;
  member: Client["member"] = undefined;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(this);
  readonly #deps: ConnectionDependencies;
  #frames: TokenBucket;
  /** Created with the first error. */
  #errors: TokenBucket | undefined;
  /** Ends the connection if it does not join, answer the closing frame, or close in time. */
  #deadline: NodeJS.Timeout | undefined;
  aliveAt: number;
  /** Whether the client must read what is written next in time. */
  #mustRead = false;
  #pauses = 0;
  #closing = false;
  /** Whether a closing frame may have been written, or the connection was cut. */
  #ended = false;
  /** The code of the client's closing frame; 1006 until there is one. */
  #closedWith = 1006;

  /** `head`: bytes after the upgrade's request. */
  constructor(
    socket: Socket,
    head: Buffer,
    peer: Pick<Client, "address" | "host" | "dialled" | "nonce">,
    deps: ConnectionDependencies,
  ) {
    super();
    const now = deps.now();
    this.address = peer.address;
    this.host = peer.host;
    this.dialled = peer.dialled;
    this.nonce = peer.nonce;
    this.#socket = socket;
    this.#deps = deps;
    this.#frames = new TokenBucket(limits.strangerFramesPerSecond, limits.strangerBurst, now);
    this.aliveAt = now;
    ownSocket(socket, this);
    this.#setDeadline(deps.handshakeMs, () => this.close(closeCodes.handshakeTimeout, "no join in time"));
    deps.rendezvous.connected(this);
    this.read(head);
  }

  /** Little is buffered for a client that has not joined. */
  get frameBytes(): number {
    return this.member === undefined ? limits.strangerBytes : limits.frameBytes;
  }

  get open(): boolean {
    return !this.#ended && !this.#socket.writableEnded;
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  get taken(): number {
    return this.#socket.bytesWritten - this.backlog;
  }

  write(chunks: readonly Buffer[]): void {
    if (!this.#mustRead) {
      writeTogether(this.#socket, chunks);
      return;
    }
    this.#mustRead = false;
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#deps.unread.watch(this, bytes, (taken) => writeTogether(this.#socket, chunks, taken));
  }

  mustRead(): void {
    this.#mustRead = true;
  }

  /** A client that does not read cannot be told: its socket is simply destroyed. */
  overflow(): void {
    this.#deps.rendezvous.overflowed(this);
    this.terminate();
  }

  joined(): void {
    this.host = "";
    this.dialled = nowhere;
    this.nonce = used;
    this.#frames = this.#fullRate();
    this.#clearDeadline();
    this.#deps.sockets.proven(this.#socket);
  }

  #fullRate(): TokenBucket {
    const { framesPerSecond, now } = this.#deps;
    return new TokenBucket(framesPerSecond, framesPerSecond * limits.burstSeconds, now());
  }

  fail(code: ErrorCode, details: { id?: MessageId; retryMs?: number; text?: string } = {}): void {
    if (this.#mayErr()) {
      this.#deps.outbox.send(this, [
        messageFrame({ type: "error", code, text: errorTexts[code], ...details }),
      ]);
    }
  }

  refuse(code: RefusedCode, text: string, details: { retryMs?: number; host?: string } = {}): void {
    if (!this.#mayErr()) return;
    this.#deps.outbox.send(this, [messageFrame({ type: "refused", code, text, ...details })]);
  }

  /** Sends what is left, then the closing frame. Repeated calls are safe; the first reason counts. */
  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    // A stranger has sent more by now, and should still read the reason.
    if (this.member === undefined) this.#frames = this.#fullRate();
    this.#writeLast(code, reason);
  }

  terminate(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  /** Handles bytes from the client. */
  read(bytes: Buffer): void {
    this.#reader.read(bytes);
    if (!this.#closing) this.#deps.memberBytes.came(this, bytes.length);
  }

  pause(why: Pause): void {
    this.#pauses = this.#pauses | pauses[why];
    this.#reader.pause();
    this.#socket.pause();
  }

  /** Bytes that arrived meanwhile count as a sign of life now. */
  resume(why?: Pause): void {
    this.#pauses = why === undefined ? 0 : this.#pauses & ~pauses[why];
    if (this.#pauses !== 0 || !this.#socket.isPaused()) return;
    this.aliveAt = this.#deps.now();
    this.#socket.resume();
    this.#reader.resume();
  }

  closeReceived(code: number): void {
    this.#closedWith = code;
    this.#writeLast(code === NO_CODE ? undefined : code, "");
    this.#socket.end();
  }

  broken(code: number, reason: string): void {
    this.#writeLast(code, reason);
    this.#socket.end();
  }

  /** The client has ended its side. */
  halfClosed(): void {
    if (!this.#ended) this.#beginEnd();
    this.#socket.end();
  }

  /** What is left goes before the closing frame, and nothing after it. */
  #writeLast(code: number | undefined, reason: string): void {
    if (this.#ended) return;
    this.#beginEnd();
    this.#deps.outbox.end(this);
    if (this.open) this.#socket.write(closeFrame(code, reason));
    this.#ended = true;
    // The answer is only seen on a socket that is read.
    this.resume();
    this.#socket.once("finish", () => this.#setDeadline(LINGER_MS, () => this.terminate()));
  }

  #beginEnd(): void {
    this.#setDeadline(CLOSE_MS, () => this.terminate());
    this.#deps.sockets.ending(this.#socket);
  }

  /** Sends a ping. Not to a client with a backlog, which would only read it later. */
  beat(): void {
    if (this.member !== undefined && this.open && this.backlog === 0) this.#socket.write(pingFrame);
  }

  received(data: Buffer, isBinary: boolean): void {
    const retryMs = this.#countFrame();
    if (this.#closing || this.#ended) return;
    if (isBinary) {
      this.close(closeCodes.binary, "frames are text");
      return;
    }
    const text = data.toString("utf8");
    const message = decode(ClientMessage, text);
    if (retryMs > 0) {
      const id = message.ok && "id" in message.value ? { id: message.value.id } : {};
      this.fail("rate-limited", { ...id, retryMs });
    } else if (message.ok) {
      this.#deps.rendezvous.received(this, message.value, data.length);
    } else if (this.member === undefined && isOfAnotherVersion(text)) {
      this.#deps.rendezvous.joinedByStranger(this);
    } else {
      const { code, detail } = message.error;
      this.fail(code, { text: `${errorTexts[code]} (${detail})` });
    }
  }

  /** Answers a ping through the outbox; not above the rate, nor while the client has a backlog. */
  pinged(data: Buffer): void {
    if (this.#countControlFrame() && !this.#closing && this.backlog === 0) {
      this.#deps.outbox.send(this, [pongFrame(data)]);
    }
  }

  ponged(): void {
    this.#countControlFrame();
  }

  /** Checks the frame rate. Frames above it get no answer, but count as errors. */
  #countControlFrame(): boolean {
    if (this.#countFrame() === 0) return true;
    this.#mayErr();
    return false;
  }

  /** Each frame is a sign of life. Returns the milliseconds that the client is ahead of its rate. */
  #countFrame(): number {
    this.aliveAt = this.#deps.now();
    const retryMs = this.#frames.take(this.aliveAt);
    if (retryMs > 0 && this.#closing) {
      // No need to wait for the closing frame of a client that keeps sending.
      this.terminate();
    } else if (retryMs > 0 && this.member === undefined) {
      this.close(closeCodes.tooManyErrors, "too many messages before joining");
    }
    return retryMs;
  }

  #mayErr(): boolean {
    if (this.#closing) return false;
    const now = this.#deps.now();
    this.#errors ??= new TokenBucket(1, limits.errors, now);
    if (this.#errors.take(now) === 0) return true;
    this.close(closeCodes.tooManyErrors, "too many errors");
    return false;
  }

  /** The connection has ended. */
  closed(): void {
    this.#closing = true;
    this.#ended = true;
    this.#clearDeadline();
    this.#deps.outbox.end(this);
    this.#deps.rendezvous.disconnected(this, leaveReason(this.#closedWith));
    this.#deps.ended(this);
  }

  #setDeadline(ms: number, end: () => void): void {
    this.#clearDeadline();
    if (!this.#socket.destroyed) this.#deadline = setTimeout(end, ms);
  }

  #clearDeadline(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }
}
