// Notices that another server has vanished without a word, as after a power failure, or that a client takes nothing from it.
import type { Duplex } from "node:stream";

/** Milliseconds between two looks. */
const LOOK_MS = 500;

/**
 * Breaks a connection when nothing has come for so many milliseconds, or half a second more. While it is not read, its reader
 * takes nothing, and no one would notice its end. Counts its looks, because time in which this process stands still is no silence.
 * @returns a function that ends the watch, to be called when the connection has ended
 */
export function endIfSilent(stream: Duplex, ms: number): () => void {
  let looks = 0;
  const timer = setInterval(() => {
    if (looks * LOOK_MS >= ms) stream.destroy();
    looks += 1;
  }, LOOK_MS);
  stream.on("data", () => (looks = 0));
  return () => clearInterval(timer);
}
