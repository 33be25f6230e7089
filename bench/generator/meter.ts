// Measures the time and the CPU time between two moments.
import { machineSeconds, processSeconds } from "../lobby/procfs.ts";
import type { Tally } from "./client.ts";
import type { Answer } from "./tasks.ts";

export class Meter {
  readonly #pid: number;
  readonly #tally: Tally;
  readonly #delivered: number;
  readonly #server: number;
  readonly #own: number;
  readonly #machine: ReturnType<typeof machineSeconds>;
  readonly #start: number;

  /** Begins here. */
  constructor(pid: number, tally: Tally) {
    this.#pid = pid;
    this.#tally = tally;
    this.#machine = machineSeconds();
    this.#server = processSeconds(pid);
    this.#own = processSeconds(process.pid);
    this.#delivered = tally.delivered;
    this.#start = performance.now();
  }

  /** The server's processor time so far. */
  serverSeconds(): number {
    return processSeconds(this.#pid) - this.#server;
  }

  stop(): Answer {
    const seconds = (performance.now() - this.#start) / 1000;
    const delivered = this.#tally.delivered - this.#delivered;
    const serverSeconds = this.serverSeconds();
    const generatorSeconds = processSeconds(process.pid) - this.#own;
    const { busy, stolen } = machineSeconds();
    const others = busy + stolen - this.#machine.busy - this.#machine.stolen;
    return {
      seconds,
      delivered,
      serverSeconds,
      generatorSeconds,
      otherSeconds: Math.max(0, others - serverSeconds - generatorSeconds),
    };
  }
}
