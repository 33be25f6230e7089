// One client's WebSocket: frames in (validated, their rate and errors bounded) and signs of life, above what writes to its socket
// and ends it.
import type { Socket } from "node:net";
import * as v from "valibot";
import { decode } from "../../protocol/codec.ts";
import { closeCodes, errorTexts, type ErrorCode, type RefusedCode } from "../../protocol/errors.ts";
import { Token, type MessageId } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { ClientMessage } from "../../protocol/rendezvous.ts";
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import type { ConnectionDependencies } from "./connectionDependencies.ts";
import { messageFrame, pongFrame } from "../fanOut/frame.ts";
import { FrameReader, type FrameSink } from "./frameReader.ts";
import { pauses, type Client, type Pause } from "../names/client.ts";
import type { EndReason } from "../base/tally.ts";
import type { Sender } from "../budgets/heldBytes.ts";
import { isOfAnotherVersion } from "../joining/joinVersion.ts";
import { leaveReason } from "./leaveReason.ts";
import { ownSocket, type SocketOwner } from "./socketEvents.ts";
import { SocketOutlet } from "./socketOutlet.ts";

/** Replaces the nonce of members, which is no longer needed. */
const used = v.parse(Token, "A".repeat(22));

const nowhere: readonly string[] = [];

export class Connection extends SocketOutlet implements Client, FrameSink, Sender, SocketOwner {
  readonly address: string;
  /** Released once the client has joined. */
  host: string;
  dialled: readonly string[];
  nonce: Token;
  member: Client["member"] = undefined;
  readonly #reader = new FrameReader(this);
  #frames: TokenBucket;
  /** Created with the first error. */
  #errors: TokenBucket | undefined;
  aliveAt: number;
  #pauses = 0;
  /** Whether it waits for a turn in which it is read, and whether that one has come. */
  #waits = false;
  #isTurn = false;

  /** `head`: bytes after the upgrade's request. */
  constructor(
    socket: Socket,
    head: Buffer,
    peer: Pick<Client, "address" | "host" | "dialled" | "nonce">,
    deps: ConnectionDependencies,
  ) {
    super(socket, deps);
    const now = deps.now();
    this.address = peer.address;
    this.host = peer.host;
    this.dialled = peer.dialled;
    this.nonce = peer.nonce;
    this.#frames = new TokenBucket(limits.strangerFramesPerSecond, limits.strangerBurst, now);
    this.aliveAt = now;
    ownSocket(socket, this);
    this.setDeadline(deps.handshakeMs, () => this.close(closeCodes.handshakeTimeout, "no join in time"));
    deps.rendezvous.connected(this);
    this.read(head);
  }

  /** Little is buffered for a client that has not joined. */
  get frameBytes(): number {
    return this.member === undefined ? limits.strangerBytes : limits.frameBytes;
  }

  /** There is no telling a client that does not read: its socket is simply ended. */
  overflow(): void {
    this.deps.rendezvous.cut(this, "slow-reader");
    this.terminate("slow-reader");
  }

  get heldBytes(): number {
    return this.#reader.waiting;
  }

  floods(): void {
    this.deps.rendezvous.cut(this, "too-much-held");
    this.terminate("too-much-held");
  }

  joined(): void {
    this.host = "";
    this.dialled = nowhere;
    this.nonce = used;
    this.#frames = this.#fullRate();
    this.clearDeadline();
    this.deps.sockets.proven(this.socket);
  }

  #fullRate(): TokenBucket {
    const { framesPerSecond, now } = this.deps;
    return new TokenBucket(framesPerSecond, framesPerSecond * limits.burstSeconds, now());
  }

  fail(code: ErrorCode, details: { id?: MessageId; retryMs?: number; text?: string } = {}): void {
    if (!this.#mayErr()) return;
    this.deps.tally.errors[code] += 1;
    this.deps.outbox.send(this, [messageFrame({ type: "error", code, text: errorTexts[code], ...details })]);
  }

  refuse(code: RefusedCode, text: string, details: { retryMs?: number; host?: string } = {}): void {
    this.deps.tally.refusedJoins[code] += 1;
    if (!this.#mayErr()) return;
    this.deps.outbox.send(this, [messageFrame({ type: "refused", code, text, ...details })]);
  }

  override close(code: number, reason: string, why?: EndReason): void {
    // A stranger has sent more by now, and is to read why it is closed.
    if (!this.closing && this.member === undefined) this.#frames = this.#fullRate();
    super.close(code, reason, why);
  }

  /** Handles bytes from the client. */
  read(bytes: Buffer): void {
    this.#reader.read(bytes);
    // Before it has joined, little is kept for it, also while it waits for its turn.
    if (this.member === undefined && this.#reader.held > limits.strangerBytes) {
      this.close(closeCodes.tooManyErrors, "too many messages before joining");
    }
    if (!this.closing) this.deps.memberBytes.came(this, bytes.length);
    this.deps.held.update(this);
  }

  /** Everything that is read costs the server work: in each turn of the event loop there is some for all. */
  mayRead(): boolean {
    if (this.closing || this.#isTurn || this.deps.turns.take()) {
      this.#isTurn = false;
      return true;
    }
    this.pause("busy");
    if (!this.#waits) {
      this.#waits = true;
      this.deps.turns.wait(this.address, () => {
        this.#waits = false;
        this.#isTurn = true;
        this.resume("busy");
      });
    }
    return false;
  }

  pause(why: Pause): void {
    this.#pauses = this.#pauses | pauses[why];
    this.#reader.pause();
    this.socket.pause();
  }

  /** Data that arrived in the meantime counts as a sign of life now. */
  resume(why: Pause): void {
    this.#pauses = this.#pauses & ~pauses[why];
    if (this.#pauses === 0) this.readOn();
  }

  protected override readOn(): void {
    this.#pauses = 0;
    if (!this.socket.isPaused()) return;
    this.aliveAt = this.deps.now();
    this.#reader.resume();
    this.deps.held.update(this);
    // The held data may have exceeded the limit again.
    if (this.#pauses === 0) this.socket.resume();
  }

  beat(): void {
    if (this.member !== undefined) this.ping();
  }

  received(data: Buffer, isBinary: boolean): void {
    const retryMs = this.#countFrame();
    if (this.closing || this.ended) return;
    if (isBinary) {
      this.close(closeCodes.binary, "frames are text");
      return;
    }
    this.deps.turns.charge(Math.floor(data.length / limits.frameUnitBytes));
    const text = data.toString("utf8");
    const message = decode(ClientMessage, text);
    if (retryMs > 0) {
      const id = message.ok && "id" in message.value ? { id: message.value.id } : {};
      this.fail("rate-limited", { ...id, retryMs });
    } else if (message.ok) {
      this.deps.rendezvous.received(this, message.value, data.length);
    } else if (this.member === undefined && isOfAnotherVersion(text)) {
      this.deps.rendezvous.joinedByStranger(this);
    } else {
      const { code, detail } = message.error;
      this.fail(code, { text: `${errorTexts[code]} (${detail})` });
    }
  }

  /** Answers a ping through the outbox; not above the rate, nor while the client has a backlog. */
  pinged(data: Buffer): void {
    if (this.#countControlFrame() && !this.closing && this.backlog === 0) {
      this.deps.outbox.send(this, [pongFrame(data)]);
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
    this.aliveAt = this.deps.now();
    const retryMs = this.#frames.take(this.aliveAt);
    if (retryMs > 0 && this.closing) {
      // A client that keeps sending gets no more time for its closing frame.
      this.terminate();
    } else if (retryMs > 0 && this.member === undefined) {
      this.close(closeCodes.tooManyErrors, "too many messages before joining");
    }
    return retryMs;
  }

  #mayErr(): boolean {
    if (this.closing) return false;
    const now = this.deps.now();
    this.#errors ??= new TokenBucket(1, limits.errors, now);
    if (this.#errors.take(now) === 0) return true;
    this.close(closeCodes.tooManyErrors, "too many errors");
    return false;
  }

  /** The connection has closed. */
  override closed(): void {
    super.closed();
    this.deps.held.forget(this);
    this.deps.rendezvous.disconnected(this, leaveReason(this.closedWith));
    this.deps.ended(this);
  }
}
