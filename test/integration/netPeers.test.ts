// Two windows' networks with a private session between them: dialling, frames, heartbeats, every kind of end.
import assert from "node:assert/strict";
import * as v from "valibot";
import { SessionId, Token, type Card } from "../../protocol/fields.ts";
import type { PeerFrame } from "../../extension/core/ports.ts";
import {
  cardOf,
  cleanUp,
  closing,
  connected,
  fakeServer,
  freePort,
  pair,
  rawServer,
  received,
  refusingServer,
  sid,
  stranger,
  testNetwork,
  type TestNetwork,
} from "./netHarness.ts";

const token = v.parse(Token, "t".repeat(32));
const hello = JSON.stringify({ type: "hello", v: 1, sid });

function message(seq: number, text: string): PeerFrame {
  return { type: "message", seq, at: 1, text };
}

function framesOf(network: TestNetwork): readonly PeerFrame[] {
  return network.events.items.flatMap((event) => (event.type === "peer/frame" ? [event.frame] : []));
}

/** Why a dial of these ports of 127.0.0.1 fails. */
async function failureOf(ports: readonly number[], limits = {}): Promise<string> {
  const server = await fakeServer();
  const anna = testNetwork({ limits });
  await connected(anna, server);
  anna.dial(sid, { addresses: ports.map((port) => ({ host: "127.0.0.1", port })), token });
  return (await anna.event("peer/failed")).text;
}

describe("a private session between two windows", () => {
  afterEach(cleanUp);

  it("opens on both sides, and carries frames both ways in order", async () => {
    const { anna, bobby } = await pair();
    anna.sendPeer(sid, message(1, "hello\n\tbobby 👋"));
    anna.sendPeer(sid, message(2, "x".repeat(16_384)));
    bobby.sendPeer(sid, { type: "ack", received: 2 });
    await Promise.all([bobby.events.count(4), anna.events.count(3)]);
    assert.deepEqual(framesOf(bobby), [message(1, "hello\n\tbobby 👋"), message(2, "x".repeat(16_384))]);
    assert.deepEqual(framesOf(anna), [{ type: "ack", received: 2 }]);
  });

  for (const reason of ["left", "quit", "closed"] as const) {
    it(`tells the other side that this one has gone: ${reason}`, async () => {
      const { anna, bobby } = await pair();
      anna.sendPeer(sid, message(1, "last words"));
      anna.closePeer(sid, reason);
      anna.sendPeer(sid, message(2, "too late"));
      assert.equal((await bobby.event("peer/closed")).end, reason);
      await anna.dispose();
      assert.deepEqual(framesOf(bobby), [message(1, "last words")]);
      assert.deepEqual(anna.types(), ["rendezvous/opened", "peer/opened"]);
    });
  }

  it("tells the other side `closed` when a window goes away", async () => {
    const { anna, bobby } = await pair();
    await bobby.dispose();
    assert.equal((await anna.event("peer/closed")).end, "closed");
  });

  it("outlives the server, its listener, and the connection to the server", async () => {
    const { anna, bobby, server } = await pair();
    server.clients.items.forEach(({ ws }) => {
      ws.terminate();
    });
    await Promise.all([anna.event("rendezvous/closed"), bobby.event("rendezvous/closed")]);
    bobby.stopListening();
    anna.sendPeer(sid, message(1, "still here?"));
    assert.deepEqual((await bobby.event("peer/frame")).frame, message(1, "still here?"));
  });

  it("ends for the other side as `protocol` when it is rejected", async () => {
    const { anna, bobby } = await pair();
    bobby.rejectPeer(sid);
    assert.equal((await anna.event("peer/closed")).end, "protocol");
    assert.ok(!bobby.types().includes("peer/closed"));
  });

  it("stays open by heartbeats while nobody says anything", async () => {
    const times = { heartbeatMs: 40, silenceMs: 400 };
    const { anna, bobby } = await pair({ anna: times, bobby: times });
    await new Promise((resolve) => setTimeout(resolve, 3 * times.silenceMs));
    bobby.sendPeer(sid, message(1, "good morning"));
    await anna.event("peer/frame");
    assert.ok(!anna.types().includes("peer/closed"));
  });

  it("slows a sender down instead of losing anything", async () => {
    const { anna, bobby } = await pair({
      bobby: { framesPerSecond: 1_000, burstSeconds: 0.05, heartbeatMs: 40, silenceMs: 200 },
      anna: { silenceMs: 2_000 },
    });
    const texts = Array.from({ length: 600 }, (_, n) => message(n + 1, `${String(n)} ${"x".repeat(4_000)}`));
    for (const frame of texts) anna.sendPeer(sid, frame);
    await bobby.events.count(2 + texts.length);
    assert.deepEqual(framesOf(bobby), texts);
  });

  it("is cut when the other side does not read for too long", async () => {
    const { anna } = await pair({
      anna: { unackedMessages: 1, frameBytes: 100_000 },
      bobby: { burstSeconds: 0 },
    });
    for (let seq = 1; seq <= 2_000; seq++) anna.sendPeer(sid, message(seq, "x".repeat(16_384)));
    assert.ok(!anna.types().includes("peer/closed"));
    assert.equal((await anna.event("peer/closed")).end, "lost");
  });

  it("can exist beside others of the same window, each with its own end", async () => {
    const { anna, bobby, server } = await pair();
    const other = v.parse(SessionId, "session-two");
    bobby.dial(other, await cardOf(anna, server, other));
    await bobby.events.find(
      (event): event is typeof event => event.type === "peer/opened" && event.sid === other,
    );
    bobby.closePeer(other, "left");
    assert.deepEqual(await anna.event("peer/closed"), { type: "peer/closed", sid: other, end: "left" });
    anna.sendPeer(sid, message(1, "and this one stays"));
    await bobby.event("peer/frame");
  });
});

describe("the end of a peer that is no Fork Chat", () => {
  afterEach(cleanUp);

  async function peerOfStranger(limits = {}, options = {}) {
    const server = await fakeServer();
    const bobby = testNetwork({ limits });
    await connected(bobby, server);
    const ws = await stranger(await cardOf(bobby, server), options);
    const texts = received(ws);
    const closed = closing(ws);
    ws.send(hello);
    await bobby.event("peer/opened");
    await texts.count(1);
    return { bobby, ws, texts, closed };
  }

  it("is `lost` when its process dies", async () => {
    const { bobby, ws } = await peerOfStranger();
    ws.terminate();
    assert.equal((await bobby.event("peer/closed")).end, "lost");
  });

  it("is `lost` when it closes without `bye`", async () => {
    const { bobby, ws } = await peerOfStranger();
    ws.close(1000);
    assert.equal((await bobby.event("peer/closed")).end, "lost");
  });

  it("is `lost` when it gives no sign of life", async () => {
    const { bobby, closed } = await peerOfStranger({ silenceMs: 100, heartbeatMs: 30 }, { autoPong: false });
    assert.equal((await bobby.event("peer/closed")).end, "lost");
    assert.equal(await closed, 4005);
  });

  it("does not wait for a peer that never answers the closing", async () => {
    const { bobby, ws } = await peerOfStranger({ closeMs: 50 });
    ws.pause();
    bobby.closePeer(sid, "left");
    await bobby.dispose();
  });

  it("is `protocol` when it says that it does not understand", async () => {
    const { bobby, ws } = await peerOfStranger();
    ws.send(JSON.stringify({ type: "error", code: "bad-message", text: "What?" }));
    ws.close(4006);
    assert.equal((await bobby.event("peer/closed")).end, "protocol");
  });

  for (const [what, frame, code, closeCode] of [
    ["text that is not JSON", "hello?", "bad-json", 4006],
    ["a message out of schema", '{"type":"message","seq":0,"at":1,"text":"x"}', "bad-message", 4006],
    ["an unknown message", '{"type":"file"}', "unknown-type", 4006],
    ["a second hello", hello, "bad-message", 4006],
    ["an empty text", JSON.stringify(message(1, "")), "message-empty", 4006],
    ["a text that is too long", JSON.stringify(message(1, "ü".repeat(8_193))), "message-too-long", 4006],
    ["a binary frame", Buffer.from(hello), "bad-message", 1003],
  ] as const) {
    it(`is \`protocol\` after ${what}, and it is told`, async () => {
      const { bobby, ws, texts, closed } = await peerOfStranger();
      ws.send(frame);
      ws.send(JSON.stringify(message(1, "never shown")));
      assert.equal((await bobby.event("peer/closed")).end, "protocol");
      assert.equal(await closed, closeCode);
      const error = v.parse(
        v.object({ type: v.string(), code: v.string() }),
        JSON.parse(texts.items[1] ?? ""),
      );
      assert.deepEqual(error, { type: "error", code });
      assert.deepEqual(framesOf(bobby), []);
    });
  }

  it("is `protocol` after a frame that is too large, which is not buffered", async () => {
    const { bobby, ws, closed } = await peerOfStranger();
    ws.send("x".repeat(102_401));
    assert.equal((await bobby.event("peer/closed")).end, "protocol");
    assert.equal(await closed, 1009);
  });
});

describe("dialling a peer", () => {
  afterEach(cleanUp);

  it("passes over addresses at which it is not", async () => {
    const server = await fakeServer();
    const [anna, bobby] = [testNetwork({ limits: { staggerMs: 20 } }), testNetwork()];
    await Promise.all([connected(anna, server), connected(bobby, server)]);
    const card = await cardOf(bobby, server);
    const silent = await rawServer(() => undefined);
    const nothing = await freePort();
    const wrong = [silent.port, nothing, await refusingServer(401)].map((port) => ({
      host: "127.0.0.1",
      port,
    }));
    anna.dial(sid, { ...card, addresses: [...wrong, ...card.addresses] });
    await Promise.all([anna.event("peer/opened"), bobby.event("peer/opened")]);
  });

  it("says what was wrong with each address", async () => {
    const [nothing, refusing, broken] = [
      await freePort(),
      await refusingServer(401),
      await refusingServer(500),
    ];
    assert.equal(
      await failureOf([nothing, refusing, broken]),
      `nothing listens at 127.0.0.1:${String(nothing)}; ` +
        `127.0.0.1:${String(refusing)} did not expect this connection; ` +
        `127.0.0.1:${String(broken)} refused the connection (HTTP status 500)`,
    );
  });

  it("ends when no address has answered in time", async () => {
    const { port } = await rawServer(() => undefined);
    assert.equal(
      await failureOf([port, await freePort()], { introductionMs: 200, staggerMs: 10 }).then((text) =>
        text.split("; ").at(-1),
      ),
      `127.0.0.1:${String(port)} does not answer`,
    );
  });

  it("does not knock at its own machine unless the server is there, nor at addresses that are no place", async () => {
    let knocks = 0;
    const { port } = await rawServer(() => knocks++);
    const anna = testNetwork();
    const hosts = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "169.254.169.254"];
    const card: Card = { addresses: hosts.map((host) => ({ host, port })), token };
    anna.dial(sid, card);
    assert.equal((await anna.event("peer/failed")).text, "no address of theirs can be reached from here");
    assert.equal(knocks, 0);
  });

  it("fails when the other side does not say hello, or another one's", async () => {
    for (const [answer, expected] of [
      [null, "the other side did not greet in time"],
      [
        '{"type":"hello","v":1,"sid":"another-session"}',
        "the other side does not speak Fork Chat's peer protocol",
      ],
      [
        '{"type":"hello","v":9,"sid":"session-one"}',
        "the other side speaks version 9 of the protocol, this one 1",
      ],
      ['{"type":"ack","received":1}', "the other side does not speak Fork Chat's peer protocol"],
    ] as const) {
      const fake = await fakePeer(answer);
      assert.equal(await failureOf([fake], { handshakeMs: 100 }), expected);
    }
  });

  it("is given up silently, and the other side never hears of it", async () => {
    const server = await fakeServer();
    const [anna, bobby] = [testNetwork(), testNetwork()];
    await Promise.all([connected(anna, server), connected(bobby, server)]);
    anna.dial(sid, await cardOf(bobby, server));
    anna.closePeer(sid, "left");
    await anna.dispose();
    assert.deepEqual(anna.types(), ["rendezvous/opened"]);
    assert.deepEqual(bobby.types(), ["rendezvous/opened"]);
  });

  it("ends both sides alike when it is given up in the midst of the greeting", async () => {
    const server = await fakeServer();
    const bobby = testNetwork();
    await connected(bobby, server);
    const ws = await stranger(await cardOf(bobby, server));
    ws.send(hello);
    ws.send('{"type":"bye","reason":"left"}');
    assert.equal((await bobby.event("peer/closed")).end, "left");
  });

  async function fakePeer(answer: string | null): Promise<number> {
    const fake = await fakeServer(null);
    void fake.clients.count(1).then(() => {
      const ws = fake.clients.items[0]?.ws;
      ws?.removeAllListeners("message");
      if (answer !== null) ws?.send(answer);
    });
    return fake.port;
  }
});
