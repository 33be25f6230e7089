// Frames as bytes: what the server encodes by itself is what a WebSocket library reads, and what goes through the relay's
// stream comes out of it, however it is cut.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import { relayDuplex } from "../../extension/net/relay/relayDuplex.ts";
import { decode } from "../../protocol/codec.ts";
import { limits } from "../../protocol/limits.ts";
import { ServerMessage } from "../../protocol/rendezvous.ts";
import { messageFrame, pingFrame, pongFrame, userListFrame } from "../../server/fanOut/frame.ts";
import { server as samples } from "../support/rendezvousSamples.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const MESSAGES = FRAMES / 20;
const WRITES = FRAMES / 500;

describe("bytes on a WebSocket", () => {
  let listener: WebSocketServer;
  let near: WebSocket;
  let far: WebSocket;
  /** Under the far end, and under the near one. */
  let socket: Socket;
  let nearSocket: Socket;

  beforeEach(async () => {
    listener = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    near = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    near.once("upgrade", (response) => (nearSocket = response.socket));
    const arrival = new Promise<void>((resolve) => {
      listener.once("connection", (ws, request) => {
        far = ws;
        ({ socket } = request);
        resolve();
      });
    });
    await Promise.all([arrival, once(near, "open")]);
  });
  afterEach(() => {
    for (const ws of [near, far]) ws.terminate();
    listener.close();
  });

  fuzz(`a message that the server has encoded is read as it was (${MESSAGES} messages)`, async (seed) => {
    const mutator = new Mutator(seed, Object.values(samples).flat());
    const expected: string[] = [];
    const received: string[] = [];
    const payloads: string[] = [];
    let broken: Error | undefined;
    near.on("message", (data: Buffer) => received.push(data.toString("utf8")));
    near.on("pong", (data) => payloads.push(data.toString("hex")));
    near.on("error", (error) => (broken = error));
    const closed = once(near, "close");
    const pongs: string[] = [];
    while (expected.length < MESSAGES) {
      const message = soundMessage(mutator);
      expected.push(JSON.stringify(message));
      if (message.type === "users" || message.type === "joined") {
        const items = Buffer.from(
          JSON.stringify(message.type === "users" ? message.items : message.users).slice(1, -1),
        );
        const empty = message.type === "users" ? { ...message, items: [] } : { ...message, users: [] };
        for (const chunk of userListFrame(empty, items)) socket.write(chunk);
      } else socket.write(messageFrame(message));
      if (mutator.chance(0.1)) socket.write(pingFrame);
      if (mutator.chance(0.1)) {
        const payload = Buffer.from(mutator.noise(40));
        socket.write(pongFrame(payload));
        pongs.push(payload.toString("hex"));
      }
      if (socket.writableNeedDrain) await Promise.race([once(socket, "drain"), closed]);
      assert.equal(broken, undefined);
    }
    while (received.length < expected.length && broken === undefined) await once(near, "message");
    for (const [n, text] of expected.entries()) assert.equal(received[n], text);
    assert.deepEqual(payloads, pongs);
  });

  fuzz(
    `the relay's stream carries every byte, in whatever pieces (${WRITES} writes each way)`,
    async (seed) => {
      const mutator = new Mutator(seed, []);
      const frames: number[] = [];
      for (const ws of [near, far]) ws.on("message", (data: Buffer) => frames.push(data.length));
      const unpaced = { ...netLimits, peerBurstBytes: Infinity, burstSeconds: Infinity };
      const ends = [
        { ws: near, stream: nearSocket },
        { ws: far, stream: socket },
      ].map((opened) => relayDuplex(opened, { limits: unpaced, clock: () => performance.now() }));
      const ways = ends.map((from, n) => ({
        from,
        to: ends[1 - n] ?? from,
        written: createHash("sha256"),
        read: createHash("sha256"),
        sent: 0,
        got: 0,
      }));
      await Promise.all(
        ways.map(async (way) => {
          way.to.on("data", (data: Buffer) => {
            way.got += data.length;
            way.read.update(data);
            // A reader that is slow now and then.
            if (!mutator.chance(0.05)) return;
            way.to.pause();
            setImmediate(() => way.to.resume());
          });
          for (let n = 0; n < WRITES; n++) {
            const size = mutator.pick([
              0,
              1,
              100,
              limits.relayFrameBytes,
              limits.relayFrameBytes + 1,
              mutator.below(200_000),
            ]);
            const chunk = Buffer.alloc(size, mutator.below(256));
            way.sent += size;
            way.written.update(chunk);
            if (!way.from.write(chunk)) await once(way.from, "drain");
          }
          while (way.got < way.sent) await once(way.to, "data");
          assert.equal(way.read.digest("hex"), way.written.digest("hex"));
        }),
      );
      assert.ok(Math.max(...frames) <= limits.relayFrameBytes);
      const [, other] = ends;
      ends[0]?.end();
      assert.ok(other !== undefined);
      await once(other, "close");
    },
  );
});

/** A message that passes, however much of it was made up; now and then of a size at which the frame's head changes. */
function soundMessage(mutator: Mutator): ServerMessage {
  if (mutator.chance(0.1)) {
    const text = "x".repeat(
      mutator.pick([125, 126, 0xffff, 0x1_0000]) -
        '{"type":"error","code":"","text":""}'.length +
        mutator.below(3) -
        1,
    );
    return { type: "error", code: text, text: "" };
  }
  for (;;) {
    const result = decode(ServerMessage, mutator.frame());
    if (result.ok) return result.value;
  }
}
