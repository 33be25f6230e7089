// One real etcd as a process, which a test can kill, pause and start again.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { EtcdHttp, type CurrentTls } from "../../server/cluster/etcdHttp.ts";
import { pauseProcess, resumeProcess } from "./pausedProcess.ts";

/** Between two questions whether it serves. */
const ASK_MS = 20;

/** Versions that do not know it say so in their log. */
const NO_SYNC = { ETCD_UNSAFE_NO_FSYNC: "true" };

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
  readonly tls: CurrentTls;
  /** Whether it waits for the disk, as it should where a machine can lose its power. */
  readonly syncs: boolean;
};

/** What a member says about itself. */
const Status = v.object({ header: v.object({ member_id: v.string() }), leader: v.optional(v.string()) });

const STATUS_MS = 1_000;

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
    const { program, args, syncs } = this.#options;
    const env = { ...process.env, ...(syncs ? {} : NO_SYNC) };
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env });
    this.#child = child;
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-LOG_CHARACTERS);
    });
    for (;;) {
      const status = await this.#status();
      if (status?.leader !== undefined) {
        this.#id = BigInt(status.header.member_id).toString(16);
        return;
      }
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`etcd ended:\n${log}`);
      await delay(ASK_MS);
    }
  }

  /** In hexadecimal. Known once it has started. */
  get id(): string {
    return this.#id;
  }

  /** Whether it leads, as far as it knows. */
  async leads(): Promise<boolean> {
    const status = await this.#status();
    return status !== undefined && status.leader === status.header.member_id;
  }

  async #status(): Promise<v.InferOutput<typeof Status> | undefined> {
    const { endpoint, tls } = this.#options;
    const http = new EtcdHttp(endpoint.startsWith("https:"), tls);
    const request = { endpoint, path: "/v3/maintenance/status", body: {}, token: undefined };
    const answer = await http.post({ ...request, timeoutMs: STATUS_MS });
    http.close();
    return answer.ok ? v.parse(Status, answer.value) : undefined;
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
  async pause(): Promise<void> {
    if (this.#child !== undefined) await pauseProcess(this.#child);
  }

  resume(): void {
    if (this.#child !== undefined) resumeProcess(this.#child);
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
