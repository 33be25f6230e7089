// What is found out about a server's address before a server is started there.
import assert from "node:assert/strict";
import { probeServer } from "../../extension/net/rendezvous/probeServer.ts";
import { cleanUp, closing, fakeServer, rawServer, refusingServer } from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function probe(port: number): Promise<string> {
  return probeServer(`ws://127.0.0.1:${String(port)}`, log);
}

describe("probing a server's address", () => {
  afterEach(cleanUp);

  it("recognizes a server by its challenge, and disconnects without joining", async () => {
    const server = await fakeServer();
    const found = probe(server.port);
    await server.clients.count(1);
    const [client] = server.clients.items;
    assert.ok(client);
    const closed = closing(client.ws);
    assert.equal(await found, "server");
    assert.equal(await closed, 1000);
    assert.deepEqual(server.received.items, []);
  });

  it("finds nothing when nothing is listening", async () => {
    assert.equal(await probe(await freePort()), "nothing");
  });

  it("finds something else when no WebSocket server answers", async () => {
    const { port } = await rawServer((socket) => socket.end("SSH-2.0-somebody\r\n"));
    assert.equal(await probe(port), "other");
    for (const status of [200, 403, 404, 426]) {
      assert.equal(await probe(await refusingServer(status)), "other", String(status));
    }
  });

  it("finds something else when another WebSocket server answers, or another protocol version", async () => {
    for (const greeting of [{ type: "welcome" }, { type: "challenge", v: 2 }]) {
      const { port } = await fakeServer(greeting);
      assert.equal(await probe(port), "other", JSON.stringify(greeting));
    }
  });

  it("finds something else at an invalid server address", async () => {
    for (const url of ["", "bobby", "http://127.0.0.1:1", "wss://"]) {
      assert.equal(await probeServer(url, log), "other", url);
    }
  });
});
