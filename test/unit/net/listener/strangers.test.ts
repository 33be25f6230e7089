// Sockets of peers that are not identified yet: how many, of one address, and for how long. Real sockets of the loopback
// interface, which has more than one address.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { netLimits } from "../../../../extension/net/dial/netLimits.ts";
import { createStrangers, type Strangers } from "../../../../extension/net/listener/strangers.ts";

describe("strangers at the listener", () => {
  const LIMITS = { ...netLimits, pendingPeers: 3, pendingPeersPerAddress: 2, handshakeMs: 60_000 };
  let server: Server;
  let strangers: Strangers;
  const near: Socket[] = [];

  beforeEach(async () => {
    strangers = createStrangers(LIMITS);
    server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    strangers.destroy();
    for (const socket of near.splice(0)) socket.destroy();
    server.close();
    await once(server, "close");
  });

  /** The listener's end of a new connection from this address. */
  async function come(localAddress = "127.0.0.1"): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    socket.on("error", () => undefined);
    near.push(socket);
    const [far] = (await once(server, "connection")) as [Socket];
    far.on("error", () => undefined);
    return far;
  }

  /** Which of them are cut when they come from these addresses, one after the other. */
  async function cutOf(...addresses: readonly string[]): Promise<boolean[]> {
    const all: Socket[] = [];
    for (const address of addresses) all.push(await come(address));
    for (const socket of all) strangers.admit(socket);
    return all.map((socket) => socket.destroyed);
  }

  it("are limited per address: its oldest makes room for one more, and no other", async () => {
    assert.deepEqual(await cutOf("127.0.0.2", "127.0.0.1", "127.0.0.1", "127.0.0.1"), [
      ...[false, true],
      ...[false, false],
    ]);
  });

  it("are limited in total: the oldest makes room", async () => {
    const cut = await cutOf("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4");
    assert.deepEqual(cut, [true, false, false, false]);
  });

  it("are limited in total: the oldest of the address with the most makes room", async () => {
    const cut = await cutOf("127.0.0.1", "127.0.0.2", "127.0.0.2", "127.0.0.4");
    assert.deepEqual(cut, [false, true, false, false]);
  });

  it("from an IPv6 /64 count as one address", async () => {
    const all = [await come(), await come(), await come()];
    for (const [n, socket] of all.entries()) {
      Object.defineProperty(socket, "remoteAddress", { value: `2001:db8:0:1::${n}` });
      strangers.admit(socket);
    }
    assert.deepEqual(
      all.map((socket) => socket.destroyed),
      [true, false, false],
    );
    const other = await come();
    Object.defineProperty(other, "remoteAddress", { value: "2001:db8:0:2::1" });
    strangers.admit(other);
    assert.equal(all[1]?.destroyed, false);
  });

  it("stop being strangers once their key is known, and take no place", async () => {
    const first = await come();
    strangers.admit(first);
    strangers.admit(await come());
    strangers.release(first);
    const third = await come();
    strangers.admit(third);
    assert.deepEqual([first.destroyed, third.destroyed], [false, false]);
    strangers.destroy();
    assert.equal(first.destroyed, false, "who has proven a key stays when the listener ends");
  });

  it("take no place once they are gone", async () => {
    const first = await come();
    strangers.admit(first);
    const second = await come();
    strangers.admit(second);
    first.destroy();
    await once(first, "close");
    strangers.admit(await come());
    assert.equal(second.destroyed, false);
  });

  it("are cut when their time is over, unless their key is known", async () => {
    strangers = createStrangers({ ...LIMITS, handshakeMs: 40 });
    const [known, slow] = [await come(), await come()];
    strangers.admit(known);
    strangers.admit(slow);
    strangers.release(known);
    const closed = once(slow.resume(), "close");
    await closed;
    // A timer for the known one, set earlier, would have fired by now.
    assert.equal(known.destroyed, false);
  });

  it("are all cut when the listener ends", async () => {
    const all = [await come(), await come()];
    for (const socket of all) strangers.admit(socket);
    strangers.destroy();
    assert.deepEqual(
      all.map((socket) => socket.destroyed),
      [true, true],
    );
  });
});
