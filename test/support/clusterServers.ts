// Built servers with one lobby, each a process, over a real etcd.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Engine, type EngineOptions } from "./etcd.ts";
import { freePort } from "./freePort.ts";
import { ServerProcess } from "./serverProcess.ts";

export class ClusterServers {
  readonly engine: Engine;
  readonly #folder: string;
  readonly #running = new Set<ServerProcess>();

  private constructor(engine: Engine, folder: string) {
    this.engine = engine;
    this.#folder = folder;
  }

  /** The engine runs, and no server yet. */
  static async prepare(options: EngineOptions = {}): Promise<ClusterServers> {
    const engine = await Engine.start(options);
    const folder = await mkdtemp(join(tmpdir(), "fork-chat-cluster-"));
    await writeFile(join(folder, "secret"), randomBytes(32).toString("base64url"), { mode: 0o600 });
    return new ClusterServers(engine, folder);
  }

  /** The path of the secret that all servers share. */
  get secret(): string {
    return join(this.#folder, "secret");
  }

  /** `etcd://…` for the servers. */
  get cluster(): string {
    const places = this.engine.access.endpoints.map((endpoint) => endpoint.replace(/^https?:\/\//, ""));
    return `etcd://${places.join(",")}`;
  }

  /** Resolves when it is listening, so its lobby is open. A later argument replaces an earlier one of the same name. */
  async start(...args: readonly string[]): Promise<ServerProcess> {
    const server = await ServerProcess.start(...(await this.arguments()), ...args);
    this.#running.add(server);
    return server;
  }

  /** What makes a server one of these. */
  async arguments(): Promise<string[]> {
    return [
      ...["--cluster", this.cluster, "--cluster-secret", this.secret],
      ...["--node-url", `https://127.0.0.1:${await freePort()}`],
    ];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((server) => server.stop("SIGKILL")));
    await this.engine.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
