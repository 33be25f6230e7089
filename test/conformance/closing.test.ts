import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { generate } from "selfsigned";
import type { RunningServer, ServerOptions } from "../../server/createServer.ts";
import { limits } from "../../protocol/limits.ts";
import { clientFrame, joinRaw, openRaw, readUntil } from "./rawClient.ts";
import { startServer } from "./startServer.ts";
import { TestClient } from "./testClient.ts";

const CLOSE = 0x88;
/** Bytes; the system keeps what goes into the buffers of both ends. */
const MORE_THAN_SOCKETS_HOLD = 16 * 1024 * 1024;
const QUIT = Buffer.from([1000 >> 8, 1000 & 0xff]);

/** Everything that comes until the other end says no more. */
async function readToEnd(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  return Buffer.concat(chunks);
}

/** Whether the last bytes are a closing frame of a server with this code. */
function endsWithClose(bytes: Buffer, code: number): boolean {
  for (let at = bytes.lastIndexOf(CLOSE); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(CLOSE, at - 1)) {
    const length = bytes[at + 1] ?? 0;
    if (at + 2 + length === bytes.length && length >= 2) return bytes.readUInt16BE(at + 2) === code;
  }
  return false;
}

for (const { name, tls } of [
  { name: "without TLS", tls: false },
  { name: "with TLS", tls: true },
]) {
  describe(`the end of a connection ${name}`, () => {
    let options: Partial<ServerOptions>;
    let server: RunningServer;
    let watcher: TestClient;
    before(async () => {
      if (!tls) return (options = {});
      const pair = await generate([{ name: "commonName", value: "test" }], { keyType: "ec", curve: "P-256" });
      return (options = { tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.private) } });
    });
    beforeEach(async () => {
      server = await startServer(options);
      watcher = await TestClient.join(server.url, "watcher", {}, undefined, { rejectUnauthorized: false });
    });
    afterEach(() => server.stop());

    async function joined(): Promise<Socket> {
      const socket = await joinRaw(server.url, "anna");
      await watcher.until("arrived");
      return socket;
    }

    it("by a client is answered with its code, and the others learn the reason", async () => {
      const anna = await joined();
      const rest = readToEnd(anna);
      anna.write(clientFrame(CLOSE, QUIT));
      assert.ok(endsWithClose(await rest, 1000));
      anna.end();
      assert.equal((await watcher.next("left")).reason, "quit");
    });

    it("by a client that sends FIN without a close frame soon ends the server's side too", async () => {
      const anna = await joined();
      const rest = readToEnd(anna);
      anna.end();
      assert.deepEqual(await rest, Buffer.alloc(0));
      assert.equal((await watcher.next("left")).reason, "lost");
    });

    it("by a client behind other frames comes after their answers, and what follows it is ignored", async () => {
      const anna = await joined();
      const rest = readToEnd(anna);
      const say = (text: string): Buffer =>
        clientFrame(0x81, JSON.stringify({ type: "say", id: text, text }));
      anna.end(Buffer.concat([say("before"), clientFrame(CLOSE, QUIT), say("behind")]));
      const bytes = await rest;
      assert.ok(endsWithClose(bytes, 1000));
      assert.match(bytes.toString("latin1"), /"type":"ack","id":"before"/);
      assert.equal((await watcher.next("said")).text, "before");
      assert.equal((await watcher.next("left")).reason, "quit");
    });

    it("by both sides at once is complete when each has the other's frame", async () => {
      const anna = await joined();
      const rest = readToEnd(anna);
      anna.write(Buffer.concat([clientFrame(0x82, "binary"), clientFrame(CLOSE, QUIT)]));
      assert.ok(endsWithClose(await rest, 1003));
      anna.end();
      assert.equal((await watcher.next("left")).reason, "quit");
    });

    it("by the server is cut at once when the client merely keeps exceeding its rate", async () => {
      const anna = await joined();
      const bobby = await joinRaw(server.url, "bobby");
      await watcher.until("arrived");
      // More than it earns however long this process pauses between two reads.
      const pings = Array.from({ length: 10 * limits.framesPerSecond * limits.burstSeconds }, () =>
        clientFrame(0x89, ""),
      );
      // Both are closed at the same time. Bobby, who is silent, has some seconds still.
      bobby.resume().write(clientFrame(0x82, "binary"));
      anna.resume().write(Buffer.concat([clientFrame(0x82, "binary"), ...pings]));
      assert.deepEqual(await watcher.next("left"), { type: "left", name: "anna", reason: "lost" });
      for (const socket of [anna, bobby]) socket.destroy();
    });

    it("by the server is cut after a while when the client does not close", async () => {
      const anna = await joined();
      const closed = readUntil(anna, "frames are text");
      anna.write(clientFrame(0x82, "binary"));
      await closed;
      await once(anna, "end");
      assert.equal((await watcher.next("left")).reason, "lost");
      anna.destroy();
    });

    it("follows a message of too many fragments, whatever they contain", async () => {
      const anna = await joined();
      const rest = readToEnd(anna);
      const fragments = Array.from({ length: limits.fragments }, () => clientFrame(0x00, ""));
      anna.write(Buffer.concat([clientFrame(0x01, ""), ...fragments]));
      assert.ok(endsWithClose(await rest, 1008));
      assert.equal((await watcher.next("left")).reason, "lost");
      anna.destroy();
    });

    it("does not follow a message whose first frames arrive in one packet with its request", async () => {
      const early = await openRaw(server.url, { behind: clientFrame(0x81, "no message") });
      const read = await readUntil(early, '"code":"bad-json"');
      assert.ok(read.indexOf("101 Switching Protocols") < read.indexOf('"type":"challenge"'));
      assert.ok(read.indexOf('"type":"challenge"') < read.indexOf('"code":"bad-json"'));
      early.destroy();
    });
  });
}

describe("a client that sends no more", () => {
  it("and never reads what waits for it is cut after a while", async () => {
    // Neither its silence nor what waits for it may be what ends it here.
    const forLong = { heartbeatMs: 600_000, silenceMs: 1_200_000, maxBacklog: Infinity };
    const server = await startServer({
      ...forLong,
      ...{ framesPerSecond: 100_000, lobbyBytesPerSecond: 2 ** 30 },
    });
    const anna = (await joinRaw(server.url, "anna")).pause();
    try {
      const watcher = await TestClient.join(server.url, "watcher");
      const text = "x".repeat(limits.textBytes);
      for (let sent = 0; sent < MORE_THAN_SOCKETS_HOLD; sent += text.length) {
        watcher.send({ type: "say", id: String(sent), text });
        await watcher.next("ack");
      }
      anna.end();
      assert.equal((await watcher.next("left")).reason, "lost");
    } finally {
      anna.destroy();
      await server.stop();
    }
  });
});

describe("a server that stops", () => {
  it("does not wait for connections without an HTTP request", async () => {
    const pair = await generate([{ name: "commonName", value: "test" }], { keyType: "ec", curve: "P-256" });
    const tls = { cert: Buffer.from(pair.cert), key: Buffer.from(pair.private) };
    // Longer than the test may take: only its own end can bring the server there.
    const server = await startServer({ tls, handshakeMs: 600_000 });
    const { hostname, port } = new URL(server.url);
    const silent = connect(Number(port), hostname);
    await once(silent, "connect");
    // Accepted when one that came later is.
    const late = await openRaw(server.url);
    await readUntil(late, '"type":"challenge"');
    const closed = once(silent.resume(), "close");
    await server.stop();
    await closed;
    late.destroy();
  });
});
