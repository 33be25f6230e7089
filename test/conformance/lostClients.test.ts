import assert from "node:assert/strict";
import { once } from "node:events";
import { closeCodes } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
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

  it("that vanishes is reported as gone after the silence timeout", async () => {
    const server = await startServer({ heartbeatMs: 50, silenceMs: 200 });
    const anna = await TestClient.join(server.url, "anna");
    const vanished = await joinRaw(server.url, "vanished");
    await anna.until("arrived");
    assert.deepEqual(await anna.next("left"), { type: "left", name: "vanished", reason: "lost" });
    // Anna has said nothing either; but she answers pings.
    assert.deepEqual(await anna.settled(), []);
    vanished.destroy();
    await server.stop();
  });

  it("is not one that sends its own pings or pongs", async () => {
    const server = await startServer({ heartbeatMs: 20, silenceMs: 200 });
    const anna = await TestClient.join(server.url, "anna");
    const socket = await joinRaw(server.url, "pinging");
    socket.resume();
    await anna.until("arrived");
    const pings = setInterval(() => socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0])), 20);
    let beats = 0;
    while (++beats <= 25) await once(anna.ws, "ping");
    assert.deepEqual(await anna.settled(), []);
    clearInterval(pings);
    assert.equal((await anna.next("left")).name, "pinging");
    await server.stop();
  });

  it("that floods pings gets no answers beyond its rate", async () => {
    const server = await startServer({ framesPerSecond: 1 });
    const client = await TestClient.join(server.url, "anna");
    let pongs = 0;
    client.ws.on("pong", () => (pongs += 1));
    for (let n = 0; n < 50; n++) client.ws.ping(String(n));
    client.send({ type: "users" });
    assert.equal((await client.until("error")).code, "rate-limited");
    assert.ok(pongs > 0 && pongs <= limits.burstSeconds, `${String(pongs)} pongs`);
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
