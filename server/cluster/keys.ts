// The engine's keys, and what is sealed under each.

export type Keys = {
  /** Everything that each server watches. */
  readonly watched: string;
  /** Which life of the log this is. */
  readonly genesis: string;
  /** The last entry. Its history is the log. */
  readonly log: string;
  /** A server that is alive; expires with its lease. */
  readonly node: (life: number) => string;
  /** What the keys of servers begin with. */
  readonly nodes: string;
  /** Where the last snapshot is. */
  readonly snapshot: string;
  /** Changes when a new server needs a snapshot. */
  readonly wanted: string;
  /** The number of the last life that a server began. */
  readonly lives: string;
  /** The parts of a snapshot in one of two places. */
  readonly parts: (place: "a" | "b") => string;
};

/** @param lobby the name of the lobby in the engine */
export function keysOf(lobby: string): Keys {
  const watched = `${lobby}/live/`;
  const nodes = `${watched}node/`;
  return {
    watched,
    genesis: `${watched}genesis`,
    log: `${watched}log`,
    nodes,
    node: (life) => `${nodes}${life}`,
    snapshot: `${watched}snapshot`,
    wanted: `${watched}wanted`,
    lives: `${lobby}/lives`,
    parts: (place) => `${lobby}/part/${place}/`,
  };
}
