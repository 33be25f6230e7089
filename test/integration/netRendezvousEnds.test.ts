// How the end of a connection to the rendezvous server is reported, on either side.
import assert from "node:assert/strict";
import { once } from "node:events";
import * as v from "valibot";
import type { WebSocket } from "ws";
import { MessageId } from "../../protocol/fields.ts";
import {
  cleanUp,
  closing,
  connected,
  fakeServer,
  rawServer,
  testNetwork,
  type FakeServer,
} from "./netHarness.ts";

const id = v.parse(MessageId, "m1");

/** The WebSocket on the server's side of its only client. */
async function serverSide(server: FakeServer): Promise<WebSocket> {
  await server.clients.count(1);
  const [client] = server.clients.items;
  assert.ok(client);
  return client.ws;
}

describe("the end of a connection to the rendezvous server", () => {
  afterEach(cleanUp);

  for (const [code, expected] of [
    [1000, "dropped: the server closed the connection"],
    [1001, "server-stopped: the server was stopped"],
    [1002, "fault: the server closed the connection"],
    [1003, "fault: the server closed the connection"],
    [1009, "fault: a message was too large for the server"],
    [1012, "dropped: the server closed the connection"],
    [1013, "dropped: the lobby is full, and someone else got your place"],
    [4001, "dropped: joining timed out"],
    [4002, "fault: the server received too many invalid messages from this window"],
    [4003, "replaced: you joined with the same name from another window"],
    [4005, "dropped: the server received nothing from this window for too long"],
  ] as const) {
    it(`is reported for the close code ${String(code)}`, async () => {
      const server = await fakeServer();
      const network = testNetwork();
      await connected(network, server);
      (await serverSide(server)).close(code);
      const { cause } = await network.event("rendezvous/closed");
      assert.equal(`${cause.kind}: ${cause.text}`, expected);
    });
  }

  it("is reported when the server dies without a close frame", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    await connected(network, server);
    (await serverSide(server)).terminate();
    const { cause } = await network.event("rendezvous/closed");
    assert.deepEqual(cause, { kind: "dropped", text: "the connection was lost" });
    assert.deepEqual(network.types(), ["rendezvous/opened", "rendezvous/closed"]);
  });

  it("is told when the server goes silent, but not while it pings", async () => {
    const silenceMs = 1_500;
    const server = await fakeServer();
    const network = testNetwork({ limits: { silenceMs } });
    await connected(network, server);
    const ws = await serverSide(server);
    const start = performance.now();
    while (performance.now() - start < 1.2 * silenceMs) {
      ws.ping();
      await once(ws, "pong");
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.deepEqual(network.types(), ["rendezvous/opened"]);
    const code = closing(ws);
    const { cause } = await network.event("rendezvous/closed");
    assert.deepEqual(cause, { kind: "dropped", text: "the server stopped responding" });
    assert.equal(await code, 4005);
  });

  it("is reported when the server stops receiving data, and never in the middle of a call", async () => {
    const server = await fakeServer();
    const network = testNetwork({ limits: { backlogBytes: 100_000 } });
    await connected(network, server);
    (await serverSide(server)).pause();
    for (let n = 0; n < 2_000; n++) network.send(1, { type: "say", id, text: "x".repeat(16_384) });
    assert.deepEqual(network.types(), ["rendezvous/opened"]);
    const { cause } = await network.event("rendezvous/closed");
    assert.deepEqual(cause, { kind: "dropped", text: "the server stopped receiving data" });
  });

  for (const [why, code] of [
    ["quit", 1000],
    ["going-away", 1001],
  ] as const) {
    it(`is silent on this side after \`disconnect\` (${why}), and ${String(code)} on the other`, async () => {
      const server = await fakeServer();
      const network = testNetwork();
      await connected(network, server);
      const closed = closing(await serverSide(server));
      network.disconnect(1, why);
      network.send(1, { type: "users" });
      assert.equal(await closed, code);
      await network.dispose();
      assert.deepEqual(network.types(), ["rendezvous/opened"]);
      assert.deepEqual(server.received.items, []);
    });
  }

  it("does not wait for a server that never answers the close", async () => {
    const server = await fakeServer();
    const network = testNetwork({ limits: { closeMs: 50 } });
    await connected(network, server);
    const ws = await serverSide(server);
    ws.pause();
    network.disconnect(1, "quit");
    await network.dispose();
    const closed = closing(ws);
    ws.resume();
    assert.equal(await closed, 1000);
  });

  it("is silent for a canceled dial", async () => {
    const { port } = await rawServer(() => undefined);
    const network = testNetwork({ limits: { handshakeMs: 50 } });
    network.connect(1, `ws://127.0.0.1:${String(port)}`, "tester");
    network.connect(2, "not an address", "tester");
    network.disconnect(1, "quit");
    network.disconnect(2, "quit");
    network.connect(3, `ws://127.0.0.1:${String(port)}`, "tester");
    await network.event("rendezvous/closed");
    assert.deepEqual(
      network.events.items.map((event) => "connection" in event && event.connection),
      [3],
    );
  });
});
