// The peer listener: how many strangers and connections of one key it takes, and for how long.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { Address } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { TestKey } from "../support/testKey.ts";
import { cleanUp, stopTime, testNetwork } from "./netHarness.ts";
import { closed, knock, listening, stranger, tlsTo } from "./peerHarness.ts";

/** Connections from an address of loopback, one after the other, which say nothing. */
async function knockers(address: Address, from: string, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let n = 0; n < count; n++) sockets.push(await knock(address, from));
  return sockets;
}

describe("strangers at the peer listener", () => {
  const carmen = new TestKey();

  afterEach(cleanUp);

  it("are limited per address; its oldest makes room for one more", async () => {
    const bobby = testNetwork({ limits: { pendingPeersPerAddress: 3 } });
    const address = await listening(bobby, carmen);
    const others = await knockers(address, "127.0.0.3", 3);
    const [oldest, ...early] = await knockers(address, "127.0.0.2", 3);
    assert.ok(oldest);
    await knock(address, "127.0.0.2");
    await closed(oldest);
    assert.ok([...early, ...others].every((socket) => !socket.closed));
  });

  it("are limited in total; the oldest from the address with the most makes room for one more", async () => {
    const bobby = testNetwork({ limits: { pendingPeers: 4, pendingPeersPerAddress: 2 } });
    const address = await listening(bobby, carmen);
    const [a, b] = [await knockers(address, "127.0.0.2", 2), await knockers(address, "127.0.0.3", 2)];
    const [oldestOfA, ...othersOfA] = a;
    const [oldestOfB, ...othersOfB] = b;
    assert.ok(oldestOfA && oldestOfB);
    const one = await knockers(address, "127.0.0.4", 1);
    await closed(oldestOfA);
    await stranger(address, carmen);
    await closed(oldestOfB);
    assert.ok([...othersOfA, ...othersOfB, ...one].every((socket) => !socket.closed));
  });

  it("no longer count once they have shown an expected key", async () => {
    const bobby = testNetwork({ limits: { pendingPeers: 2, pendingPeersPerAddress: 2 } });
    const address = await listening(bobby, carmen);
    const links = [];
    for (let n = 0; n < 6; n++) links.push(await stranger(address, carmen));
    const [oldest, newer] = await knockers(address, "127.0.0.1", 2);
    assert.ok(oldest && newer);
    await knock(address, "127.0.0.1");
    await closed(oldest);
    assert.equal(newer.closed, false);
    await bobby.events.count(1 + 2 * links.length);
    assert.ok(!bobby.types().includes("link/closed"));
  });

  it("are cut when they send nothing, or stop in the middle of the handshake", async () => {
    const bobby = testNetwork({ limits: { handshakeMs: 300 } });
    const address = await listening(bobby, carmen);
    const [idle, slow] = [await knock(address), await knock(address)];
    // The head of a record that never comes.
    slow.write(Buffer.from([0x16, 3, 1, 1, 0, 1]));
    await Promise.all([closed(idle), closed(slow)]);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("cannot lock out an expected peer, however many there are", async () => {
    const bobby = testNetwork();
    const address = await listening(bobby, carmen);
    const hosts = Array.from({ length: 10 }, (_, n) => `127.0.0.${String(n + 2)}`);
    const idle = await Promise.all(hosts.map(async (host) => knockers(address, host, 20)));
    await stranger(address, carmen);
    await bobby.event("link/connected");
    for (const socket of idle.flat()) socket.destroy();
  });
});

describe("connections of one expected key", () => {
  const [carmen, dora] = [new TestKey(), new TestKey()];

  afterEach(cleanUp);

  it("are limited before they become links, and keep out no other key", async () => {
    stopTime();
    const bobby = testNetwork();
    const address = await listening(bobby, carmen, dora);
    const sockets = [];
    for (let n = 0; n < limits.linksPerPeer; n++) sockets.push(await tlsTo(address, carmen));
    await closed(await tlsTo(address, carmen));
    await stranger(address, dora);
    assert.ok(sockets.every((socket) => !socket.closed));
  });

  it("are limited as links, and keep out no other key", async () => {
    stopTime();
    const bobby = testNetwork();
    const address = await listening(bobby, carmen, dora);
    const links = [];
    for (let n = 0; n < limits.linksPerPeer; n++) links.push(await stranger(address, carmen));
    const ended = once(await stranger(address, carmen), "close");
    await ended;
    await stranger(address, dora);
    assert.ok(links.every(({ readyState }) => readyState === WebSocket.OPEN));
  });
});
