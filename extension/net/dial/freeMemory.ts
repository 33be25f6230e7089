// Gives the memory of bytes back at once. The collector counts it, but finds it only when it looks through all that the program
// knows: while a file comes, that would take about half of the time of an extension host, and hold up its other extensions.

/** ES2024, so every VS Code that the extension runs in has it; the oldest Node.js of the tests has not. */
const { transfer } = ArrayBuffer.prototype as {
  transfer?: (this: ArrayBuffer, bytes: number) => ArrayBuffer;
};

/** The bytes must have no use any more. Memory that they share with others stays. */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  const isWhole = byteLength > 0 && byteLength === buffer.byteLength;
  if (isWhole && buffer instanceof ArrayBuffer) transfer?.call(buffer, 0);
}
