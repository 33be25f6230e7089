// A server of several that is stopped while its clients go to the others.
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import { ClusterServers } from "../support/clusterServers.ts";

/** Closed one by one, they take five seconds. */
const CLIENTS = 100;

describe("a server of a cluster that is stopped", () => {
  let cluster: ClusterServers;
  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
  });
  after(() => cluster.stop());

  it("ends at once at a second signal, without waiting for its clients to go", async () => {
    const server = await cluster.start();
    const clients = Array.from({ length: CLIENTS }, () => new WebSocket(server.url));
    await Promise.all(clients.map((client) => once(client, "open")));
    const closed = clients.map(async (client) => Number((await once(client, "close"))[0]));
    server.child.kill("SIGTERM");
    assert.equal(await Promise.race(closed), 1001);
    const { code } = await server.stop("SIGTERM");
    assert.equal(code, 0);
    const codes = await Promise.all(closed);
    assert.ok(codes.includes(1006), "connections were cut");
  });
});
