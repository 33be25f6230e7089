// The peer listener against whoever is on the network: each is refused, and an open session does not notice.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import * as v from "valibot";
import { SessionId, type Address, type Card } from "../../protocol/fields.ts";
import type { ClientMessage } from "../../protocol/rendezvous.ts";
import {
  cardOf,
  cleanUp,
  closing,
  connected,
  fakeServer,
  pair,
  rawServer,
  sid,
  stranger,
  testNetwork,
  type FakeServer,
  type TestNetwork,
} from "./netHarness.ts";

const other = v.parse(SessionId, "session-two");

function addressOf(card: Card): Address {
  const [address] = card.addresses;
  assert.ok(address);
  return address;
}

async function knock(card: Card): Promise<Socket> {
  const socket = connect(addressOf(card));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Nothing listens at a port of 127.0.0.1. */
async function assertDeaf(port: number): Promise<void> {
  const refused = once(connect(port, "127.0.0.1"), "connect");
  await assert.rejects(refused, { code: "ECONNREFUSED" });
}

/** Everything that is answered to a text, until the connection is closed. */
async function answerTo(card: Card, request: string): Promise<string> {
  const socket = await knock(card);
  let answer = "";
  socket.on("data", (data) => (answer += data.toString()));
  socket.write(request);
  await once(socket, "close");
  return answer;
}

function upgrade(headers: Record<string, string>, path = "/peer", method = "GET"): string {
  const all = {
    Host: "127.0.0.1",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

describe("the peer listener", () => {
  let server: FakeServer;
  let anna: TestNetwork;
  let bobby: TestNetwork;
  let seq: number;

  beforeEach(async () => {
    ({ server, anna, bobby } = await pair({
      bobby: { handshakeMs: 300, pendingPeers: 8, framesPerSecond: 500 },
    }));
    seq = 0;
  });

  afterEach(cleanUp);

  /** The open session goes on. */
  async function assertHears(): Promise<void> {
    seq += 1;
    anna.sendPeer(sid, { type: "message", seq, at: 1, text: "are you there?" });
    await bobby.events.find(
      (event): event is typeof event =>
        event.type === "peer/frame" &&
        event.sid === sid &&
        event.frame.type === "message" &&
        event.frame.seq === seq,
    );
  }

  /** The open session goes on, and bobby heard of nobody else. */
  async function assertUnharmed(): Promise<void> {
    await assertHears();
    const told = bobby.events.items.filter((event) => event.type.startsWith("peer/"));
    assert.ok(told.every((event) => "sid" in event && event.sid === sid));
    assert.ok(!bobby.types().includes("peer/closed"));
  }

  it("refuses whoever has no token, a wrong one, or none of its form, and says no more", async () => {
    const card = await cardOf(bobby, server, other);
    const wrong = card.token.split("").reverse().join("");
    for (const Authorization of [
      "",
      "Bearer",
      `Bearer ${wrong}`,
      `Basic ${card.token}`,
      `Bearer ${"x".repeat(7000)}`,
    ]) {
      const answer = await answerTo(card, upgrade({ Authorization }));
      assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/);
      assert.ok(answer.endsWith("\r\n\r\nNot introduced.\n"));
    }
    await assertUnharmed();
    await stranger(card);
  });

  it("takes a token once", async () => {
    const card = await cardOf(bobby, server, other);
    await stranger(card);
    assert.match(
      await answerTo(card, upgrade({ Authorization: `Bearer ${card.token}` })),
      /^HTTP\/1\.1 401 /,
    );
    await assertUnharmed();
  });

  it("takes a token only until it expires", async () => {
    const card = await cardOf(bobby, server, other, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(
      await answerTo(card, upgrade({ Authorization: `Bearer ${card.token}` })),
      /^HTTP\/1\.1 401 /,
    );
    await assertUnharmed();
  });

  it("takes no token of an invitation that is over", async () => {
    const card = await cardOf(bobby, server, other);
    bobby.closePeer(other, "left");
    assert.match(
      await answerTo(card, upgrade({ Authorization: `Bearer ${card.token}` })),
      /^HTTP\/1\.1 401 /,
    );
    await assertUnharmed();
  });

  it("takes only the newest token of an invitation", async () => {
    const first = await cardOf(bobby, server, other);
    bobby.accept(1, other, 10_000);
    const isNewer = (message: ClientMessage): message is Extract<ClientMessage, { type: "accept" }> =>
      message.type === "accept" && message.sid === other && message.card.token !== first.token;
    const { card } = await server.received.find(isNewer);
    assert.match(
      await answerTo(first, upgrade({ Authorization: `Bearer ${first.token}` })),
      /^HTTP\/1\.1 401 /,
    );
    await stranger(card);
  });

  it("refuses a browser's page, even with a token, which stays good", async () => {
    const card = await cardOf(bobby, server, other);
    const headers = { Authorization: `Bearer ${card.token}`, Origin: "http://127.0.0.1" };
    assert.match(await answerTo(card, upgrade(headers)), /^HTTP\/1\.1 403 Forbidden\r\n/);
    const plain = "GET /peer HTTP/1.1\r\nHost: x\r\nOrigin: null\r\n\r\n";
    assert.match(await answerTo(card, plain), /^HTTP\/1\.1 403 Forbidden\r\n/);
    await stranger(card);
    await assertUnharmed();
  });

  it("answers other paths and other requests with their HTTP status", async () => {
    const card = await cardOf(bobby, server, other);
    const headers = { Authorization: `Bearer ${card.token}` };
    for (const path of ["/", "/peer/", "/peer?x", "/../peer"]) {
      assert.match(await answerTo(card, upgrade(headers, path)), /^HTTP\/1\.1 404 /, path);
    }
    for (const request of ["GET /peer HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"]) {
      assert.match(await answerTo(card, request), /^HTTP\/1\.1 426 /);
    }
    await assertUnharmed();
  });

  it("cuts garbage and endless headers off", async () => {
    const card = await cardOf(bobby, server, other);
    for (const garbage of [
      "\u0000\u0001\u0002\r\n\r\n",
      "\u0016\u0003\u0001\u0000\r\n\r\n",
      "SSH-2.0-x\r\n\r\n",
    ]) {
      assert.match(await answerTo(card, garbage), /^HTTP\/1\.1 400 /);
    }
    assert.match(await answerTo(card, upgrade({ "X-Long": "x".repeat(20_000) })), /^HTTP\/1\.1 431 /);
    assert.match(
      await answerTo(card, upgrade({ Authorization: `Bearer ${card.token}`, "Sec-WebSocket-Key": "short" })),
      /^HTTP\/1\.1 400 /,
    );
    await assertUnharmed();
  });

  it("cuts a connection that asks for nothing, or too slowly", async () => {
    const card = await cardOf(bobby, server, other);
    const [idle, slow] = [await knock(card), await knock(card)];
    slow.write("GET /peer HTTP/1.1\r\nHost:");
    idle.resume();
    slow.resume();
    await Promise.all([once(idle, "close"), once(slow, "close")]);
    await assertUnharmed();
  });

  it("lets an introduced peer in while idle connections take every place", async () => {
    const card = await cardOf(bobby, server, other);
    const idle = await Promise.all(Array.from({ length: 40 }, async () => knock(card)));
    const closed = idle.map(async (socket) => {
      socket.resume();
      await once(socket, "close");
    });
    await stranger(card);
    await Promise.all(closed);
    await assertUnharmed();
  });

  it("cuts an introduced peer that never says hello, without a word to the core", async () => {
    const ws = await stranger(await cardOf(bobby, server, other));
    assert.equal(await closing(ws), 4001);
    await assertUnharmed();
  });

  for (const [what, frame, code] of [
    ["another session's hello", JSON.stringify({ type: "hello", v: 1, sid }), 4006],
    ["a hello of another version", JSON.stringify({ type: "hello", v: 2, sid: other }), 4006],
    ["a message before hello", '{"type":"message","seq":1,"at":1,"text":"x"}', 4006],
    ["a bye before hello", '{"type":"bye","reason":"quit"}', 4006],
    ["a binary hello", Buffer.from(JSON.stringify({ type: "hello", v: 1, sid: other })), 1003],
    ["no JSON", "hello", 4006],
    ["JSON that is no message", "[]", 4006],
    ["a hello out of schema", JSON.stringify({ type: "hello", v: "1", sid: other }), 4006],
    ["a frame that is too large", "x".repeat(200_000), 1009],
  ] as const) {
    it(`cuts an introduced peer that begins with ${what}`, async () => {
      const ws = await stranger(await cardOf(bobby, server, other));
      const closed = closing(ws);
      ws.send(frame);
      assert.equal(await closed, code);
      await assertUnharmed();
    });
  }

  it("reads a flooding peer at its rate, and the others at theirs", async () => {
    const ws = await stranger(await cardOf(bobby, server, other));
    ws.send(JSON.stringify({ type: "hello", v: 1, sid: other }));
    for (let n = 1; n <= 12_000; n++) ws.send('{"type":"ack","received":1}');
    await bobby.events.find(
      (event): event is typeof event => event.type === "peer/frame" && event.sid === other,
    );
    await assertHears();
    const flood = bobby.events.items.filter((event) => event.type === "peer/frame" && event.sid === other);
    assert.ok(flood.length < 8_000, `${String(flood.length)} frames were read at once`);
  });

  it("cuts an introduced peer that floods it with pings, as each asks for an answer", async () => {
    const ws = await stranger(await cardOf(bobby, server, other));
    ws.send(JSON.stringify({ type: "hello", v: 1, sid: other }));
    for (let n = 1; n <= 20_000; n++) ws.ping();
    const end = await bobby.event("peer/closed");
    assert.deepEqual(end, { type: "peer/closed", sid: other, end: "lost" });
    await assertHears();
  });

  it("reads what comes after a flood of pongs only when its rate allows", async () => {
    const ws = await stranger(await cardOf(bobby, server, other));
    ws.send(JSON.stringify({ type: "hello", v: 1, sid: other }));
    // Those beyond what may come at once take a second at least, whatever is read of them in one piece.
    for (let n = 1; n <= 3_000; n++) ws.pong("x".repeat(125));
    ws.send('{"type":"ack","received":1}');
    let isLater = false;
    setTimeout(() => (isLater = true), 300);
    await assertHears();
    await bobby.events.find(
      (event): event is typeof event => event.type === "peer/frame" && event.sid === other,
    );
    assert.ok(isLater);
  });

  it("cuts an introduced peer whose message comes in endless pieces", async () => {
    const ws = await stranger(await cardOf(bobby, server, other));
    const closed = closing(ws);
    ws.send(JSON.stringify({ type: "hello", v: 1, sid: other }));
    for (let n = 1; n <= 20_000; n++) ws.send("", { fin: false });
    assert.equal(await closed, 1008);
    const end = await bobby.event("peer/closed");
    assert.deepEqual(end, { type: "peer/closed", sid: other, end: "protocol" });
    await assertHears();
  });

  it("refuses a hail of wrong tokens while an introduced peer comes in", async () => {
    const card = await cardOf(bobby, server, other);
    const wrong = upgrade({ Authorization: `Bearer ${"x".repeat(43)}` });
    // Each is refused, unless it had to make room before it was read.
    const hail = Array.from({ length: 200 }, async () => answerTo(card, wrong));
    const ws = await stranger(card);
    for (const answer of await Promise.all(hail)) assert.match(answer, /^(HTTP\/1\.1 401 |$)/);
    await assertUnharmed();
    assert.equal(ws.readyState, ws.OPEN);
  });

  it("issues only so many tokens at once, and declines beyond", async () => {
    const names = Array.from({ length: 9 }, (_, n) => v.parse(SessionId, `session-no-${String(n)}`));
    for (const name of names) bobby.accept(1, name, 10_000);
    const isDecline = (message: ClientMessage): message is Extract<ClientMessage, { type: "decline" }> =>
      message.type === "decline";
    assert.deepEqual(await server.received.find(isDecline), {
      type: "decline",
      sid: "session-no-8",
      reason: "unavailable",
    });
  });

  it("is gone after `stopListening`, with its tokens and whoever waited", async () => {
    const card = await cardOf(bobby, server, other);
    const waiting = await knock(card);
    waiting.resume();
    bobby.stopListening();
    await once(waiting, "close");
    await assertDeaf(addressOf(card).port);
    await assertUnharmed();
  });

  it("never logs a token", async () => {
    const card = await cardOf(bobby, server, other);
    await answerTo(card, upgrade({ Authorization: `Bearer ${card.token}x` }));
    (await stranger(card)).send(card.token);
    await bobby.dispose();
    assert.ok(!bobby.logged.join().includes(card.token));
  });
});

describe("where the peer listener listens", () => {
  afterEach(cleanUp);

  async function cardWith(settings: { peerHost?: string; peerPort?: number }, reach: "loopback" | "network") {
    const server = await fakeServer();
    const network = testNetwork({ settings });
    await connected(network, server);
    network.listen(reach);
    network.accept(1, sid, 10_000);
    await server.received.count(1);
    const [message] = server.received.items;
    assert.equal(message?.type, "accept");
    return message.card;
  }

  it("is loopback only for a server on loopback", async () => {
    const { addresses } = await cardWith({}, "loopback");
    assert.deepEqual(
      addresses.map(({ host }) => host),
      ["127.0.0.1"],
    );
  });

  it("is every interface for a server on the network; loopback stands last in the card", async () => {
    const { addresses } = await cardWith({}, "network");
    assert.equal(addresses.at(-1)?.host, "127.0.0.1");
    assert.equal(addresses.filter(({ host }) => host.startsWith("127.")).length, 1);
  });

  it("is the configured address, whatever the reach", async () => {
    const { addresses } = await cardWith({ peerHost: "127.0.0.2" }, "network");
    assert.deepEqual(
      addresses.map(({ host }) => host),
      ["127.0.0.2"],
    );
  });

  it("is the next free port when windows share the configured one", async () => {
    const { port: taken } = await rawServer(() => undefined);
    const first = addressOf(await cardWith({ peerPort: taken }, "loopback")).port;
    const second = addressOf(await cardWith({ peerPort: taken }, "loopback")).port;
    assert.ok(first > taken && first < second && second <= taken + 19);
  });

  it("stays what it is when asked again, and moves with the reach", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    await connected(network, server);
    const first = addressOf(await cardOf(network, server));
    const again = addressOf(await cardOf(network, server, other));
    assert.equal(again.port, first.port);
    network.listen("network");
    const third = v.parse(SessionId, "session-three");
    network.accept(1, third, 10_000);
    await server.received.count(3);
    const moved = server.received.items[2];
    assert.equal(moved?.type, "accept");
    assert.notEqual(moved.card.addresses[0]?.port, first.port);
    await assertDeaf(first.port);
  });

  for (const [settings, expected] of [
    [
      { peerHost: "192.0.2.1" },
      /: 192\.0\.2\.1 is not an address of this machine \(setting forkchat\.peerHost\)\.$/,
    ],
    [{ peerHost: "no.such.host.invalid" }, /: no\.such\.host\.invalid is not an address of this machine/],
    [{ peerPort: 70_000 }, /: it cannot listen for them/],
  ] as const) {
    it(`is told when it cannot be: ${JSON.stringify(settings)}; invitations are declined then`, async () => {
      const server = await fakeServer();
      const network = testNetwork({ settings });
      await connected(network, server);
      network.listen("loopback");
      network.accept(1, sid, 10_000);
      const { text } = await network.event("listener/failed");
      assert.match(text, /^Others cannot open private sessions to this window: /);
      assert.match(text, expected);
      await server.received.count(1);
      assert.deepEqual(server.received.items, [{ type: "decline", sid, reason: "unavailable" }]);
    });
  }

  it("is nowhere before it was asked for", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    await connected(network, server);
    network.accept(1, sid, 10_000);
    await server.received.count(1);
    assert.deepEqual(server.received.items, [{ type: "decline", sid, reason: "unavailable" }]);
  });
});
