// The one HTTP request that each connection may send: its head is read here, as bytes, and Node's parser sees that head and
// nothing behind it. Left to itself, the parser takes every request of a piece of 64 KiB (some 2,200) before anyone is asked.
// Heads are handed over a few in each turn of the event loop, in rotation between addresses.
import type { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import { upgradeStatus } from "../../protocol/errors.ts";
import { refuseUpgrade, type Refusal } from "./admission.ts";
import { FairTurns } from "../budgets/fairTurns.ts";

/** Bytes of a head: an upgrade's are some hundred; cookies of a proxy may come on top. */
export const HEAD_BYTES = 8 * 1024;

/** Heads that are parsed and answered in one turn of the event loop: about a millisecond. */
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
  readonly #turns: FairTurns;
  /** Those that have not been handed over, each with how to stop waiting for it. */
  readonly #waiting = new Map<Socket, () => void>();
  /** What came behind a head, for the WebSocket that it may ask for. */
  readonly #rests = new WeakMap<object, Buffer>();
  readonly #parse: (socket: Socket) => void;

  /** Stands before the parser of `http` from now on. A head has to be there after `ms` milliseconds. */
  constructor(http: HttpServer | HttpsServer, ms: number) {
    this.#ms = ms;
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
    // Node would answer these itself, and go on parsing.
    http.on("checkExpectation", (request, response) => http.emit("request", request, response));
    // The parser listens no more: the connection ends with the answer.
    http.prependListener("request", ({ socket }) => socket.removeAllListeners("data"));
  }

  /** Ends the connections that have not sent their request. */
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
      // The system has ended the connection; it closes by itself.
    };
    const timer = setTimeout(() => refuse(refusals.late), this.#ms);
    this.#waiting.set(socket, stop);
    socket.on("data", read).on("end", ended).on("close", stop).on("error", failed);
  }

  #handOver(socket: Socket, head: Buffer): void {
    this.#parse(socket);
    // With a listener of ours the parser gets what the socket tells, and does not read the connection itself.
    socket.once("data", () => undefined);
    socket.emit("data", head);
  }
}

/** As far as it has come: a method, and the version at the end of the line. What it holds is for the parser to say. */
function mayBeRequest(came: Buffer): boolean {
  const first = came[0] ?? 0;
  if (first < 0x41 || first > 0x5a) return false;
  const end = came.indexOf("\n");
  return end < 0 || /^HTTP\/1\.[01]\r$/.test(came.toString("latin1", Math.max(0, end - 9), end));
}
