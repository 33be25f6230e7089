// The registry of sockets: what is left open at the end, and what ends with an address that this machine has lost. On
// real sockets of loopback, which has many addresses.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { createSocketRegistry, type SocketRegistry } from "../../../../extension/net/dial/socketRegistry.ts";

describe("the socket registry", () => {
  let registry: SocketRegistry;
  let server: Server;
  const theirs: Socket[] = [];

  beforeEach(async () => {
    registry = createSocketRegistry();
    server = createServer((socket) => theirs.push(socket.on("error", () => undefined)));
    server.listen(0, "::");
    await once(server, "listening");
  });

  afterEach(async () => {
    for (const socket of theirs.splice(0)) socket.destroy();
    server.close();
    await once(server, "close");
  });

  /** A tracked socket of this machine's address. */
  async function open(localAddress: string, host = localAddress): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host, port, localAddress });
    socket.on("error", () => undefined);
    await once(socket, "connect");
    registry.track(socket);
    return socket;
  }

  it("ends the sockets of a removed address, and no others", async () => {
    const [gone, wrapped, stays] = [
      await open("127.0.0.2"),
      await open("127.0.0.2"),
      await open("127.0.0.3"),
    ];
    const tls = new TLSSocket(wrapped).on("error", () => undefined);
    const ends = Promise.all([gone, wrapped, tls].map((socket) => once(socket, "close")));
    registry.destroyAt("127.0.0.2");
    await ends;
    assert.deepEqual([gone.destroyed, wrapped.destroyed, stays.destroyed], [true, true, false]);
    registry.destroyAt("127.0.0.2");
    registry.destroyAt("10.9.8.7");
    assert.equal(stays.destroyed, false);
    stays.destroy();
  });

  it("ends those that reached the address through a dual-stack socket", async () => {
    const arrival = once(server, "connection");
    await open("127.0.0.4");
    const [accepted] = (await arrival) as [Socket];
    assert.equal(accepted.localAddress, "::ffff:127.0.0.4");
    registry.track(accepted);
    registry.destroyAt("127.0.0.4");
    await once(accepted, "close");
  });

  it("ignores streams without an address", async () => {
    const stream = new Duplex({ read: () => undefined });
    registry.track(stream);
    registry.destroyAt("127.0.0.2");
    assert.equal(stream.destroyed, false);
    await registry.drain(1);
    assert.equal(stream.destroyed, true);
  });

  it("drains when the last socket has ended, and ends them itself after a timeout", async () => {
    await registry.drain(60_000);
    const [first, second] = [await open("127.0.0.1"), await open("127.0.0.1")];
    let drained = false;
    const draining = registry.drain(60_000).then(() => (drained = true));
    first.destroy();
    await once(first, "close");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(drained, false);
    second.destroy();
    await draining;
    const slow = await open("127.0.0.1");
    await registry.drain(20);
    assert.equal(slow.destroyed, true);
  });
});
