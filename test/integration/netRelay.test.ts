// Links through the relay of a real server: two networks with a pair of tickets, also beside strangers, and every way in which
// such a meeting can fail.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { RelayMeeting } from "../../extension/core/model/ports.ts";
import type { NetLimits } from "../../extension/net/dial/netLimits.ts";
import { Token, type Address } from "../../protocol/fields.ts";
import { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { cleanUp, rawServer, refusingServer, testNetwork, type TestNetwork } from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";
import {
  endOf,
  failedDial,
  failureOf,
  frameOf,
  framesOf,
  greet,
  hello,
  listening,
  message,
  startOf,
  target,
} from "./peerHarness.ts";

describe("a link through the relay", () => {
  let server: ServerProcess;
  let callers: readonly [TestClient, TestClient];

  before(async () => {
    server = await ServerProcess.start();
    callers = [await TestClient.join(server.url, "anna"), await TestClient.join(server.url, "bobby")];
  });
  after(() => server.stop("SIGKILL"));
  afterEach(cleanUp);

  let asked = 0;
  /** The two meetings of a pair: the first for who dials, the second for who waits. */
  async function meetings(): Promise<[RelayMeeting, RelayMeeting]> {
    const [anna, bobby] = callers;
    anna.send({
      type: "reach",
      id: `r-${String(++asked)}`,
      sid: "session-1",
      to: "bobby",
      card: { addresses: [] },
    });
    const tickets = [(await anna.until("reaching")).ticket, (await bobby.until("reach")).ticket];
    const [mine, theirs] = tickets.map((ticket) => ({ server: server.url, ticket: v.parse(Token, ticket) }));
    assert.ok(mine && theirs);
    return [mine, theirs];
  }

  /** Two networks that have a key and can meet nowhere but at the relay. */
  async function networks(limits: Partial<NetLimits> = {}): Promise<[TestNetwork, TestNetwork]> {
    const both: [TestNetwork, TestNetwork] = [testNetwork({ limits }), testNetwork({ limits })];
    const [anna, bobby] = both;
    await Promise.all([listening(anna, bobby), listening(bobby, anna)]);
    return both;
  }

  /** Anna dials and bobby waits; `d1` and `i1`, over which both have said hello. */
  async function relayed(limits: Partial<NetLimits> = {}): Promise<[TestNetwork, TestNetwork]> {
    const [anna, bobby] = await networks(limits);
    const [mine, theirs] = await meetings();
    bobby.meetAtRelay(theirs, anna.pin);
    anna.dial("d1", { ...target(bobby), relay: mine });
    await greet(anna, "d1", bobby, "i1");
    return [anna, bobby];
  }

  it("is reported to both sides as relayed, and carries large frames both ways, whole and in order", async () => {
    const [anna, bobby] = await relayed();
    const [d1, i1] = [await startOf(anna, "d1"), await startOf(bobby, "i1")];
    assert.deepEqual([d1.role, d1.path, d1.pin, d1.ownPin], ["dialler", "relayed", bobby.pin, anna.pin]);
    assert.deepEqual([i1.role, i1.path, i1.pin, i1.ownPin], ["listener", "relayed", anna.pin, bobby.pin]);
    // In JSON each is three frames of the relay long.
    const texts = Array.from({ length: 24 }, (_, n) =>
      message(n + 1, `${String(n)}${"\u0001".repeat(16_000)}`),
    );
    for (const frame of texts) {
      anna.sendLink("d1", frame);
      bobby.sendLink("i1", frame);
    }
    for (const [network, link] of [
      [anna, "d1"],
      [bobby, "i1"],
    ] as const) {
      await frameOf(network, link, (frame) => frame.type === "message" && frame.seq === texts.length);
      assert.deepEqual(framesOf(network, link).slice(1), texts);
    }
  });

  for (const [who, link, other] of [
    ["dialled", "i1", "waited"],
    ["waited", "d1", "dialled"],
  ] as const) {
    it(`receives bye when the window closes that ${who}`, async () => {
      const [dialled, waited] = await relayed();
      const networks = { dialled, waited };
      await networks[who].dispose();
      assert.equal((await endOf(networks[other], link)).code, 1001);
      assert.deepEqual(framesOf(networks[other], link), [hello(), { type: "bye", reason: "closed" }]);
    });
  }

  it("ends for the other side with the code it was closed with, after the last messages", async () => {
    const [anna, bobby] = await relayed();
    bobby.sendLink("i1", message(1, "last words"));
    bobby.closeLink("i1", 4003);
    const { kind, code } = await endOf(anna, "d1");
    assert.deepEqual([kind, code], ["closed", 4003]);
    assert.deepEqual(framesOf(anna, "d1"), [hello(), message(1, "last words")]);
  });

  it("slows a sender down when the other side reads slowly, and loses nothing", async () => {
    const [anna, bobby] = await relayed({
      peerFramesPerSecond: 200,
      burstSeconds: 0.1,
      linkSilenceMs: 4_000,
    });
    const texts = Array.from({ length: 300 }, (_, n) => message(n + 1, "x".repeat(4_000)));
    for (const frame of texts) anna.sendLink("d1", frame);
    await frameOf(bobby, "i1", (frame) => frame.type === "message" && frame.seq === texts.length);
    assert.deepEqual(framesOf(bobby, "i1").slice(1), texts);
  });

  it("is not opened with a peer that has another key", async () => {
    const [anna, bobby] = await networks();
    const [mine, theirs] = await meetings();
    bobby.meetAtRelay(theirs, anna.pin);
    anna.dial("d1", { ...target(new TestKey()), relay: mine });
    assert.equal(await failureOf(anna, "d1"), "the server's relay presented a different key");
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("is not opened with an unexpected peer, and the side that waits keeps waiting", async () => {
    const [anna, bobby] = await networks();
    bobby.expect([]);
    const [mine, theirs] = await meetings();
    bobby.meetAtRelay(theirs, anna.pin);
    anna.dial("d1", { ...target(bobby), relay: mine });
    assert.equal(
      await failureOf(anna, "d1"),
      "the server's relay closed the connection: it doesn't expect this window, or too many windows are connecting to it at once",
    );
    assert.ok(bobby.logged.includes("Refused a peer connection: not an expected key"));
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("fails with a reason when no one comes, the ticket is used or expired, or there is no relay", async () => {
    const [anna] = await networks();
    const [hasty] = await networks({ handshakeMs: 1_000 });
    const [alone] = await meetings();
    const { port: silent } = await rawServer(() => undefined);
    const at = (port: number): RelayMeeting => ({ ...alone, server: `ws://127.0.0.1:${String(port)}` });
    const relays: readonly (readonly [RelayMeeting, string, TestNetwork?])[] = [
      [alone, "the other window didn't connect to the server's relay", hasty],
      [alone, "the server's relay refused the connection (HTTP status 401)"],
      [at(await refusingServer(503)), "the server's relay refused the connection (HTTP status 503)"],
      [at(await freePort()), "nothing is listening at the server's relay"],
      [at(silent), "the other window didn't connect to the server's relay", hasty],
      [{ ...alone, server: "nowhere" }, "something other than Fork Chat is listening at the server's relay"],
    ];
    for (const [n, [relay, text, network = anna]] of relays.entries()) {
      network.dial(`d${String(n)}`, { ...target(new TestKey()), relay });
      assert.equal(await failureOf(network, `d${String(n)}`), text);
    }
  });

  it("is canceled silently while waiting", async () => {
    const [anna, bobby] = await networks({ handshakeMs: 200 });
    const [, theirs] = await meetings();
    for (const relay of [
      theirs,
      theirs,
      { ...theirs, server: "ws://127.0.0.1:1" },
      { ...theirs, server: "?" },
    ]) {
      bobby.meetAtRelay(relay, anna.pin);
    }
    await delay(500);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("names every path that failed", async () => {
    const [anna] = await networks();
    const nothing = { host: "127.0.0.1", port: await freePort() };
    const relay = {
      server: `ws://127.0.0.1:${String(await freePort())}`,
      ticket: (await meetings())[0].ticket,
    };
    anna.dial("d1", { ...target(new TestKey(), nothing), relay });
    assert.equal(
      await failureOf(anna, "d1"),
      `nothing is listening at 127.0.0.1:${String(nothing.port)}; nothing is listening at the server's relay`,
    );
    assert.deepEqual((await failedDial(anna, "d1")).ways, [
      { address: nothing, failure: `nothing is listening at 127.0.0.1:${String(nothing.port)}` },
      { address: null, failure: "nothing is listening at the server's relay" },
    ]);
  });

  describe("a relayed link that races direct ones", () => {
    /** How a dial of these addresses and the relay ends, when bobby waits there as well. */
    async function race(addresses: (bobby: Address) => readonly Address[], limits: Partial<NetLimits>) {
      const [anna, bobby] = [testNetwork({ limits }), testNetwork()];
      await listening(anna, bobby);
      const address = await listening(bobby, anna);
      const [mine, theirs] = await meetings();
      bobby.meetAtRelay(theirs, anna.pin);
      anna.dial("d1", { ...target(bobby, ...addresses(address)), relay: mine });
      await greet(anna, "d1", bobby, "i1");
      const { path, ways } = await startOf(anna, "d1");
      assert.equal((await startOf(bobby, "i1")).path, path);
      return { path, ways };
    }

    it("loses to a direct one that works, even if that is not the first", async () => {
      const { port } = await rawServer(() => undefined);
      const limits = { staggerMs: 20, relayDelayMs: 10_000 };
      const { path, ways } = await race((bobby) => [{ host: "127.0.0.1", port }, bobby], limits);
      assert.equal(path, "direct");
      const slower = `127.0.0.1:${String(port)} hadn't responded when another connection succeeded`;
      assert.deepEqual(
        ways.map(({ failure }) => failure),
        [slower, null],
      );
    });

    it("wins while the direct ones do not answer, or fail; it does not wait when there are none", async () => {
      const { port } = await rawServer(() => undefined);
      assert.equal((await race(() => [{ host: "127.0.0.1", port }], {})).path, "relayed");
      const nothing = { host: "127.0.0.1", port: await freePort() };
      const { path, ways } = await race(() => [nothing], {});
      assert.equal(path, "relayed");
      assert.deepEqual(ways, [
        { address: nothing, failure: `nothing is listening at 127.0.0.1:${String(nothing.port)}` },
        { address: null, failure: null },
      ]);
      assert.equal((await race(() => [], { relayDelayMs: 60_000 })).path, "relayed");
    });
  });
});
