// Where the peer listener listens: its address and port, and when it moves or closes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { NetworkEvent } from "../../extension/core/model/ports.ts";
import {
  atEnd,
  cleanUp,
  connected,
  fakeServer,
  rawServer,
  testNetwork,
  type TestNetwork,
} from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";
import { refuseInterfaces } from "../support/networkInterfaces.ts";
import { closed, frameOf, knock, message, pair } from "./peerHarness.ts";

/** Nothing listens at a port of 127.0.0.1. */
async function assertDeaf(port: number): Promise<void> {
  await assert.rejects(once(connect(port, "127.0.0.1"), "connect"), { code: "ECONNREFUSED" });
}

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

  it("is every interface, and announced nowhere, if the system does not list the interfaces", async () => {
    atEnd(refuseInterfaces());
    const event = await ready(testNetwork({ limits: { addressWatchMs: 1 } }), "network");
    assert.deepEqual(event.addresses, []);
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
