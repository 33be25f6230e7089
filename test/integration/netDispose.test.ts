// The end of a window's network: every peer is notified, and nothing stays open.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { RelayMeeting } from "../../extension/core/model/ports.ts";
import { Token } from "../../protocol/fields.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { TestKey } from "../support/testKey.ts";
import {
  cleanUp,
  closing,
  connected,
  fakeServer,
  rawServer,
  received,
  testNetwork,
  type TestNetwork,
} from "./netHarness.ts";
import {
  closed,
  endOf,
  frameOf,
  framesOf,
  hello,
  knock,
  listening,
  pair,
  stranger,
  target,
  tlsTo,
} from "./peerHarness.ts";

const ticket = v.parse(Token, "t".repeat(32));
const carmen = new TestKey();

/** What keeps the process alive, the test runner's own included, by kind. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(TCP|Timeout|Immediate|GetAddrInfo|HTTP|TLS|JSStream)/.test(kind)) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

function moreThan(before: Readonly<Record<string, number>>): string | undefined {
  const [more] = Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0));
  return more && `${more.join(": ")} after, ${JSON.stringify(before)} before`;
}

function assertNoMoreThan(before: Readonly<Record<string, number>>): void {
  assert.equal(moreThan(before), undefined);
}

/** A busy machine takes a while to end what has been given up. */
async function untilNoMoreThan(before: Readonly<Record<string, number>>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (moreThan(before) !== undefined && performance.now() < end) await delay(10);
  assertNoMoreThan(before);
}

/** A relay that accepts a connection and never answers. */
async function silentRelay(): Promise<RelayMeeting> {
  const { port } = await rawServer(() => undefined);
  return { server: `ws://127.0.0.1:${String(port)}`, ticket };
}

describe("disposing a network", () => {
  afterEach(cleanUp);

  it("leaves nothing open, whatever is in progress", async () => {
    const server = await fakeServer();
    const relay = await silentRelay();
    // A relay that lets one side in, and where the other never comes.
    const empty = await fakeServer(null);
    const silent = await rawServer(() => undefined);
    const before = resources();

    const network = testNetwork({ limits: { closeMs: 100 } });
    await connected(network, server);
    const address = await listening(network, carmen);
    const place = { host: "127.0.0.1", port: silent.port };
    network.connect(2, `ws://127.0.0.1:${String(silent.port)}`, "tester");
    network.connect(3, "not an address", "tester");
    network.dial("d1", target(carmen, place));
    network.dial("d2", { ...target(carmen, place), relay });
    network.meetAtRelay(relay, target(carmen).pin);
    network.meetAtRelay({ server: empty.url, ticket }, target(carmen).pin);
    const [open, greeting] = [await stranger(address, carmen), await stranger(address, carmen)];
    open.send(JSON.stringify(hello()));
    await frameOf(network, "i1", ({ type }) => type === "hello");
    const others = [await knock(address), await tlsTo(address, carmen)];
    await empty.clients.count(1);
    const said = received(open);
    const ends = Promise.all([open, greeting].map(closing));

    await network.dispose();
    assert.deepEqual(await ends, [1001, 1001]);
    assert.deepEqual(said.items, ['{"type":"bye","reason":"closed"}']);
    await Promise.all(others.map(closed));
    await cleanUp();
    await untilNoMoreThan(before);
  });

  for (const [when, hasKey] of [
    ["in the tick of the beginning", false],
    ["in the tick of what needs the key, which is there", true],
  ] as const) {
    it(`leaves nothing open when it happens ${when}`, async () => {
      const server = await fakeServer();
      const relay = await silentRelay();
      const network = testNetwork();
      if (hasKey) await listening(network, carmen);
      const told = network.types();
      const before = resources();
      network.connect(1, server.url, "tester");
      network.listen("tester", "network", null);
      network.dial("d1", { ...target(carmen, { host: "127.0.0.1", port: server.port }), relay });
      network.meetAtRelay(relay, target(carmen).pin);
      await network.dispose();
      // A key that comes later must not begin anything either.
      await delay(100);
      await untilNoMoreThan(before);
      assert.deepEqual(network.types(), told);
      assert.deepEqual(server.clients.items, []);
    });
  }

  it("does not wait for peers that never answer", async () => {
    const server = await fakeServer();
    const network = testNetwork({ limits: { closeMs: 50 } });
    await connected(network, server);
    const ws = await stranger(await listening(network, carmen), carmen);
    await network.event("link/connected");
    ws.pause();
    server.clients.items[0]?.ws.pause();
    const told = network.types();
    await network.dispose();
    assert.deepEqual(network.types(), told);
  });

  it("tells the server that the window is closing, and every peer that its link is closing", async () => {
    const { anna, bobby, server, address } = await pair();
    const dora = testNetwork();
    await connected(dora, server);
    bobby.expect([anna.pin, dora.pin]);
    dora.dial("d1", target(bobby, address));
    await dora.event("link/connected");
    const codes = server.clients.items.map(async ({ ws }) => closing(ws));
    await bobby.dispose();
    for (const other of [anna, dora]) {
      assert.equal((await endOf(other, "d1")).code, 1001);
      assert.deepEqual(framesOf(other, "d1").at(-1), { type: "bye", reason: "closed" });
    }
    assert.equal(await Promise.race(codes), 1001);
  });

  it("can be repeated, and makes every later call do nothing", async () => {
    const { anna, server, bobby, address } = await pair();
    await Promise.all([anna.dispose(), anna.dispose()]);
    const told = anna.types();
    const before = resources();
    callEverything(anna);
    anna.dial("d9", target(bobby, address));
    anna.connect(9, server.url, "tester");
    // What any of these had begun would be under way by now.
    await delay(50);
    assertNoMoreThan(before);
    await anna.dispose();
    assert.deepEqual(anna.types(), told);
    assert.equal(server.clients.items.length, 2);
  });

  function callEverything(network: TestNetwork): void {
    network.listen("tester", "loopback", null);
    network.expect([target(carmen).pin]);
    network.join(1, { name: "anna" });
    network.send(1, { type: "users" });
    network.sendLink("d1", { type: "ack", received: 1 });
    network.closeLink("d1", 1000);
    network.meetAtRelay({ server: "ws://127.0.0.1:9", ticket }, target(carmen).pin);
    network.disconnect(1, "quit");
    network.stopListening();
  }
});
