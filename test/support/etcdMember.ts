// One real etcd as a process, which a test can kill, pause and start again.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Etcd } from "../../server/cluster/etcd.ts";

/** Between two questions whether it serves. */
const ASK_MS = 20;

/** What is kept of its log. */
const LOG_CHARACTERS = 4000;

export type MemberOptions = {
  /** `http://HOST:PORT` or `https://HOST:PORT`. */
  readonly endpoint: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where it listens to other members. */
  readonly peerPort: number;
  /** The folder that the arguments name for its data. */
  readonly data: string;
  /** Opens a client that asks only this member. */
  readonly open: () => Etcd;
};

export class EtcdMember {
  readonly endpoint: string;
  readonly peerPort: number;
  readonly #options: MemberOptions;
  #child: ChildProcess | undefined;
  #id = "";

  constructor(options: MemberOptions) {
    this.endpoint = options.endpoint;
    this.peerPort = options.peerPort;
    this.#options = options;
  }

  /** Starts it on the data that it has, and resolves when it has a leader: in a cluster, when a majority runs. */
  async start(): Promise<void> {
    const { program, args } = this.#options;
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-LOG_CHARACTERS);
    });
    const client = this.#options.open();
    try {
      for (;;) {
        const status = await client.status();
        if (status.ok && status.value.leader !== undefined) {
          this.#id = BigInt(status.value.memberId).toString(16);
          return;
        }
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`etcd ended:\n${log}`);
        await delay(ASK_MS);
      }
    } finally {
      client.close();
    }
  }

  /** In hexadecimal. Known once it has started. */
  get id(): string {
    return this.#id;
  }

  /** Whether it takes itself for the leader. */
  async leads(): Promise<boolean> {
    const client = this.#options.open();
    const status = await client.status();
    client.close();
    return status.ok && status.value.leader === status.value.memberId;
  }

  /** Known once it runs. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("It does not run.");
    return pid;
  }

  /** Ends it without notice. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Lets it end in order: a leader passes its role on. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** It keeps its connections, but does nothing until `resume`. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Forgets all data. It must not run. */
  async wipe(): Promise<void> {
    await rm(this.#options.data, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}
