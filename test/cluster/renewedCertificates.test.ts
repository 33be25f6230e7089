// Certificates for etcd that are renewed while servers run.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClusterServers } from "../support/clusterServers.ts";
import { ServerProcess } from "../support/serverProcess.ts";

describe("renewed certificates for etcd", () => {
  let folder: string;
  let cluster: ClusterServers;
  let server: ServerProcess;

  const path = (name: string): string => join(folder, name);
  /** The engine's, for its clients. */
  async function writeCertificates(): Promise<void> {
    for (const [name, text] of Object.entries(cluster.engine.certificates?.client ?? assert.fail()))
      await writeFile(path(name), text, { mode: 0o600 });
  }
  const options = (): string[] => ["ca", "cert", "key"].flatMap((name) => [`--cluster-${name}`, path(name)]);
  const reloads = (): string[] =>
    server.stderr
      .split("\n")
      .filter((line) => line.includes('"cluster-tls-reloaded"'))
      .map((line) => (JSON.parse(line) as { level: string }).level);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-renewed-"));
    cluster = await ClusterServers.prepare({ tls: true });
    await writeCertificates();
  });
  afterEach(async () => {
    await server.stop("SIGKILL");
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  it("are used after SIGHUP for new connections; broken ones change nothing", async () => {
    server = await cluster.start(...options());
    for (const [name, text] of [
      ["ca", "nonsense"],
      ["cert", "nonsense"],
      ["key", ""],
    ] as const) {
      await writeFile(path(name), text);
      const before = reloads().length;
      server.child.kill("SIGHUP");
      while (reloads().length === before) await once(server.child.stderr ?? assert.fail(), "data");
      await writeCertificates();
    }
    assert.deepEqual(reloads(), ["error", "error", "error"]);
    const [member] = cluster.engine.members;
    await member?.kill();
    await server.logged(/"event":"cluster-left"/);
    await member?.start();
    await server.logged(/"cluster-joined"[^]*"cluster-left"[^]*"cluster-joined"/);

    await member?.kill();
    await cluster.engine.renewCertificates();
    await member?.start();
    await server.logged(/"event":"cluster-unavailable","reason":"[^"]*certificate/);
    await writeCertificates();
    server.child.kill("SIGHUP");
    await server.logged(/"level":"info","event":"cluster-tls-reloaded"\}[^]*"event":"cluster-joined"/);
    assert.equal((await server.stop()).code, 0);
  });

  it("can come while the server is still starting", async () => {
    const [member] = cluster.engine.members;
    await member?.kill();
    await cluster.engine.renewCertificates();
    await member?.start();
    server = new ServerProcess([...(await cluster.arguments()), "--port", "0", ...options()]);
    await server.logged(/"event":"cluster-unavailable"/);
    await writeCertificates();
    server.child.kill("SIGHUP");
    await server.listening();
    assert.deepEqual(reloads(), ["info"]);
    assert.equal((await server.stop()).code, 0);
  });
});
