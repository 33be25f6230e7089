import assert from "node:assert/strict";
import { once } from "node:events";
import { closeCodes } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { joinRaw } from "./rawClient.ts";
import { startServer } from "./startServer.ts";
import { TestClient } from "./testClient.ts";

describe("a client that is lost", () => {
  it("by not reading is dropped at the backlog limit, and the others get every message", async () => {
    const maxBacklog = 256 * 1024;
    const events: string[] = [];
    // At a rate that the command line does not offer: some megabytes have to go out.
    const server = await startServer({
      ...{ maxBacklog, framesPerSecond: 100_000, lobbyBytesPerSecond: 2 ** 30 },
      log: (_level, event) => events.push(event),
    });
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    const slow = await joinRaw(server.url, "slow");
    slow.pause();
    await bobby.until("arrived", ({ name }) => name === "slow");
    // Both systems' socket buffers fill first, some megabytes in all; then the server's own backlog.
    const text = "x".repeat(limits.textBytes);
    let sent = 0;
    let left = false;
    let seen = 0;
    while (!left) {
      anna.send({ type: "say", id: `m-${String(++sent)}`, text });
      await anna.until("ack");
      for (const message of await bobby.settled()) {
        if (message.type === "said") assert.equal(message.seq, ++seen);
        else if (message.type === "left") {
          assert.deepEqual(message, { type: "left", name: "slow", reason: "lost" });
          left = true;
        }
      }
      assert.ok(sent < 5_000, "the slow reader is never dropped");
    }
    anna.send({ type: "say", id: "last", text: "all the same" });
    assert.equal((await bobby.until("said", ({ id }) => id === "last")).seq, sent + 1);
    assert.ok(events.includes("slow-reader"));
    assert.equal(server.read().tally.ended["slow-reader"], 1);
    slow.destroy();
    await server.stop();
  });

  it("that does not read its welcome is dropped at the deadline, whatever it sends", async () => {
    const server = await startServer({
      ...{ handshakeMs: 3_000, historyBytes: 2 ** 24, newcomerMessages: 500, maxBacklog: 2 ** 30 },
      ...{ framesPerSecond: 10_000, lobbyBytesPerSecond: 2 ** 30 },
    });
    const anna = await TestClient.join(server.url, "anna");
    const text = "x".repeat(limits.textBytes);
    for (let n = 0; n < 500; n++) {
      anna.send({ type: "say", id: `m-${String(n)}`, text });
      await anna.until("ack");
    }
    // More than both systems' buffers hold.
    const deaf = await joinRaw(server.url, "deaf");
    deaf.pause();
    const pings = setInterval(() => deaf.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0])), 100);
    assert.deepEqual(await anna.until("left"), { type: "left", name: "deaf", reason: "lost" });
    clearInterval(pings);
    deaf.destroy();
    await server.stop();
  });

  it("that keeps flooding pings or pongs is closed with 4002", async () => {
    const server = await startServer({ framesPerSecond: 1 });
    for (const kind of ["ping", "pong"] as const) {
      const client = await TestClient.join(server.url, "anna");
      for (let n = 0; n < 2 * limits.errors; n++) client.ws[kind](String(n));
      assert.equal((await client.closed).code, closeCodes.tooManyErrors);
    }
    await server.stop();
  });
});

// Time passes only when the test says so: a pause of this process would count as silence of all clients.
describe("the time of a server", () => {
  const time = new FakeTimers();
  /** An answer may be read some heartbeats later. */
  const times = { heartbeatMs: 1_000, silenceMs: 20_500 };
  beforeEach(() => time.install());
  afterEach(() => time.uninstall());

  /** Lets heartbeats pass. Anna answers each ping. */
  async function beats(count: number, anna: TestClient, before: () => void = () => undefined): Promise<void> {
    for (let beat = 0; beat < count; beat++) {
      before();
      const pinged = once(anna.ws, "ping");
      time.pass(times.heartbeatMs);
      await pinged;
    }
  }

  it("ends a client that vanished, and none that answers pings", async () => {
    const server = await startServer(times);
    const anna = await TestClient.join(server.url, "anna");
    const vanished = await joinRaw(server.url, "vanished");
    await anna.until("arrived");
    await beats(20, anna);
    assert.deepEqual(await anna.settled(), []);
    await beats(1, anna);
    assert.deepEqual(await anna.next("left"), { type: "left", name: "vanished", reason: "lost" });
    assert.equal(server.read().tally.ended.silent, 1);
    // Anna says nothing either; but she answers pings.
    await beats(30, anna);
    assert.deepEqual(await anna.settled(), []);
    vanished.destroy();
    await server.stop();
  });

  it("ends no client that sends its own pings", async () => {
    const server = await startServer(times);
    const anna = await TestClient.join(server.url, "anna");
    const socket = await joinRaw(server.url, "pinging");
    socket.resume();
    await anna.until("arrived");
    await beats(30, anna, () => socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0])));
    assert.deepEqual(await anna.settled(), []);
    await beats(30, anna);
    assert.equal((await anna.next("left")).name, "pinging");
    await server.stop();
  });

  it("stands still while its process does: only a client that stays silent afterwards is ended", async () => {
    const server = await startServer(times);
    const anna = await TestClient.join(server.url, "anna");
    const vanished = await joinRaw(server.url, "vanished");
    await anna.until("arrived");
    time.standStill(10 * times.silenceMs);
    // At most one second of it counts.
    await beats(19, anna);
    assert.deepEqual(await anna.settled(), []);
    await beats(1, anna);
    assert.deepEqual(await anna.next("left"), { type: "left", name: "vanished", reason: "lost" });
    vanished.destroy();
    await server.stop();
  });

  it("limits the answers to pings", async () => {
    const server = await startServer({ framesPerSecond: 1 });
    const client = await TestClient.join(server.url, "anna");
    let pongs = 0;
    client.ws.on("pong", () => (pongs += 1));
    for (let n = 0; n < 50; n++) client.ws.ping(String(n));
    client.send({ type: "users" });
    assert.equal((await client.until("error")).code, "rate-limited");
    assert.equal(pongs, limits.burstSeconds);
    await server.stop();
  });
});
