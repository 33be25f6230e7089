// Sockets of whom nobody knows yet: how many, of one address, and for how long. Real sockets of the loopback interface,
// which has more than one address.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { netLimits } from "../../extension/net/netLimits.ts";
import { createStrangers, type Strangers } from "../../extension/net/strangers.ts";

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

  it("are few of one address: one more is not let in, one of another address is", async () => {
    const admitted = [];
    for (const address of ["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2"])
      admitted.push(strangers.admit(await come(address)));
    assert.deepEqual(admitted, [true, true, false, true]);
  });

  it("are few in all: the oldest makes room", async () => {
    const all = [];
    for (const n of [1, 2, 3, 4]) all.push(await come(`127.0.0.${n}`));
    assert.deepEqual(
      all.map((socket) => strangers.admit(socket)),
      [true, true, true, true],
    );
    assert.deepEqual(
      all.map((socket) => socket.destroyed),
      [true, false, false, false],
    );
  });

  it("are no strangers any more once their key is known, and take no place", async () => {
    const first = await come();
    strangers.admit(first);
    strangers.admit(await come());
    strangers.release(first);
    assert.equal(strangers.admit(await come()), true);
    strangers.destroy();
    assert.equal(first.destroyed, false, "who has proven a key stays when the listener ends");
  });

  it("take no place when they have gone", async () => {
    const first = await come();
    strangers.admit(first);
    strangers.admit(await come());
    first.destroy();
    await once(first, "close");
    assert.equal(strangers.admit(await come()), true);
  });

  it("are cut when their time is over, and those with a known key are not", async () => {
    strangers = createStrangers({ ...LIMITS, handshakeMs: 40 });
    const [known, slow] = [await come(), await come()];
    strangers.admit(known);
    strangers.admit(slow);
    strangers.release(known);
    const closed = once(slow.resume(), "close");
    await closed;
    // Whatever was set for the known one would have come by now: it was set before.
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
