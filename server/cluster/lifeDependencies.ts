// What a server's life in the cluster needs, goes on from, and ends with.
import type { Errand } from "../../protocol/cluster.ts";
import type { Token } from "../../protocol/fields.ts";
import type { Log } from "../base/log.ts";
import type { Host } from "../hall/hostedLobby.ts";
import type { Etcd } from "./etcd.ts";
import type { Beginning } from "./genesisStore.ts";
import type { Keys } from "./keys.ts";
import type { LogEnd } from "./logReader.ts";
import type { Seal } from "./seal.ts";
import type { Found, Snapshots } from "./snapshots.ts";

/** Why a life has ended. */
export type LifeEnd =
  | LogEnd
  /** The engine confirmed nothing for too long. */
  | "no-contact"
  /** The engine refuses an entry again and again. */
  | "entry-refused"
  /** The log has been forgotten up to a point that this server has not read. */
  | "log-forgotten"
  /** The engine's revision is older than what was read. */
  | "engine-lost-data"
  | "stopped";

export type ClusterLifeDependencies = {
  readonly etcd: Etcd;
  readonly keys: Keys;
  readonly seal: Seal;
  readonly snapshots: Snapshots;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly nextTurn: (turn: () => void) => void;
  /** Calls back after so many milliseconds; returns a function that cancels it. */
  readonly later: (ms: number, call: () => void) => () => void;
  /** Where other servers reach this one. */
  readonly link: string;
  /** What clients find here; see `Beat`. */
  readonly access: string;
  readonly host: Host;
  /** A relay ticket that is valid at the server with this life. */
  readonly newTicket: (life: number) => Token;
  /** Asks the server at this place to notify one of its clients. */
  readonly ask: (place: string, errand: Errand) => void;
  /** The lobby is open. Called once at most. */
  readonly opened: () => void;
  /** Called once. */
  readonly ended: (end: LifeEnd) => void;
};

export type LifeStart = {
  readonly beginning: Beginning;
  readonly life: number;
  /** The saved state to go on from. */
  readonly found: Found | undefined;
};
