// A server at a port that stays, with a clock of its own, and a way of its own to each member of the engine.
import { BreakingWay } from "../../chaos/links.ts";
import type { ClusterServers } from "../../support/clusterServers.ts";
import { freePort } from "../../support/freePort.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ShiftedClock } from "../../support/shiftedClock.ts";

export class Place {
  readonly port: number;
  readonly url: string;
  readonly ways: readonly BreakingWay[];
  readonly clock: ShiftedClock;
  isCut = false;
  process: ServerProcess | undefined;
  /** What was done to it last. */
  fault = "";
  readonly #cluster: ClusterServers;
  readonly #processes: ServerProcess[] = [];

  private constructor(cluster: ClusterServers, port: number, makeWays: (place: Place) => BreakingWay[]) {
    this.#cluster = cluster;
    this.port = port;
    this.url = `ws://127.0.0.1:${port}`;
    this.clock = new ShiftedClock(`${cluster.secret}-clock-${port}`);
    this.ways = makeWays(this);
  }

  static async open(cluster: ClusterServers): Promise<Place> {
    const cell: { place?: Place } = {};
    const ways = await Promise.all(
      cluster.engine.members.map(({ endpoint }) =>
        BreakingWay.to(() => (cell.place?.isCut === true ? null : Number(new URL(endpoint).port))),
      ),
    );
    cell.place = new Place(cluster, await freePort(), () => ways);
    return cell.place;
  }

  /** Whether this process has logged that a clock differs from its own. */
  get hasWarned(): boolean {
    return this.process?.stderr.includes('"clocks-differ"') === true;
  }

  /** What its processes have logged of the lobby that they share. */
  get story(): string[] {
    const lines = this.#processes.flatMap(({ stderr }) => stderr.split("\n"));
    return lines.filter((line) => /"(cluster|new|foreign|snapshot|compaction)-/.test(line));
  }

  /** Until it is open, or is ended on purpose. */
  async start(): Promise<void> {
    const members = this.ways.map(({ port }) => `127.0.0.1:${port}`).join(",");
    for (;;) {
      // Each time with another port for the other servers: one that was free may be a server's that was down.
      const args = [...(await this.#cluster.arguments()), "--cluster", `etcd://${members}`];
      const server = new ServerProcess([...args, "--port", String(this.port)], undefined, this.clock.within);
      this.process = server;
      this.#processes.push(server);
      const opened = await server.listening().then(
        () => true,
        () => false,
      );
      if (opened || this.process !== server) return;
    }
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const { process } = this;
    this.process = undefined;
    await process?.stop(signal);
  }

  async close(): Promise<void> {
    this.process?.child.kill("SIGCONT");
    await this.stop("SIGKILL");
    await Promise.all(this.ways.map((way) => way.close()));
  }
}
