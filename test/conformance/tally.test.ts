// What the server counts for its metrics: each end of a connection by its reason, and what the relay does.
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import type { EndReason } from "../../server/base/tally.ts";
import type { RunningServer, ServerOptions } from "../../server/createServer.ts";
import { limits } from "../../protocol/limits.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { clientFrame, joinRaw, openRaw, readUntil } from "./rawClient.ts";
import { startServer } from "./startServer.ts";
import { TestClient } from "./testClient.ts";

describe("what the server counts", () => {
  let server: RunningServer;
  afterEach(() => server.stop());

  async function start(options: Partial<ServerOptions> = {}): Promise<void> {
    server = await startServer(options);
  }

  /** The reasons that were counted, each with its number. */
  function ends(): Partial<Record<EndReason, number>> {
    return Object.fromEntries(Object.entries(server.read().tally.ended).filter(([, count]) => count > 0));
  }

  /** Resolves when the server knows of no connection but those of these clients. */
  async function alone(...clients: TestClient[]): Promise<void> {
    for (const client of clients) await client.until("left");
  }

  it("is a client's closing frame, or its absence", async () => {
    await start();
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    await bobby.close();
    await alone(anna);
    assert.deepEqual(ends(), { closed: 1 });
    const carmen = await TestClient.join(server.url, "carmen");
    carmen.ws.terminate();
    await alone(anna);
    assert.deepEqual(ends(), { closed: 1, lost: 1 });
    (await joinRaw(server.url, "dora")).end();
    await alone(anna);
    assert.deepEqual(ends(), { closed: 1, lost: 2 });
  });

  it("is a broken protocol, once however it ends", async () => {
    await start();
    const anna = await TestClient.join(server.url, "anna");
    const binary = await TestClient.join(server.url, "binary");
    binary.ws.send(Buffer.from("x"), { binary: true });
    await binary.closed;
    await alone(anna);
    const unmasked = await joinRaw(server.url, "unmasked");
    unmasked.write(Buffer.from([0x81, 1, 0x78]));
    await alone(anna);
    unmasked.destroy();
    assert.deepEqual(ends(), { protocol: 2 });
  });

  it("is a client that makes too many errors, with the errors it got", async () => {
    await start({ framesPerSecond: 1 });
    const anna = await TestClient.join(server.url, "anna");
    const flood = await TestClient.join(server.url, "flood");
    for (let n = 0; n < 2 * limits.errors; n++) flood.send({ type: "say", id: `m-${String(n)}`, text: "x" });
    await flood.closed;
    await alone(anna);
    assert.deepEqual(ends(), { "too-many-errors": 1 });
    assert.equal(server.read().tally.errors["rate-limited"], limits.errors);
  });

  it("is a client that does not join, or is replaced by its next connection", () =>
    FakeTimers.during(async (time) => {
      await start();
      const stranger = new TestClient(server.url);
      await stranger.next("challenge");
      time.pass(limits.handshakeMs);
      await stranger.closed;
      const anna = await TestClient.join(server.url, "anna");
      const again = await TestClient.join(server.url, "anna", { resume: anna.joined.resume }, anna.key);
      await anna.closed;
      // The server has handled the close when it answers.
      await again.settled();
      assert.deepEqual(ends(), { "no-join": 1, replaced: 1 });
      assert.deepEqual(server.read().tally.joins, { new: 1, resumed: 1 });
    }));

  it("is a client that sends too much that cannot be handled yet", async () => {
    await start({ heldBytes: 16 * 1024 });
    const anna = await TestClient.join(server.url, "anna");
    const endless = await joinRaw(server.url, "endless");
    endless.write(clientFrame(0x81, " ".repeat(60_000)).subarray(0, -1));
    await alone(anna);
    endless.destroy();
    assert.deepEqual(ends(), { "too-much-held": 1 });
  });

  it("is a connection that was cut to make room", async () => {
    await start({ clientsPerAddress: 1 });
    const first = new TestClient(server.url);
    await first.next("challenge");
    const second = new TestClient(server.url);
    await second.next("challenge");
    await first.closed;
    assert.equal(server.read().tally.cutForRoom, 1);
    assert.equal(server.read().sockets, 1);
  });

  it("is a member of a full lobby that made room, apart from the server's own stop", async () => {
    await start({ clients: 2 });
    const join = (name: string, localAddress: string): Promise<TestClient> =>
      TestClient.join(server.url, name, {}, undefined, { localAddress });
    const [, last] = [await join("guest-1", "127.0.51.1"), await join("guest-2", "127.0.51.1")];
    const anna = await join("anna", "127.0.51.2");
    assert.equal((await last.closed).code, 1013);
    assert.deepEqual(await anna.settled(), []);
    assert.deepEqual(ends(), { evicted: 1 });
  });

  it("is the server's own stop", async () => {
    await start();
    const anna = await TestClient.join(server.url, "anna");
    await Promise.all([server.stop(), anna.closed]);
    assert.deepEqual(ends(), { stopping: 1 });
  });

  it("is each refused request, by its status", async () => {
    await start({ clientsPerAddress: 1 });
    const anna = await TestClient.join(server.url, "anna");
    await new TestClient(server.url).closed;
    await readUntil(await openRaw(server.url, { path: "/nowhere" }), " 404 ");
    await readUntil(await openRaw(server.url, { headers: `X: ${"x".repeat(10_000)}\r\n` }), " 431 ");
    assert.deepEqual(await anna.settled(), []);
    const { refusedRequests } = server.read().tally;
    const counted = Object.entries(refusedRequests).filter(([, count]) => count > 0);
    assert.deepEqual(counted, [
      ["404", 1],
      ["429", 1],
      ["431", 1],
    ]);
  });

  it("is what the relay passes on, in both directions, and its tunnels", async () => {
    await start();
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
    anna.send({ type: "reach", id: "r-1", sid: "session-1", to: "bobby", card: { addresses: [] } });
    const tickets = [(await anna.next("reaching")).ticket, (await bobby.next("reach")).ticket];
    const [a, b] = tickets.map(
      (ticket) =>
        new WebSocket(`${server.url}/relay`, { headers: { Authorization: `Bearer ${ticket ?? ""}` } }),
    );
    assert.ok(a !== undefined && b !== undefined);
    await Promise.all([once(a, "open"), once(b, "open")]);
    a.send(Buffer.alloc(1_000));
    await once(b, "message");
    b.send(Buffer.alloc(500));
    await once(a, "message");
    const { tally } = server.read();
    assert.deepEqual([tally.relayTunnelsOpened, tally.relayTunnelsClosed, tally.relayBytes], [1, 0, 1_500]);
    a.close();
    await once(b, "close");
    assert.deepEqual([tally.relayTunnelsOpened, tally.relayTunnelsClosed], [1, 1]);
    // Its ends are no connections of the lobby.
    assert.deepEqual(ends(), {});
  });

  it("is what waits for a client that does not read", async () => {
    await start({ framesPerSecond: 100_000, lobbyBytesPerSecond: 2 ** 30, maxBacklog: 2 ** 30 });
    const anna = await TestClient.join(server.url, "anna");
    const deaf = await joinRaw(server.url, "deaf");
    deaf.pause();
    const text = "x".repeat(limits.textBytes);
    for (let n = 0; server.read().backlogBytes < 100_000; n++) {
      assert.ok(n < 5_000, "nothing waits");
      anna.send({ type: "say", id: `m-${String(n)}`, text });
      await anna.until("ack");
    }
    deaf.destroy();
    await anna.until("left");
    assert.equal(server.read().backlogBytes, 0);
  });
});
