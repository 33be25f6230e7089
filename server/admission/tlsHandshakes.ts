// Bounds the TLS handshakes that a turn of the event loop computes: OpenSSL would sign at once for all that arrive together, and
// a thousand keep everyone else waiting for a second. So TLS gets each connection with its complete ClientHello, when it is the
// turn of its network and address. Connections that send nothing wait for no turn. Handshakes that cost something again after
// the first answer also need one of a few places until they are done.
import type { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import { FairTurns } from "../budgets/fairTurns.ts";
import { Places } from "../budgets/places.ts";
import { isAnsweredInFull, isFirstRecordComplete } from "./clientHello.ts";
import { endsOf } from "./tcpSockets.ts";

/** Bytes of a ClientHello: those of browsers have up to 2,000. */
const HELLO_BYTES = 8 * 1024;

/** Handshakes that begin in one turn: takes a few milliseconds with an RSA key. */
const HELLOS_PER_TURN = 4;

/** Unfinished handshakes that can still cost something. All of them could go on in the same turn. */
const PLACES = 32;

/** Milliseconds that a handshake may take while others wait for its place: a few round trips. */
const PLACE_MS = 1_000;

type Listener = (this: HttpsServer, socket: Socket) => void;

export class TlsHandshakes {
  readonly #ms: number;
  readonly #turns = new FairTurns(HELLOS_PER_TURN, (turn) => setImmediate(turn));
  readonly #places = new Places<Socket>({
    places: PLACES,
    ms: PLACE_MS,
    schedule: (turn) => setImmediate(turn),
    cut: (socket) => socket.destroy(),
  });
  /** Sockets that TLS does not have yet, each with a function that stops waiting. */
  readonly #waiting = new Map<Socket, () => void>();
  /** For the two ends of each socket with a place, a function that frees it. */
  readonly #unfinished = new Map<string, () => void>();
  readonly #begin: (socket: Socket) => void;

  /**
   * Takes over connections before TLS does.
   * @param ms milliseconds until a connection's turn must have come
   */
  constructor(https: HttpsServer, ms: number) {
    this.#ms = ms;
    const begin = https.listeners("connection") as Listener[];
    this.#begin = (socket) => {
      for (const each of begin) each.call(https, socket);
    };
    https.removeAllListeners("connection");
    https.on("connection", (socket: Socket) => this.#read(socket));
    https.on("secureConnection", (socket: Socket) => this.#unfinished.get(endsOf(socket))?.());
  }

  /** Ends connections whose handshake has not begun. */
  close(): void {
    for (const [socket, stop] of this.#waiting) {
      stop();
      socket.destroy();
    }
  }

  #read(socket: Socket): void {
    let came: Buffer = Buffer.alloc(0);
    let isQueued = false;
    let leaveQueue = (): void => undefined;
    const stop = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
      socket.off("data", read).off("end", end).off("close", stop).off("error", failed);
      leaveQueue();
    };
    const end = (): void => {
      stop();
      socket.destroy();
    };
    const begin = (): void => {
      stop();
      socket.pause();
      socket.unshift(came);
      this.#begin(socket);
    };
    const read = (piece: Buffer): void => {
      came = came.length === 0 ? piece : Buffer.concat([came, piece]);
      if (came.length > HELLO_BYTES) end();
      if (came.length > HELLO_BYTES || isQueued || !isFirstRecordComplete(came)) return;
      isQueued = true;
      const address = socket.remoteAddress ?? "";
      if (isAnsweredInFull(came)) {
        leaveQueue = () => this.#turns.cancel(address, begin);
        this.#turns.run(address, begin);
      } else {
        leaveQueue = this.#places.enter(socket, address, () => {
          this.#hold(socket);
          begin();
        });
      }
    };
    const failed = (): void => {
      // The system has ended the connection, and the socket closes by itself.
    };
    const timer = setTimeout(end, this.#ms);
    this.#waiting.set(socket, stop);
    socket.on("data", read).on("end", end).on("close", stop).on("error", failed);
  }

  /** The socket has a place until its handshake is done, or it closes. */
  #hold(socket: Socket): void {
    const ends = endsOf(socket);
    const done = (): void => {
      socket.off("close", done);
      // The same port may have connected again.
      if (this.#unfinished.get(ends) === done) this.#unfinished.delete(ends);
      this.#places.leave(socket);
    };
    this.#unfinished.set(ends, done);
    socket.on("close", done);
  }
}
