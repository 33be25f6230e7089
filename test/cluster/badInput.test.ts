// Servers that cannot or must not take part in a lobby: they say why and end, or send their clients away. None of them ever
// opens a lobby of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { CLUSTER_FORMAT } from "../../protocol/cluster.ts";
import type { EtcdUser } from "../../server/cluster/etcdCalls.ts";
import { keysOf } from "../../server/cluster/keys.ts";
import { Seal } from "../../server/cluster/seal.ts";
import { TestClient } from "../conformance/testClient.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import { makeEtcdCertificates } from "../support/etcdCertificates.ts";
import { freePort } from "../support/freePort.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { succeeded } from "../support/succeeded.ts";

const QUOTA_BYTES = 16 * 1024 * 1024;
const FILL_BYTES = 512 * 1024;

describe("a server of a cluster that cannot take part", function () {
  // It tries for 15 s.
  this.timeout(60_000);
  let folder: string;
  const clusters: ClusterServers[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-bad-input-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => Promise.all(clusters.splice(0).map((cluster) => cluster.stop())));

  async function prepare(options?: Parameters<typeof ClusterServers.prepare>[0]): Promise<ClusterServers> {
    const cluster = await ClusterServers.prepare(options);
    clusters.push(cluster);
    return cluster;
  }

  async function file(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  /** Resolves with what it wrote to standard error when it ended without having listened. */
  async function refused(cluster: ClusterServers, args: readonly string[]): Promise<string> {
    const server = new ServerProcess([...(await cluster.arguments()), "--port", "0", ...args]);
    const exit = await server.exit;
    assert.equal(exit.code, 1, exit.stderr);
    assert.equal(exit.stdout, "", "it has never listened");
    // The last line is for the administrator.
    return exit.stderr;
  }

  it("says that nothing answers at the address of the engine", async () => {
    const cluster = await prepare();
    const line = await refused(cluster, ["--cluster", `etcd://127.0.0.1:${await freePort()}`]);
    assert.match(line, /^The lobby did not open in time: .*ECONNREFUSED.*$/m);
  });

  it("says that the engine has a certificate of another authority, or wants one", async () => {
    const cluster = await prepare({ tls: true });
    const own = cluster.engine.certificates?.client ?? assert.fail();
    const other = (await makeEtcdCertificates(join(folder, "other"))).client;
    const ca = await file("ca.pem", own.ca);
    const [foreign, withoutCertificate] = await Promise.all([
      refused(cluster, ["--cluster-ca", await file("foreign.pem", other.ca)]),
      refused(cluster, ["--cluster-ca", ca]),
    ]);
    assert.match(foreign, /^The lobby did not open in time: .*certificate.*$/m);
    assert.match(withoutCertificate, /^[^{\n]*certificate.*$/m);
  });

  it("says which file is missing", async () => {
    const cluster = await prepare();
    const alone = join(folder, "server.js");
    await copyFile(join(import.meta.dirname, "../../dist/server.js"), alone);
    const args = [...(await cluster.arguments()), "--port", "0"];
    const { status, stderr } = spawnSync(process.execPath, [alone, ...args], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^--cluster needs the file cluster\.cjs beside server\.js\./m);
    assert.doesNotMatch(stderr, /stack/);
    const missing = join(folder, "missing");
    const line = await refused(cluster, ["--cluster-secret", missing]);
    assert.match(line, /^Cannot use .*missing \(--cluster-secret\): ENOENT: no such file or directory\.$/m);
  });

  it("says that the engine refuses its password", async () => {
    const user: EtcdUser = { name: "chat", password: "right" };
    const cluster = await prepare({ user });
    const login = await file("login", `${user.name}:wrong`);
    const line = await refused(cluster, ["--cluster", cluster.cluster, "--cluster-login", login]);
    assert.match(line, /^[^{\n]*invalid user ID or password.*$/m);
  });

  it("says what differs from the servers that are there", async () => {
    const cluster = await prepare();
    await cluster.start();
    const names = join(folder, "names");
    const secret = await file("secret", "another secret of at least thirty-two characters");
    const token = await file("token", "a-token-of-more-than-22-characters");
    const [otherSecret, otherHistory, otherToken, noRelay, both] = await Promise.all([
      refused(cluster, ["--cluster-secret", secret]),
      refused(cluster, ["--history", "7"]),
      refused(cluster, ["--token-file", token]),
      refused(cluster, ["--no-relay"]),
      refused(cluster, ["--data", names]),
    ]);
    assert.match(otherSecret, /^This etcd has a lobby of servers with another secret\..*$/m);
    assert.match(
      otherHistory,
      /^All servers of a lobby need the same settings\. “history” is \d+ there, and 7 here\.$/m,
    );
    const same = "All servers of a lobby need the same token and relay";
    const theirs = "“no token, a relay” at another one";
    assert.match(
      otherToken,
      new RegExp(`^${same}: there is ${theirs}, and “token [\\w-]{11}, a relay” here\\.$`, "m"),
    );
    assert.match(noRelay, new RegExp(`^${same}: there is ${theirs}, and “no token, no relay” here\\.$`, "m"));
    assert.match(both, /^--data and --cluster cannot be used together: .*\n$/);
    assert.ok(!existsSync(names), "no folder is made");
  });

  it("says that the data are of a newer version", async () => {
    const cluster = await prepare();
    const { genesis: key } = keysOf("fork-chat");
    const seal = new Seal((await readFile(cluster.secret, "utf8")).trim());
    const text = JSON.stringify({ format: CLUSTER_FORMAT + 1, epoch: "later", settings: {} });
    const etcd = cluster.engine.open();
    succeeded(await etcd.txn([], [{ put: { key, value: seal.seal(key, text) } }]));
    const line = await refused(cluster, []);
    const [theirs, own] = [CLUSTER_FORMAT + 1, CLUSTER_FORMAT];
    assert.match(
      line,
      new RegExp(`^The lobby's data in etcd have format ${theirs}, .* format ${own}\\.$`, "m"),
    );
    const [item] = succeeded(await etcd.range({ key })).items;
    assert.equal(item?.value, seal.seal(key, text), "it is left as it was");
  });

  it("sends its clients away when the engine is full, says so, and takes them when it has space again", async () => {
    const cluster = await prepare({ quotaBytes: QUOTA_BYTES });
    const servers = [await cluster.start(), await cluster.start()];
    const clients = await Promise.all(servers.map(({ url }, n) => TestClient.join(url, `guest${n}`)));
    const etcd = cluster.engine.open();
    const value = "x".repeat(FILL_BYTES);
    for (let n = 0; ; n++) {
      const put = await etcd.txn([], [{ put: { key: `other/${n}`, value } }]);
      if (put.ok) continue;
      assert.equal(put.error.code, "no-space");
      break;
    }
    for (const client of clients) assert.equal((await client.closed).code, 1001);
    for (const server of servers) {
      assert.equal(await statusAt(server.url), 503);
      assert.equal(server.child.exitCode, null, "it goes on trying");
      await server.logged(/"event":"cluster-unavailable","reason":"[^"]*database space exceeded/);
    }
    const { revision } = succeeded(await etcd.txn([], [{ delete: { prefix: "other/" } }]));
    const [endpoint] = cluster.engine.access.endpoints;
    const ask = async (path: string, body: object): Promise<{ header?: { member_id: string } }> => {
      const answer = await fetch(`${endpoint}/v3/${path}`, { method: "POST", body: JSON.stringify(body) });
      assert.ok(answer.ok, path);
      return (await answer.json()) as { header?: { member_id: string } };
    };
    await ask("kv/compaction", { revision: String(revision), physical: true });
    await ask("maintenance/defragment", {});
    const { header } = await ask("maintenance/status", {});
    await ask("maintenance/alarm", { action: "DEACTIVATE", alarm: "NOSPACE", memberID: header?.member_id });
    for (const { url } of servers) {
      while ((await TestClient.join(url, "later").catch(() => undefined)) === undefined);
    }
  });
});

/** How an upgrade is refused. */
function statusAt(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url);
    ws.once("unexpected-response", (request, { statusCode }) => {
      request.destroy();
      resolve(statusCode);
    });
    ws.once("open", () => reject(new Error("It is open.")));
    ws.on("error", () => undefined);
  });
}
