// Writes several chunks to a socket with as few system calls as possible.
import type { Socket } from "node:net";

/** Chunks up to this many bytes are copied into one, which is cheaper than writing them one by one. */
const COPY_BYTES = 16 * 1024;

/** @param taken called once the system has taken all of them, or the socket has closed */
export function writeTogether(socket: Socket, chunks: readonly Buffer[], taken?: () => void): void {
  const last = chunks.at(-1);
  if (last === undefined) return;
  if (chunks.length === 1) {
    socket.write(last, taken);
    return;
  }
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (bytes <= COPY_BYTES) {
    socket.write(Buffer.concat(chunks, bytes), taken);
    return;
  }
  socket.cork();
  for (const chunk of chunks.slice(0, -1)) socket.write(chunk);
  socket.write(last, taken);
  socket.uncork();
}
