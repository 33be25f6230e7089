// Numbers for connections, none of which is used again: each life of a server in a cluster has a range of its own.

/** Connections of one life of a server. */
const RANGE = 2 ** 32;

/** @param life the number of the server's life, below 2^21; 0 without a cluster */
export function connectionNumbers(life = 0): () => number {
  let last = life * RANGE;
  return () => ++last;
}

/** The life of the server that the connection leads to. */
export function lifeOf(connection: number): number {
  return Math.floor(connection / RANGE);
}
