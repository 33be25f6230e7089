// One client's WebSocket: frames in (validated, their rate and errors bounded), frames out through the outbox, signs
// of life, and each way in which it ends. Made by the server; the rendezvous sees it as a `Client`.
import type { Socket } from "node:net";
import * as v from "valibot";
import { WebSocket } from "ws";
import { decode } from "../protocol/codec.ts";
import { closeCodes, errorTexts, type ErrorCode, type RefusedCode } from "../protocol/errors.ts";
import { Token, type MessageId } from "../protocol/fields.ts";
import { limits, PROTOCOL_VERSION } from "../protocol/limits.ts";
import { AnyJoin, ClientMessage, type LeaveReason } from "../protocol/rendezvous.ts";
import { TokenBucket } from "../protocol/tokenBucket.ts";
import { messageFrame, pingFrame, pongFrame } from "./frame.ts";
import { Outlet, type Outbox, type Target } from "./outbox.ts";
import type { Client } from "./client.ts";
import type { Rendezvous } from "./rendezvous.ts";

export type ConnectionOptions = {
  readonly framesPerSecond: number;
  readonly handshakeMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Called once for each connection, when it is no more. */
  readonly ended: (connection: Connection) => void;
};

/** Chunks up to this many bytes are copied into one: cheaper than to hand them over one by one. */
const COPY_BYTES = 16 * 1024;

/** Stands for the nonce of those who have joined: nothing is checked against it any more. */
const used = v.parse(Token, "A".repeat(22));

/** Milliseconds that a closed connection's other end has to let go of it. */
const LINGER_MS = 1_000;

/** Milliseconds that the other end has to answer a closing frame. */
const CLOSE_MS = 5_000;

/** What `ws` closes a connection for by itself. */
const ownReasons = new Map<number | undefined, string>([
  [1002, "the frame breaks the WebSocket protocol"],
  [1007, "the text is not UTF-8"],
  [1008, "too many fragments"],
  [closeCodes.tooBig, `a frame has at most ${limits.frameBytes} bytes`],
]);

/**
 * A WebSocket which says why when it is `ws` that closes it, and tells its connection what happens without listeners:
 * those of thousands would take more memory than everything else that is known of an idle client.
 */
export class ConnectionWebSocket extends WebSocket {
  connection: Connection | undefined = undefined;

  override close(code?: number, reason?: string | Buffer): void {
    this.connection?.closing();
    super.close(code, reason ?? ownReasons.get(code));
  }

  /** What `ws` emits at a server. Its errors need no word: it closes what breaks the protocol, the system the rest. */
  override emit(event: string | symbol, ...details: unknown[]): boolean {
    const [first, second] = details;
    if (event === "message" && Buffer.isBuffer(first)) this.connection?.received(first, second === true);
    else if (event === "ping" && Buffer.isBuffer(first)) this.connection?.pinged(first);
    else if (event === "pong") this.connection?.ponged();
    else if (event === "close" && typeof first === "number") this.connection?.closed(first);
    return true;
  }
}

export class Connection implements Client, Target {
  readonly address: string;
  /** These two are not kept once it has joined. */
  host: string;
  nonce: Token;
  readonly outlet: Outlet;
  member: Client["member"] = undefined;
  readonly #ws: ConnectionWebSocket;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #rendezvous: Rendezvous;
  readonly #options: ConnectionOptions;
  readonly #frames: TokenBucket;
  /** Made with the first error. */
  #errors: TokenBucket | undefined;
  /** Ends it when it does not join, does not answer the closing frame, or does not let go. */
  #deadline: NodeJS.Timeout | undefined;
  #aliveAt: number;
  #closing = false;
  /** Whether a closing frame may have been written, or the connection was cut. */
  #ended = false;

  /** Attach right when the upgrade is done: frames may have come with it. */
  constructor(
    ws: ConnectionWebSocket,
    socket: Socket,
    peer: { readonly address: string; readonly host: string; readonly nonce: Token },
    outbox: Outbox,
    rendezvous: Rendezvous,
    options: ConnectionOptions,
  ) {
    const now = options.now();
    this.address = peer.address;
    this.host = peer.host;
    this.nonce = peer.nonce;
    this.outlet = new Outlet(this);
    this.#ws = ws;
    this.#socket = socket;
    this.#outbox = outbox;
    this.#rendezvous = rendezvous;
    this.#options = options;
    this.#frames = new TokenBucket(
      options.framesPerSecond,
      options.framesPerSecond * limits.burstSeconds,
      now,
    );
    this.#aliveAt = now;
    ws.connection = this;
    this.#setDeadline(options.handshakeMs, () => this.close(closeCodes.handshakeTimeout, "no join in time"));
    rendezvous.connected(this);
  }

  get open(): boolean {
    return !this.#ended && !this.#socket.writableEnded;
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  write(chunks: readonly Buffer[]): void {
    const first = chunks[0];
    if (first === undefined) return;
    if (chunks.length === 1) {
      this.#socket.write(first);
      return;
    }
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (bytes <= COPY_BYTES) {
      this.#socket.write(Buffer.concat(chunks, bytes));
      return;
    }
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  /** There is no telling a client that does not read: its socket is simply ended. */
  overflow(): void {
    this.#rendezvous.overflowed(this);
    this.terminate();
  }

  joined(): void {
    this.host = "";
    this.nonce = used;
    this.#clearDeadline();
  }

  fail(code: ErrorCode, details: { id?: MessageId; retryMs?: number; text?: string } = {}): void {
    if (this.#mayErr()) {
      this.#outbox.send(this.outlet, [
        messageFrame({ type: "error", code, text: errorTexts[code], ...details }),
      ]);
    }
  }

  refuse(code: RefusedCode, text: string, retryMs?: number): void {
    if (!this.#mayErr()) return;
    const details = retryMs === undefined ? {} : { retryMs };
    this.#outbox.send(this.outlet, [messageFrame({ type: "refused", code, text, ...details })]);
  }

  /** Sends what is left, then the closing frame. Closing twice is safe; the first reason counts. */
  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#setDeadline(CLOSE_MS, () => this.terminate());
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ended = true;
    this.#ws.terminate();
  }

  /** A closing frame is about to be written: what is left goes before it, and nothing after. */
  closing(): void {
    if (this.#ended) return;
    this.#outbox.end(this.outlet);
    this.#ended = true;
    this.#socket.once("finish", () => this.#setDeadline(LINGER_MS, () => this.terminate()));
  }

  /** When there was a sign of life last, in milliseconds of the options' clock. */
  get aliveAt(): number {
    return this.#aliveAt;
  }

  /** Asks for a sign of life. A client that has not read what came before would only read the ping later. */
  beat(): void {
    if (this.member !== undefined && this.open && this.backlog === 0) this.#socket.write(pingFrame);
  }

  received(data: Buffer, isBinary: boolean): void {
    if (this.#closing) return;
    if (isBinary) {
      this.close(closeCodes.binary, "frames are text");
      return;
    }
    const retryMs = this.#countFrame();
    const text = data.toString("utf8");
    const message = decode(ClientMessage, text);
    if (retryMs > 0) {
      const id = message.ok && "id" in message.value ? { id: message.value.id } : {};
      this.fail("rate-limited", { ...id, retryMs });
    } else if (message.ok) {
      this.#rendezvous.received(this, message.value);
    } else if (this.member === undefined && isOfAnotherVersion(text)) {
      this.#rendezvous.joinedByStranger(this);
    } else {
      const { code, detail } = message.error;
      this.fail(code, { text: `${errorTexts[code]} (${detail})` });
    }
  }

  /** Answered through the outbox; not above the rate, nor while the client does not read what it got before. */
  pinged(data: Buffer): void {
    if (this.#countControlFrame() && !this.#closing && this.backlog === 0) {
      this.#outbox.send(this.outlet, [pongFrame(data)]);
    }
  }

  ponged(): void {
    this.#countControlFrame();
  }

  /** Whether it is within the rate. Those above are no message that could be answered, but they count as errors. */
  #countControlFrame(): boolean {
    if (this.#countFrame() === 0) return true;
    this.#mayErr();
    return false;
  }

  /** Each frame is a sign of life. Returns the milliseconds that the client is ahead of its rate. */
  #countFrame(): number {
    this.#aliveAt = this.#options.now();
    return this.#frames.take(this.#aliveAt);
  }

  #mayErr(): boolean {
    if (this.#closing) return false;
    const now = this.#options.now();
    this.#errors ??= new TokenBucket(1, limits.errors, now);
    if (this.#errors.take(now) === 0) return true;
    this.close(closeCodes.tooManyErrors, "too many errors");
    return false;
  }

  closed(code: number): void {
    this.#closing = true;
    this.#ended = true;
    this.#clearDeadline();
    this.#outbox.end(this.outlet);
    this.#rendezvous.disconnected(this, leaveReason(code));
    this.#options.ended(this);
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

/** A `join` of another version of the protocol may have another form. */
function isOfAnotherVersion(text: string): boolean {
  const join = decode(v.variant("type", [AnyJoin]), text);
  return join.ok && join.value.v !== PROTOCOL_VERSION;
}

/** What the code in a client's closing frame says about its leaving. */
function leaveReason(code: number): LeaveReason {
  if (code === closeCodes.quit) return "quit";
  return code === closeCodes.goingAway ? "closed" : "lost";
}
