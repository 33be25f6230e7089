// Notices that another server has vanished without a word, as after a power failure, or that a client takes nothing from it.
import type { Duplex } from "node:stream";

/**
 * Breaks a connection when nothing has come for so many milliseconds. While it is not read, its reader takes nothing, and no one
 * would notice its end.
 * @returns a function that ends the watch, to be called when the connection has ended
 */
export function endIfSilent(stream: Duplex, ms: number): () => void {
  let heardAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const left = heardAt + ms - performance.now();
    if (left > 0) timer = setTimeout(look, left);
    else stream.destroy();
  };
  look();
  stream.on("data", () => (heardAt = performance.now()));
  return () => clearTimeout(timer);
}
