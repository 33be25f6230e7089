// What git has of a file that is in Git LFS: a short text that names its content.

const BEGINNING = "version https://git-lfs";

/** Pointers are shorter. */
const BOUND_BYTES = 1024;

export function isLfsPointer(bytes: Uint8Array): boolean {
  return bytes.length < BOUND_BYTES && String.fromCharCode(...bytes).startsWith(BEGINNING);
}
