// An honest reader whose line carries 8 Mbit/s, for what must not cut it off.
import type { Socket } from "node:net";

/** 8 Mbit/s, a piece every 10 ms. */
const SLOW_BYTES = 10_000;
const SLOW_MS = 10;

/** Reads as much a second as its line carries. */
export class SlowReader {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #read = "";
  #bytes = 0;
  #check: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.pause();
    this.#timer = setInterval(() => {
      socket.read(0);
      const bytes = socket.read(Math.min(SLOW_BYTES, socket.readableLength)) as Buffer | null;
      if (bytes === null) return;
      this.#bytes += bytes.length;
      this.#read = this.#read.slice(-200) + bytes.toString("latin1");
      this.#check();
    }, SLOW_MS).unref();
  }

  /** Resolves when it has read this; fails when it is cut off. */
  hears(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error("The slow reader was cut off."));
      this.#socket.once("close", () => reject(new Error("The slow reader was cut off.")));
      this.#check = () => {
        if (this.#read.includes(text)) resolve();
      };
    });
  }

  /** Bytes that it has read. */
  get bytes(): number {
    return this.#bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }
}
