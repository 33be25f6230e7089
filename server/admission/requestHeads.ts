// Reads the head of the one HTTP request that each connection may send, as bytes. Node's parser gets that head and nothing
// after it. By itself, the parser would handle every request of a 64 KiB chunk (some 2,200) before anyone could stop it. Each
// turn of the event loop handles a few heads, in rotation between addresses.
import type { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import { upgradeStatus } from "../../protocol/errors.ts";
import { refuseUpgrade, type Refusal } from "./admission.ts";
import { FairTurns } from "../budgets/fairTurns.ts";

/** Bytes of a head: an upgrade has some hundred, plus cookies from a proxy. */
export const HEAD_BYTES = 8 * 1024;

/** Heads handled in one turn of the event loop: takes about a millisecond. */
const HEADS_PER_TURN = 8;

type Listener = (this: HttpServer, socket: Socket) => void;

const END = "\r\n\r\n";

const refusals = {
  notHttp: { status: upgradeStatus.badRequest, text: "This is not an HTTP/1.1 request." },
  late: { status: 408, text: "The request timed out." },
  tooLong: { status: 431, text: "The headers are too long." },
} as const;

export class RequestHeads {
  readonly #ms: number;
  readonly #refused: (status: number) => void;
  readonly #turns: FairTurns;
  /** Sockets whose head has not been handed over, each with a function that stops waiting for it. */
  readonly #waiting = new Map<Socket, () => void>();
  /** Bytes after a head, for the WebSocket that it may ask for. */
  readonly #rests = new WeakMap<object, Buffer>();
  readonly #parse: (socket: Socket) => void;

  /**
   * Takes over connections before the parser of `http`. A head must be complete after `ms` milliseconds.
   * @param refused is told of each connection that this class refuses
   */
  constructor(http: HttpServer | HttpsServer, ms: number, refused: (status: number) => void) {
    this.#ms = ms;
    this.#refused = refused;
    this.#turns = new FairTurns(HEADS_PER_TURN, (turn) => setImmediate(turn));
    const event = http instanceof HttpsServer ? "secureConnection" : "connection";
    const parsers = http.listeners(event) as Listener[];
    this.#parse = (socket) => {
      for (const parser of parsers) parser.call(http, socket);
    };
    http.removeAllListeners(event);
    http.on(event, (socket: Socket) => this.#read(socket));
    http.prependListener("upgrade", (_request, socket) => {
      const rest = this.#rests.get(socket);
      if (rest !== undefined) socket.unshift(rest);
    });
    // Node would answer these itself and continue parsing.
    http.on("checkExpectation", (request, response) => http.emit("request", request, response));
    // The parser is detached: the connection ends with the answer.
    http.prependListener("request", ({ socket }) => socket.removeAllListeners("data"));
  }

  /** Ends connections without a complete request. */
  close(): void {
    for (const [socket, stop] of this.#waiting) {
      stop();
      socket.destroy();
    }
  }

  #read(socket: Socket): void {
    let came: Buffer = Buffer.alloc(0);
    const stop = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
      socket.off("data", read).off("end", ended).off("close", stop).off("error", failed);
    };
    const refuse = (refusal: Refusal): void => {
      stop();
      this.#refused(refusal.status);
      refuseUpgrade(socket, refusal);
    };
    const read = (piece: Buffer): void => {
      const looked = Math.max(0, came.length - END.length + 1);
      came = came.length === 0 ? piece : Buffer.concat([came, piece]);
      const end = came.indexOf(END, looked);
      const bytes = end < 0 ? came.length : end + END.length;
      if (!mayBeRequest(came)) refuse(refusals.notHttp);
      else if (bytes > HEAD_BYTES) refuse(refusals.tooLong);
      else if (end >= 0) {
        socket.pause().off("data", read);
        this.#turns.run(socket.remoteAddress ?? "", () => {
          // It may have been refused or closed while it waited.
          if (!this.#waiting.has(socket)) return;
          stop();
          if (bytes < came.length) this.#rests.set(socket, came.subarray(bytes));
          this.#handOver(socket, came.subarray(0, bytes));
        });
      }
    };
    const ended = (): void => refuse(refusals.notHttp);
    const failed = (): void => {
      // The system has ended the connection, and the socket closes by itself.
    };
    const timer = setTimeout(() => refuse(refusals.late), this.#ms);
    this.#waiting.set(socket, stop);
    socket.on("data", read).on("end", ended).on("close", stop).on("error", failed);
  }

  #handOver(socket: Socket, head: Buffer): void {
    this.#parse(socket);
    // With our own listener, the parser gets data from the socket's events and does not read the connection itself.
    socket.once("data", () => undefined);
    socket.emit("data", head);
  }
}

/**
 * Checks the head as far as it has arrived: a method, and the version at the end of the line. The parser checks the rest.
 */
function mayBeRequest(came: Buffer): boolean {
  const first = came[0] ?? 0;
  if (first < 0x41 || first > 0x5a) return false;
  const end = came.indexOf("\n");
  return end < 0 || /^HTTP\/1\.[01]\r$/.test(came.toString("latin1", Math.max(0, end - 9), end));
}
