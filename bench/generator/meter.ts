// Takes the time and the processor time of what happens between two moments. For the load generator.
import { machineSeconds, processSeconds } from "../lobby/procfs.ts";
import type { Tally } from "./client.ts";
import type { Answer } from "./tasks.ts";

export class Meter {
  readonly #pids: readonly number[];
  readonly #tally: Tally;
  readonly #delivered: number;
  readonly #server: readonly number[];
  readonly #own: number;
  readonly #machine: ReturnType<typeof machineSeconds>;
  readonly #start: number;

  /** Begins here. */
  constructor(pids: readonly number[], tally: Tally) {
    this.#pids = pids;
    this.#tally = tally;
    this.#machine = machineSeconds();
    this.#server = pids.map(processSeconds);
    this.#own = processSeconds(process.pid);
    this.#delivered = tally.delivered;
    this.#start = performance.now();
  }

  /** The processor time so far of each of the server's processes. */
  serverSeconds(): number[] {
    return this.#pids.map((pid, index) => processSeconds(pid) - (this.#server[index] ?? 0));
  }

  stop(): Answer {
    const seconds = (performance.now() - this.#start) / 1000;
    const delivered = this.#tally.delivered - this.#delivered;
    const each = this.serverSeconds();
    const serverSeconds = each.reduce((sum, some) => sum + some, 0);
    const generatorSeconds = processSeconds(process.pid) - this.#own;
    const { busy, stolen } = machineSeconds();
    const others = busy + stolen - this.#machine.busy - this.#machine.stolen;
    return {
      seconds,
      delivered,
      serverSeconds,
      busiestSeconds: Math.max(...each),
      generatorSeconds,
      otherSeconds: Math.max(0, others - serverSeconds - generatorSeconds),
    };
  }
}
