// The stream of bytes over a WebSocket to the relay: in frames of the right size, no faster than either end takes. Over a
// real WebSocket on loopback.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import { netLimits } from "../../../../extension/net/dial/netLimits.ts";
import { relayDuplex } from "../../../../extension/net/relay/relayDuplex.ts";

const FRAME = 1_000;
/** Of rates, the attack layer has the tests. */
const limits = { ...netLimits, relayFrameBytes: FRAME, peerBurstBytes: Infinity, burstSeconds: Infinity };

describe("a stream over the relay", () => {
  let server: WebSocketServer;
  let stream: Duplex;
  /** The other end of the WebSocket. */
  let relay: WebSocket;

  beforeEach(async () => {
    server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    await once(server, "listening");
    const come = once(server, "connection") as Promise<[WebSocket]>;
    const ws = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    let socket: Socket | undefined;
    ws.once("upgrade", (response) => (socket = response.socket));
    await once(ws, "open");
    assert.ok(socket !== undefined);
    stream = relayDuplex({ ws, stream: socket }, { limits, clock: () => performance.now() });
    [relay] = await come;
  });

  afterEach(async () => {
    stream.destroy();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  it("writes everything in binary frames of limited size", async () => {
    const frames: Buffer[] = [];
    relay.on("message", (data: Buffer, isBinary) => {
      assert.ok(isBinary);
      frames.push(data);
    });
    const bytes = Buffer.from(Array.from({ length: 2 * FRAME + 1 }, (_, n) => n % 251));
    stream.write(bytes.subarray(0, 10));
    stream.write(Buffer.alloc(0));
    stream.end(bytes.subarray(10));
    assert.equal((await once(relay, "close"))[0], 1000);
    assert.ok(frames.every((frame) => frame.length <= FRAME));
    assert.deepEqual(Buffer.concat(frames), bytes);
  });

  it("accepts no more from its writer than the relay accepts", async () => {
    relay.pause();
    const chunk = Buffer.alloc(64 * 1024, 1);
    let taken = 0;
    for (let n = 0; n < 512; n++) stream.write(chunk, () => (taken += chunk.length));
    await delay(200);
    assert.ok(taken < 16 * 1024 * 1024, `${String(taken)} bytes are out of its hands`);
    let received = 0;
    relay.on("message", (data: Buffer) => (received += data.length));
    relay.resume();
    while (received < 512 * chunk.length) await once(relay, "message");
    assert.equal(received, 512 * chunk.length);
  });

  it("reads no more from the relay than its reader takes", async () => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    for (let n = 0; n < 512; n++) relay.send(chunk);
    await delay(200);
    assert.ok(stream.readableLength < 4 * chunk.length, `${String(stream.readableLength)} bytes wait`);
    assert.ok(relay.bufferedAmount > 16 * 1024 * 1024, "the rest waits where it came from");
    let received = 0;
    for await (const part of stream) {
      received += (part as Buffer).length;
      if (received === 512 * chunk.length) break;
    }
    assert.equal(received, 512 * chunk.length);
  });

  it("delivers everything received before the relay ends it, and then the end", async () => {
    for (let n = 0; n < 10; n++) relay.send(Buffer.alloc(FRAME, n));
    relay.close(1001);
    await once(relay, "close");
    let received = 0;
    stream.on("data", (part: Buffer) => (received += part.length));
    await once(stream, "close");
    assert.equal(received, 10 * FRAME);
  });

  it("ends with the connection, with a text frame, and with a late write", async () => {
    relay.send("text");
    await once(stream, "close");
    const late = await new Promise((resolve) => stream.write("late", resolve));
    assert.ok(late instanceof Error);
  });

  it("cuts the connection when it is destroyed", async () => {
    stream.destroy();
    assert.equal((await once(relay, "close"))[0], 1006);
  });
});
