// People who want the relay for themselves: its tickets, its places, its bytes.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { limits } from "../../protocol/limits.ts";
import { clientFrame, openRaw, readUntil } from "../conformance/rawClient.ts";
import type { TestClient } from "../conformance/testClient.ts";
import { LONG } from "../fuzz/fuzz.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

const HONEST = "127.0.0.2";
const card = { addresses: [] };
/** A pong from the server with one byte in it. */
const PONG_BYTES = 3;

describe("people who try to occupy the relay", function () {
  this.timeout(LONG ? 300_000 : 60_000);
  let server: ServerProcess;
  let pair: HonestPair;
  let carmen: TestClient;
  let dora: TestClient;
  const tunnels: WebSocket[] = [];

  beforeEach(async () => {
    server = await ServerProcess.start();
    pair = await HonestPair.meet(server.url, { localAddress: HONEST });
    carmen = (await joinFrom(server.url, "carmen", HONEST)).client;
    dora = (await joinFrom(server.url, "dora", HONEST)).client;
  });
  afterEach(async () => {
    await pair.talk();
    await pair.leave();
    for (const ws of tunnels.splice(0)) ws.terminate();
    await server.stop("SIGKILL");
  });

  let asked = 0;
  /** Two tickets; `to`: the other's name. */
  async function tickets(from: TestClient, other: TestClient, to: string): Promise<[string, string]> {
    const id = `r-${++asked}`;
    from.send({ type: "reach", id, sid: "session-1", to, card });
    const mine = await from.until("reaching", (answer) => answer.id === id);
    const theirs = await other.until("reach");
    return [mine.ticket ?? "", theirs.ticket ?? ""];
  }

  /** The status with which a ticket is answered; 101 when a tunnel opens. */
  async function dial(ticket: string, localAddress: string): Promise<{ ws: WebSocket; status: number }> {
    const ws = new WebSocket(`${server.url}/relay`, {
      headers: { Authorization: `Bearer ${ticket}` },
      perMessageDeflate: false,
      localAddress,
    });
    ws.on("error", () => undefined);
    tunnels.push(ws);
    const status = await new Promise<number>((resolve) => {
      ws.once("open", () => resolve(101));
      ws.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    });
    return { ws, status };
  }

  /** Two honest people meet at the relay with these tickets. */
  async function meet([first, second]: readonly [string, string]): Promise<void> {
    const a = await dial(first, HONEST);
    const b = await dial(second, HONEST);
    assert.deepEqual([a.status, b.status], [101, 101]);
    const heard = once(b.ws, "message");
    a.ws.send(Buffer.from("hello"));
    assert.equal(String((await heard)[0]), "hello");
  }

  it("take no one's ticket, however many keys ask for one", async () => {
    const ours = await tickets(carmen, dora, "dora");
    const keys: TestClient[] = [];
    let issued = 0;
    for (let key = 0; key < 160; key++) {
      const { client, name } = await joinFrom(server.url, `m${key}`, "127.0.0.3");
      assert.equal(name, `m${key}`);
      keys.push(client);
      // Others of theirs in turn: each one may be asked for only so often.
      for (let n = 0; n < limits.reachBurst && key > 0; n++)
        client.send({ type: "reach", id: `r-${n}`, sid: "session-1", to: `m${n % key}`, card });
      while (key > 0) {
        const answer = await client.oneOf("reaching", "error");
        if (answer.type === "reaching") issued += 1;
        if (answer.id === `r-${limits.reachBurst - 1}`) break;
      }
      if (key % 40 === 0) await pair.talk();
    }
    assert.ok(issued > limits.ticketPairs, `${issued} pairs of tickets`);
    for (const { ws } of keys) ws.terminate();
    await meet(ours);
  });

  it("get no extra places by using several names", async () => {
    const key = new TestKey();
    const { client: one } = await joinFrom(server.url, "one", "127.0.0.3", key);
    const { client: other } = await joinFrom(server.url, "other", "127.0.0.3", key);
    const opened = [];
    for (let n = 0; n <= limits.relayTunnelsPerKey / 2; n++)
      for (const ticket of await tickets(one, other, "other"))
        opened.push((await dial(ticket, "127.0.0.3")).status);
    assert.equal(opened.filter((status) => status === 101).length, limits.relayTunnelsPerKey);
    assert.deepEqual(new Set(opened), new Set([101, 429]));
    await meet(await tickets(carmen, dora, "dora"));
  });

  for (const [what, count, perSecond] of [
    ["one tunnel", 1, limits.relayBytesPerSecond],
    ["sixteen tunnels of a key", 16, limits.relayBytesPerSecondOfKey],
  ] as const) {
    it(`pass bytes at a limited rate by ${what}`, async () => {
      const { client: one } = await joinFrom(server.url, "one", "127.0.0.3");
      const { client: other } = await joinFrom(server.url, "other", "127.0.0.3");
      const honest = tickets(carmen, dora, "dora");
      const chunk = Buffer.alloc(limits.relayFrameBytes);
      let received = 0;
      const arrivals = new EventEmitter();
      const senders: WebSocket[] = [];
      for (let n = 0; n < count; n++) {
        const [first, second] = await tickets(one, other, "other");
        const { ws: to } = await dial(second, "127.0.0.3");
        const { ws: from } = await dial(first, "127.0.0.3");
        to.on("message", (data: Buffer) => {
          received += data.length;
          arrivals.emit("bytes");
        });
        senders.push(from);
      }
      const startedAt = performance.now();
      const enough = 1.5 * perSecond;
      for (const from of senders) {
        for (let bytes = 0; bytes < (1.2 * enough) / senders.length; bytes += chunk.length) from.send(chunk);
      }
      await meet(await honest);
      for (;;) {
        const seconds = (performance.now() - startedAt) / 1_000;
        const most = perSecond * (1 + seconds) + senders.length * 2 * 64 * 1024;
        assert.ok(received <= most, `${received} bytes after ${seconds.toFixed(2)} s`);
        if (received >= enough) return;
        await once(arrivals, "bytes");
      }
    });
  }

  const framesPerSecond = limits.relayBytesPerSecondOfKey / limits.leastRelayFrameBytes;
  for (const [what, opcode, enough, most] of [
    ["frames of a byte", 0x82, 16_000, (seconds: number) => 8 + framesPerSecond * (1 + seconds)],
    // One answer to all that are read at a time.
    ["pings", 0x89, 10, (seconds: number) => 8 * (2 + 100 * seconds)],
  ] as const)
    it(`make the server handle few ${what}, however many they send`, async () => {
      const { client: one } = await joinFrom(server.url, "one", "127.0.0.3");
      const { client: other } = await joinFrom(server.url, "other", "127.0.0.3");
      const honest = tickets(carmen, dora, "dora");
      const many = Buffer.concat(Array<Buffer>(60_000).fill(clientFrame(opcode, "x")));
      let answers = 0;
      const arrivals = new EventEmitter();
      const senders: Socket[] = [];
      for (let n = 0; n < 8; n++) {
        const [first, second] = await tickets(one, other, "other");
        const { ws: to } = await dial(second, "127.0.0.3");
        const from = await openRaw(server.url, {
          path: "/relay",
          headers: `Authorization: Bearer ${first}\r\n`,
          localAddress: "127.0.0.3",
        });
        await readUntil(from, "\r\n\r\n");
        const count = (bytes: number) => {
          answers += bytes;
          arrivals.emit("bytes");
        };
        to.on("message", (data: Buffer) => count(data.length));
        from.on("data", (data: Buffer) => count(data.length / PONG_BYTES));
        senders.push(from);
      }
      const startedAt = performance.now();
      for (const from of senders) from.write(many);
      await meet(await honest);
      while (answers < enough) await once(arrivals, "bytes");
      await pair.talk();
      const seconds = (performance.now() - startedAt) / 1_000;
      const allowed = most(seconds);
      assert.ok(answers <= allowed, `${answers} frames after ${seconds.toFixed(2)} s`);
      for (const from of senders) from.destroy();
    });

  if (LONG)
    it("take no one's place, however many keys take one", async () => {
      for (let key = 0; key < 132; key++) {
        const address = `127.0.0.${3 + (key % 4)}`;
        const { client } = await joinFrom(server.url, `m${key}`, address);
        const { client: other } = await joinFrom(server.url, `n${key}`, address);
        for (let n = 0; n < limits.relayTunnelsPerKey; n++) {
          const [mine] = await tickets(client, other, `n${key}`);
          await dial(mine, address);
        }
        other.ws.terminate();
        if (key % 10 === 0) await pair.talk();
      }
      await meet(await tickets(carmen, dora, "dora"));
    });
});
