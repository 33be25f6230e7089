// Writes several chunks to a socket in as few system calls as that takes.
import type { Socket } from "node:net";

/** Chunks up to this many bytes are copied into one: cheaper than to hand them over one by one. */
const COPY_BYTES = 16 * 1024;

export function writeTogether(socket: Socket, chunks: readonly Buffer[]): void {
  const first = chunks[0];
  if (first === undefined) return;
  if (chunks.length === 1) {
    socket.write(first);
    return;
  }
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (bytes <= COPY_BYTES) {
    socket.write(Buffer.concat(chunks, bytes));
    return;
  }
  socket.cork();
  for (const chunk of chunks) socket.write(chunk);
  socket.uncork();
}
