// A message in thousands of empty fragments, and floods of pings and pongs: few bytes each, but work for their reader. A window
// reads them at its rate of frames, from a peer, from the server and from its relay.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import * as v from "valibot";
import { createWebSocketStream, WebSocketServer } from "ws";
import { Token } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { rawFrame } from "../integration/rawFrame.ts";
import { cleanUp, connected, fakeServer, testNetwork, type TestNetwork } from "../integration/netHarness.ts";
import {
  endOf,
  frameOf,
  framesOf,
  hello,
  listening,
  message,
  pinOf,
  startOf,
  target,
  tlsPeer,
  tlsTo,
  upgraded,
} from "../integration/peerHarness.ts";
import { TestKey } from "../support/testKey.ts";

type Mask = "masked" | "bare";
/** What comes in one piece of a read is charged together. */
const PIECE_BYTES = 64 * 1024;

/** The shortest frame there is. */
function emptyFrame(first: number, mask: Mask): Buffer {
  return Buffer.from(mask === "masked" ? [first, 0x80, 0, 0, 0, 0] : [first, 0]);
}

/** A message in so many fragments, all but the first empty. */
function inFragments(text: string, fragments: number, mask: Mask): Buffer {
  return Buffer.concat([
    rawFrame(0x01, Buffer.from(text), mask),
    ...Array.from({ length: fragments - 2 }, () => emptyFrame(0x00, mask)),
    emptyFrame(0x80, mask),
  ]);
}

describe("empty fragments, pings and pongs", () => {
  const carmen = new TestKey();
  const FRAMES_PER_SECOND = 60_000;
  /** Of a thousand frames each: twice what comes at once. */
  const MESSAGES = 75;
  const ofPeer = { peerFramesPerSecond: FRAMES_PER_SECOND, burstSeconds: 0.05 };
  const ofServer = { serverFramesPerSecond: FRAMES_PER_SECOND, serverBurstFrames: FRAMES_PER_SECOND / 20 };

  afterEach(cleanUp);

  /** At the rate, however fast or slow this machine is. */
  function assertPaced(frames: number, since: number): void {
    const seconds = (performance.now() - since) / 1_000;
    const most = FRAMES_PER_SECOND * (seconds + 0.05) + PIECE_BYTES / 2;
    assert.ok(frames <= most, `${frames} frames in ${seconds} s`);
  }

  /** Carmen has a link to bobby, `i1`. */
  async function linkTo(bobby: TestNetwork): Promise<Duplex> {
    const address = await listening(bobby, carmen);
    const socket = await tlsTo(address, carmen);
    const ws = await upgraded(socket);
    await startOf(bobby, "i1");
    ws.send(JSON.stringify(hello()));
    await frameOf(bobby, "i1", ({ type }) => type === "hello");
    return socket;
  }

  it("from a peer are read at a limited frame rate", async () => {
    const bobby = testNetwork({ limits: ofPeer });
    const socket = await linkTo(bobby);
    const start = performance.now();
    for (let n = 1; n <= MESSAGES; n++) {
      socket.write(inFragments(JSON.stringify(message(n, "hello")), 1_000, "masked"));
    }
    await frameOf(bobby, "i1", (frame) => frame.type === "message" && frame.seq === MESSAGES);
    assertPaced(MESSAGES * 1_000, start);
  });

  it("from a dialed peer are read at the same rate", async () => {
    const anna = testNetwork({ limits: ofPeer });
    const sockets: Duplex[] = [];
    const upgrader = new WebSocketServer({ noServer: true });
    const http = createServer().on("upgrade", (request, socket: Duplex, head) => {
      upgrader.handleUpgrade(request, socket, head, () => sockets.push(socket));
    });
    const address = await tlsPeer(carmen, (socket) => http.emit("connection", socket));
    anna.listen("tester", "loopback", null);
    anna.dial("d1", target(carmen, address));
    await startOf(anna, "d1");
    const start = performance.now();
    const [socket] = sockets;
    socket?.write(rawFrame(0x81, Buffer.from(JSON.stringify(hello())), "bare"));
    for (let n = 1; n <= MESSAGES; n++) {
      socket?.write(inFragments(JSON.stringify(message(n, "hello")), 1_000, "bare"));
    }
    await frameOf(anna, "d1", (frame) => frame.type === "message" && frame.seq === MESSAGES);
    assertPaced(MESSAGES * 1_000, start);
  });

  it("from a peer end the link when one message has too many", async () => {
    const bobby = testNetwork();
    const socket = await linkTo(bobby);
    const text = JSON.stringify(message(1, "hello"));
    socket.write(inFragments(text, limits.fragments, "masked"));
    socket.write(inFragments(text, limits.fragments + 1, "masked"));
    const { kind } = await endOf(bobby, "i1");
    assert.equal(kind, "protocol");
    assert.equal(framesOf(bobby, "i1").filter(({ type }) => type === "message").length, 1);
  });

  it("from a peer count with all their bytes", async () => {
    const burst = 64 * 1024;
    const bobby = testNetwork({
      limits: { peerFramesPerSecond: 1_000_000, peerBytesPerSecond: 512 * 1024, peerBurstBytes: burst },
    });
    const socket = await linkTo(bobby);
    const start = performance.now();
    const pong = emptyFrame(0x8a, "masked");
    const pongs = 96 * 1024;
    socket.write(Buffer.concat(Array.from({ length: pongs }, () => pong)));
    socket.write(rawFrame(0x81, Buffer.from(JSON.stringify(message(1, "hello"))), "masked"));
    await frameOf(bobby, "i1", ({ type }) => type === "message");
    const seconds = (performance.now() - start) / 1_000;
    const most = burst + 512 * 1024 * seconds + 2 * PIECE_BYTES;
    assert.ok(pongs * pong.length <= most, `${pongs * pong.length} bytes in ${seconds} s`);
  });

  /** Carmen has a link to bobby over a relay, `i1`. */
  async function relayedLinkTo(bobby: TestNetwork): Promise<{ relay: Duplex; say: (frame: object) => void }> {
    const server = await fakeServer(null);
    await listening(bobby, carmen);
    const ticket = v.parse(Token, "ticket-at-the-hostile-relay");
    bobby.meetAtRelay({ server: server.url, ticket }, pinOf(carmen));
    await server.clients.count(1);
    const [client] = server.clients.items;
    assert.ok(client !== undefined);
    client.ws.removeAllListeners("message");
    const socket = await tlsTo({ host: "", port: 0 }, carmen, { socket: createWebSocketStream(client.ws) });
    const ws = await upgraded(socket);
    await startOf(bobby, "i1");
    const say = (frame: object): void => ws.send(JSON.stringify(frame));
    say(hello());
    await frameOf(bobby, "i1", ({ type }) => type === "hello");
    return { relay: client.request.socket, say };
  }

  for (const [kind, opcode] of [
    ["fragments", 0x00],
    ["messages", 0x82],
    ["pongs", 0x8a],
  ] as const) {
    it(`of the relay are read at the rate of frames (${kind})`, async () => {
      const bobby = testNetwork({ limits: ofPeer });
      const { relay, say } = await relayedLinkTo(bobby);
      const some = Array.from({ length: 1_000 }, () => emptyFrame(opcode, "bare"));
      if (kind === "fragments") {
        some[0] = emptyFrame(0x02, "bare");
        some[999] = emptyFrame(0x80, "bare");
      }
      const start = performance.now();
      for (let n = 1; n <= 50; n++) relay.write(Buffer.concat(some));
      say(message(1, "hello"));
      await frameOf(bobby, "i1", ({ type }) => type === "message");
      assertPaced(50_000, start);
    });
  }

  for (const kind of ["fragments", "pongs"] as const) {
    it(`from the server are read at a limited frame rate (${kind})`, async () => {
      const server = await fakeServer();
      const window = testNetwork({ limits: ofServer });
      await connected(window, server);
      const socket = server.clients.items[0]?.request.socket;
      const text = JSON.stringify({ type: "arrived", name: "anna" });
      const whole =
        kind === "fragments"
          ? inFragments(text, 1_000, "bare")
          : Buffer.concat([
              ...Array.from({ length: 999 }, () => emptyFrame(0x8a, "bare")),
              rawFrame(0x81, Buffer.from(text), "bare"),
            ]);
      const start = performance.now();
      const before = window.events.items.length;
      for (let n = 1; n <= MESSAGES; n++) socket?.write(whole);
      await window.events.count(before + MESSAGES);
      assertPaced(MESSAGES * 1_000, start);
    });
  }
});
