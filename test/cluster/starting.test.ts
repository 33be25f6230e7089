// A server of a cluster that starts while its engine is away: it waits, says so, and can be stopped.
import assert from "node:assert/strict";
import { adminPort, askAdmin } from "../support/adminRequests.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import type { EtcdMember } from "../support/etcdMember.ts";
import { ServerProcess } from "../support/serverProcess.ts";

describe("a server of a cluster that waits for its engine", () => {
  let cluster: ClusterServers;
  let member: EtcdMember;
  let server: ServerProcess;
  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
    [member = assert.fail()] = cluster.engine.members;
  });
  afterEach(() => server.stop("SIGKILL"));
  after(() => cluster.stop());

  async function start(): Promise<number> {
    server = new ServerProcess([...(await cluster.arguments()), "--port", "0", "--admin", "0"]);
    return adminPort(server);
  }

  it("is alive and not ready, and shows its metrics, until the engine is back", async () => {
    await member.kill();
    const port = await start();
    const statusOf = async (path: string): Promise<number> => (await askAdmin(port, path)).status;
    assert.deepEqual([await statusOf("/healthz"), await statusOf("/readyz")], [200, 503]);
    const { status, text } = await askAdmin(port, "/metrics");
    assert.equal(status, 200);
    for (const line of ["forkchat_ready 0", "forkchat_members 0"])
      assert.ok(text.includes(`\n${line}\n`), text);
    await member.start();
    await server.listening();
    assert.equal(await statusOf("/readyz"), 200);
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    it(`ends in order on ${signal}`, async () => {
      await member.pause();
      await start();
      const exit = await server.stop(signal);
      member.resume();
      assert.deepEqual([exit.code, exit.stdout], [0, ""]);
      assert.match(exit.stderr, new RegExp(`"event":"stopping","signal":"${signal}"\\}\\n$`));
    });
  }
});
