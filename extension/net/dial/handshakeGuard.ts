// Limits what the other side of a connection can send before its TLS handshake is done. TLS libraries verify every
// certificate they receive before anyone can check the key, and a few kilobytes of crafted certificates take as long as
// hundreds of honest handshakes. So the bytes are counted before TLS sees them, and each piece waits for its own turn
// of the event loop.
import { Duplex } from "node:stream";
import { freeMemory } from "./freeMemory.ts";

/** Bytes allowed before our first answer, and between two answers, until `lift`. */
export type HandshakeBounds = { readonly hello: number; readonly flight: number };

/**
 * Runs each job in its own turn of the event loop.
 * @returns a function that cancels the job
 */
export type Turns = (job: () => void) => () => void;

export type HandshakeGuard = {
  /** The stream for TLS, which copies what it reads, and lets go of what it writes. */
  readonly stream: Duplex;
  /** The handshake is done: from now on everything passes. */
  lift(): void;
};

export function createTurns(): Turns {
  const jobs = new Set<() => void>();
  let isScheduled = false;
  const schedule = (): void => {
    if (isScheduled || jobs.size === 0) return;
    isScheduled = true;
    setImmediate(next);
  };
  const next = (): void => {
    isScheduled = false;
    const [job] = jobs;
    if (job === undefined) return;
    jobs.delete(job);
    schedule();
    job();
  };
  return (job) => {
    jobs.add(job);
    schedule();
    return () => jobs.delete(job);
  };
}

/** The code of the stream's error when more arrives than is allowed. */
export const TOO_LONG = "HANDSHAKE_TOO_LONG";

/** @param raw a stream that needs a chunk no more once it has called back, as a socket does */
export function guardHandshake(
  raw: Duplex,
  { hello, flight }: HandshakeBounds,
  turns: Turns,
): HandshakeGuard {
  let left = hello;
  let isLifted = false;
  /** Something has arrived and waits for its turn: nothing more is read until then. */
  let isWaiting = false;
  let cancelTurn = (): void => undefined;

  /** Returns whether it may go on at once. */
  const writeRaw = (chunk: Buffer): boolean => raw.write(chunk, () => freeMemory(chunk));

  const stream = new Duplex({
    read() {
      if (!isWaiting) raw.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      left = flight;
      // At once, so that the last bytes are sent before a stream is destroyed.
      if (writeRaw(chunk)) done();
      else raw.once("drain", done);
    },
    writev(chunks: readonly { chunk: Buffer }[], done) {
      left = flight;
      // In one call of the system.
      raw.cork();
      const [isTaken] = chunks.map(({ chunk }) => writeRaw(chunk)).slice(-1);
      raw.uncork();
      if (isTaken === true) done();
      else raw.once("drain", done);
    },
    final(done) {
      raw.end(() => done());
    },
    destroy(error, done) {
      cancelTurn();
      raw.destroy();
      done(error);
    },
  });
  const pass = (chunk: Buffer): void => {
    if (!stream.push(chunk)) raw.pause();
    // Otherwise it waits for its reader.
    if (isLifted && stream.readableLength === 0) freeMemory(chunk);
  };
  const wait = (chunk: Buffer): void => {
    isWaiting = true;
    raw.pause();
    cancelTurn = turns(() => {
      isWaiting = false;
      take(chunk);
    });
  };
  const take = (chunk: Buffer): void => {
    if (!isLifted && left === 0) {
      stream.destroy(Object.assign(new Error("The handshake is too long."), { code: TOO_LONG }));
      return;
    }
    const size = isLifted ? chunk.length : Math.min(left, chunk.length);
    left -= size;
    // The last bytes of the handshake and the first ones after it may arrive together.
    if (size < chunk.length) wait(chunk.subarray(size));
    else raw.resume();
    pass(chunk.subarray(0, size));
  };

  raw.on("data", (chunk: Buffer) => (isLifted ? pass(chunk) : wait(chunk)));
  raw.once("end", () => stream.push(null));
  raw.once("close", () => {
    // The reader still gets what arrived before the end.
    if (raw.readableEnded && !stream.readableEnded) stream.once("end", () => stream.destroy());
    else stream.destroy();
  });
  for (const end of [raw, stream]) end.on("error", () => undefined);
  return {
    stream,
    lift() {
      isLifted = true;
    },
  };
}
