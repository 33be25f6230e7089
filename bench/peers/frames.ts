// The minimum of WebSocket for a pure fan-out server, for peers that write to sockets themselves.
import { createHash } from "node:crypto";

/** A text frame from a server; payloads below 64 KiB. */
export function textFrame(payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}

export function acceptKey(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** Frames of a tick, joined once; `write` gets them at the end of the present turn of the event loop. */
export class Tick {
  readonly #write: (joined: Buffer) => void;
  #frames: Buffer[] = [];

  constructor(write: (joined: Buffer) => void) {
    this.#write = write;
  }

  add(frame: Buffer): void {
    if (this.#frames.length === 0) setImmediate(() => this.#flush());
    this.#frames.push(frame);
  }

  #flush(): void {
    const joined = Buffer.concat(this.#frames);
    this.#frames = [];
    this.#write(joined);
  }
}
