// Attackers at a peer's own address, and some with many addresses, hold connections to a window's listener and never prove a
// key. The peer still gets in, every time.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import type { Address } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { cleanUp, testNetwork, type TestNetwork } from "../integration/netHarness.ts";
import { closed, knock, listening, stranger } from "../integration/peerHarness.ts";
import { TestKey } from "../support/testKey.ts";

const DIALS = 8;

describe("a window's listener", () => {
  const carmen = new TestKey();
  let bobby: TestNetwork;
  let address: Address;

  beforeEach(async () => {
    bobby = testNetwork();
    address = await listening(bobby, carmen);
  });

  afterEach(cleanUp);

  /** The peer comes in from 127.0.0.1, leaves, and comes in again. */
  async function assertPeerComesIn(): Promise<void> {
    for (let n = 1; n <= DIALS; n++) (await stranger(address, carmen)).terminate();
    await bobby.events.count(1 + DIALS);
    const came = bobby.types().filter((type) => type === "link/connected").length;
    assert.equal(came, DIALS);
  }

  async function idle(from: string, count: number): Promise<Socket[]> {
    const sockets: Socket[] = [];
    for (let n = 0; n < count; n++) sockets.push(await knock(address, from));
    return sockets;
  }

  it("admits a peer whose address has filled every place with idle connections", async () => {
    await idle("127.0.0.1", 2 * limits.pendingPeersPerAddress);
    await assertPeerComesIn();
  });

  it("admits a peer whose neighbors reconnect as soon as they are cut", async () => {
    const sockets = await idle("127.0.0.1", limits.pendingPeersPerAddress);
    let cuts = 0;
    const again = (socket: Socket): void => {
      void closed(socket).then(async () => {
        cuts += 1;
        if (cuts < 5 * DIALS) again(await knock(address, "127.0.0.1"));
      });
    };
    sockets.forEach(again);
    await assertPeerComesIn();
    assert.ok(cuts > 0);
  });

  it("admits a peer while neighbors are in the middle of a handshake", async () => {
    for (const socket of await idle("127.0.0.1", 2 * limits.pendingPeersPerAddress)) {
      // The head of a record that never comes.
      socket.write(Buffer.from([0x16, 3, 1, 1, 0, 1]));
    }
    await assertPeerComesIn();
  });

  it("admits a peer while other addresses fill every place, without using up its own places", async () => {
    const hosts = Array.from({ length: 8 }, (_, n) => `127.0.1.${String(n + 1)}`);
    const others = await Promise.all(hosts.map(async (host) => idle(host, limits.pendingPeersPerAddress)));
    await assertPeerComesIn();
    const open = others.flat().filter((socket) => !socket.closed);
    assert.ok(open.length <= limits.pendingPeers);
  });
});
