// The other servers of a lobby, as this one needs them for two people who are connected to different servers.
import type { Errand } from "../../protocol/cluster.ts";

export type OtherServers = {
  /** Asks the server that has this connection to tell its client. What does not arrive is lost. */
  readonly ask: (connection: number, errand: Errand) => void;
};
