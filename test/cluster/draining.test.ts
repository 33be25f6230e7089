// A server of several that is stopped while its clients go to the others.
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import { TestClient } from "../conformance/testClient.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import type { ServerProcess } from "../support/serverProcess.ts";

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

describe("a tunnel of a relay between two servers of a cluster", () => {
  let cluster: ClusterServers;
  let servers: readonly [ServerProcess, ServerProcess];
  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
  });
  beforeEach(async () => {
    servers = [await cluster.start(), await cluster.start()];
  });
  afterEach(() => Promise.all(servers.map((server) => server.stop("SIGKILL"))));
  after(() => cluster.stop());

  /** Its ends at each of the servers. The first one has issued the tickets. */
  async function open(): Promise<[WebSocket, WebSocket]> {
    const anna = await TestClient.join(servers[0].url, "anna");
    const bobby = await TestClient.join(servers[1].url, "bobby");
    const { name: to } = await anna.until("arrived");
    const reach = { type: "reach", id: "r-1", sid: "s".repeat(22), to, card: { addresses: [] } };
    anna.send(reach);
    const [{ ticket: own }, { ticket: others }] = [await anna.until("reaching"), await bobby.until("reach")];
    const ends = [own, others].map((ticket, n) => {
      const headers = { Authorization: `Bearer ${ticket ?? ""}` };
      return new WebSocket(`${servers[n]?.url ?? ""}/relay`, { headers });
    });
    const [a = assert.fail(), b = assert.fail()] = ends;
    await Promise.all(ends.map((end) => once(end, "open")));
    const heard = once(b, "message");
    a.send(Buffer.from("hello"));
    assert.equal(String((await heard)[0]), "hello");
    return [a, b];
  }

  for (const [n, whose] of ["that has issued its tickets", "that passes it on"].entries()) {
    it(`is closed as going away when the server stops ${whose}`, async () => {
      const ends = await open();
      // It is busy: more comes after the server has begun to stop.
      const sending = setInterval(() => {
        for (const end of ends) if (end.readyState === WebSocket.OPEN) end.send(Buffer.alloc(1_000));
      }, 1);
      const closed = ends.map(async (end) => Number((await once(end, "close"))[0]));
      assert.equal((await (servers[n] ?? assert.fail()).stop("SIGTERM")).code, 0);
      assert.deepEqual(await Promise.all(closed), [1001, 1001]);
      clearInterval(sending);
    });
  }
});
