// The peer listener: how few strangers it bears with and for how long, what HTTP it answers to those who are expected,
// and where it listens.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Address } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { TestKey } from "../support/testKey.ts";
import type { NetworkEvent } from "../../extension/core/model/ports.ts";
import { cleanUp, connected, fakeServer, rawServer, testNetwork, type TestNetwork } from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";
import {
  answerTo,
  closed,
  frameOf,
  knock,
  listening,
  message,
  pair,
  stranger,
  tlsTo,
  upgradeRequest,
} from "./peerHarness.ts";

/** Nothing listens at a port of 127.0.0.1. */
async function assertDeaf(port: number): Promise<void> {
  await assert.rejects(once(connect(port, "127.0.0.1"), "connect"), { code: "ECONNREFUSED" });
}

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
    const bobby = testNetwork();
    const address = await listening(bobby, carmen, dora);
    const sockets = [];
    for (let n = 0; n < limits.linksPerPeer; n++) sockets.push(await tlsTo(address, carmen));
    await closed(await tlsTo(address, carmen));
    await stranger(address, dora);
    assert.ok(sockets.every((socket) => !socket.closed));
  });

  it("are limited as links, and keep out no other key", async () => {
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

describe("the peer listener's HTTP", () => {
  const carmen = new TestKey();
  let bobby: TestNetwork;
  let address: Address;

  beforeEach(async () => {
    bobby = testNetwork({ limits: { handshakeMs: 2_000 } });
    address = await listening(bobby, carmen);
  });

  afterEach(cleanUp);

  async function ask(request: string): Promise<string> {
    return answerTo(await tlsTo(address, carmen), request);
  }

  it("answers an upgrade with 101 and no extension, whatever it offers", async () => {
    const socket = await tlsTo(address, carmen);
    socket.write(upgradeRequest({ Host: "elsewhere", "Sec-WebSocket-Extensions": "permessage-deflate" }));
    const [head] = (await once(socket, "data")) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 101 /);
    assert.doesNotMatch(head.toString(), /extensions/i);
    await bobby.event("link/connected");
  });

  it("answers a web page with 403, whatever its Origin", async () => {
    for (const Origin of ["http://127.0.0.1", "null", ""]) {
      assert.match(await ask(upgradeRequest({ Origin })), /^HTTP\/1\.1 403 Forbidden\r\n[^]*\r\n\r\n$/);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("answers another path with 404", async () => {
    for (const path of ["/", "/peer/", "/peer?x", "/../peer", "http://peer/peer"]) {
      assert.match(await ask(upgradeRequest({}, path)), /^HTTP\/1\.1 404 Not Found\r\n/, path);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("answers a request without an upgrade with 426", async () => {
    for (const request of ["GET /peer HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"]) {
      assert.match(await ask(request), /^HTTP\/1\.1 426 /);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("answers garbage with 400, and endless headers with 431", async () => {
    for (const garbage of [
      "\u0000\u0001\r\n\r\n",
      "SSH-2.0-x\r\n\r\n",
      upgradeRequest({ "Sec-WebSocket-Key": "short" }),
    ]) {
      assert.match(await ask(garbage), /^HTTP\/1\.1 400 /);
    }
    assert.match(await ask(upgradeRequest({ "X-Long": "x".repeat(20_000) })), /^HTTP\/1\.1 431 /);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("limits the wait for a request, and for the end of a refused one", async () => {
    const refused = await tlsTo(address, carmen, { socket: connect({ ...address, allowHalfOpen: true }) });
    refused.resume().write(upgradeRequest({}, "/"));
    await once(refused, "end");
    const [idle, slow] = [await tlsTo(address, carmen), await tlsTo(address, carmen)];
    slow.write("GET /peer HTTP/1.1\r\nHost:");
    await Promise.all([closed(idle), closed(slow)]);
    // After the other side has ended, a half-open socket only learns by writing that its peer is gone.
    while (!refused.closed) {
      refused.write("Hello?");
      await delay(10);
    }
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });
});

describe("the place where the peer listener listens", () => {
  afterEach(cleanUp);

  type Ready = Extract<NetworkEvent, { type: "listener/ready" }>;

  /** What a network tells in answer to `listen`. */
  async function ready(
    network: TestNetwork,
    reach: "loopback" | "network",
    port: number | null = null,
  ): Promise<Ready> {
    const told = network.events.items.length;
    network.listen("tester", reach, port);
    await network.events.count(told + 1);
    const event = network.events.items[told];
    assert.equal(event?.type, "listener/ready");
    return event;
  }

  function hosts({ addresses }: Ready): string[] {
    return addresses.map(({ host }) => host);
  }

  it("is loopback only for a server on loopback", async () => {
    const event = await ready(testNetwork(), "loopback");
    assert.deepEqual(event.addresses, [{ host: "127.0.0.1", port: event.port }]);
  });

  it("is every interface for a server on the network; loopback is announced only when the server is on it", async () => {
    const server = await fakeServer();
    const [far, near] = [testNetwork(), testNetwork()];
    await connected(near, server);
    assert.deepEqual(
      hosts(await ready(far, "network")).filter((host) => host.startsWith("127.")),
      [],
    );
    const event = await ready(near, "network");
    assert.equal(hosts(event).at(-1), "127.0.0.1");
    await knock({ host: "127.0.0.1", port: event.port });
  });

  it("is the configured address, whatever the reach", async () => {
    const network = testNetwork({ settings: { peerHost: "127.0.0.2" } });
    assert.deepEqual(hosts(await ready(network, "network")), ["127.0.0.2"]);
  });

  it("is the next free port when windows share the configured one", async () => {
    const { port: taken } = await rawServer(() => undefined);
    const settings = { peerPort: taken };
    const { port: first } = await ready(testNetwork({ settings }), "loopback");
    const { port: second } = await ready(testNetwork({ settings }), "loopback");
    assert.ok(first > taken && first < second && second <= taken + 19);
  });

  it("is the previous port if that is free", async () => {
    const port = await freePort();
    assert.equal((await ready(testNetwork(), "loopback", port)).port, port);
    assert.notEqual((await ready(testNetwork(), "loopback", port)).port, port);
  });

  it("stays the same when requested again, and moves with the reach", async () => {
    const network = testNetwork();
    const first = await ready(network, "loopback");
    assert.deepEqual(await ready(network, "loopback"), first);
    const moved = await ready(network, "network");
    assert.notEqual(moved.port, first.port);
    await assertDeaf(first.port);
  });

  it("is closed by `stopListening`, which cuts waiting connections and keeps open links", async () => {
    const { anna, bobby, address } = await pair();
    const waiting = await knock(address);
    bobby.stopListening();
    await closed(waiting);
    await assertDeaf(address.port);
    anna.sendLink("d1", message(1, "still here?"));
    await frameOf(bobby, "i1", ({ type }) => type === "message");
  });

  it("is not opened when the request was withdrawn before the key was loaded", async () => {
    const port = await freePort();
    const network = testNetwork();
    network.listen("tester", "loopback", null);
    network.stopListening();
    assert.equal((await ready(network, "loopback", port)).port, port);
  });

  for (const [settings, expected] of [
    [
      { peerHost: "192.0.2.1" },
      /: 192\.0\.2\.1 isn't an address of this machine \(setting forkchat\.peerHost\)\.$/,
    ],
    [{ peerHost: "no.such.host.invalid" }, /: no\.such\.host\.invalid isn't an address of this machine/],
    [{ peerPort: 70_000 }, /: it can't listen for connections\.$/],
  ] as const) {
    it(`is reported when it cannot be used: ${JSON.stringify(settings)}`, async () => {
      const network = testNetwork({ settings });
      network.listen("tester", "loopback", null);
      const { text } = await network.event("listener/failed");
      assert.match(text, /^Others can't open private sessions directly to this window: /);
      assert.match(text, expected);
    });
  }
});
