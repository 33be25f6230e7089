// The end of a window's network: everybody is told, and nothing stays open.
import assert from "node:assert/strict";
import * as v from "valibot";
import { SessionId, Token } from "../../protocol/fields.ts";
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
} from "./netHarness.ts";

const other = v.parse(SessionId, "session-two");
const token = v.parse(Token, "t".repeat(32));

/** What keeps the process alive, the test runner's own included, by kind. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(TCP|Timeout|Immediate|GetAddrInfo|HTTP)/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe("disposing a network", () => {
  afterEach(cleanUp);

  it("leaves nothing open, whatever was under way", async () => {
    const server = await fakeServer();
    const silent = await rawServer(() => undefined);
    const before = resources();

    const network = testNetwork({ limits: { closeMs: 100 } });
    await connected(network, server);
    network.connect(2, `ws://127.0.0.1:${String(silent.port)}`);
    network.connect(3, "not an address");
    network.dial(v.parse(SessionId, "session-dialled"), {
      addresses: [{ host: "127.0.0.1", port: silent.port }],
      token,
    });
    const card = await cardOf(network, server);
    const open = await stranger(card);
    const greeting = await stranger(await cardOf(network, server, other));
    open.send(JSON.stringify({ type: "hello", v: 1, sid }));
    await network.event("peer/opened");
    await cardOf(network, server, v.parse(SessionId, "session-invited"));
    const ends = [open, greeting].map(async (ws) => closing(ws));

    await network.dispose();
    assert.deepEqual(await Promise.all(ends), [1001, 1001]);
    await cleanUp();
    // The servers' side of these connections is destroyed, and its handles are closed at the end of the turn.
    await new Promise((resolve) => setImmediate(resolve));
    const after = resources();
    for (const [kind, count] of Object.entries(after)) {
      assert.ok(
        count <= (before[kind] ?? 0),
        `${kind}: ${String(count)} after, ${JSON.stringify(before)} before`,
      );
    }
  });

  it("leaves nothing open when it comes in the tick of the beginning", async () => {
    const server = await fakeServer();
    const before = resources();
    const network = testNetwork();
    network.connect(1, server.url);
    network.listen("network");
    network.accept(1, sid, 1_000);
    network.dial(other, { addresses: [{ host: "127.0.0.1", port: server.port }], token });
    await network.dispose();
    const after = resources();
    for (const [kind, count] of Object.entries(after)) {
      assert.ok(
        count <= (before[kind] ?? 0),
        `${kind}: ${String(count)} after, ${JSON.stringify(before)} before`,
      );
    }
    assert.deepEqual(network.types(), []);
  });

  it("does not wait for peers that never answer", async () => {
    const server = await fakeServer();
    const network = testNetwork({ limits: { closeMs: 50 } });
    await connected(network, server);
    const ws = await stranger(await cardOf(network, server));
    ws.send(JSON.stringify({ type: "hello", v: 1, sid }));
    await network.event("peer/opened");
    ws.pause();
    server.clients.items[0]?.ws.pause();
    await network.dispose();
    assert.deepEqual(network.types(), ["rendezvous/opened", "peer/opened"]);
  });

  it("tells the server that the window goes away, and peers that it closes", async () => {
    const { anna, bobby, server } = await pair();
    const [first, second] = server.clients.items;
    assert.ok(first && second);
    const codes = [first, second].map(async ({ ws }) => closing(ws));
    await anna.dispose();
    assert.equal((await bobby.event("peer/closed")).end, "closed");
    assert.equal(await Promise.race(codes), 1001);
  });

  it("may come twice, and makes every later call do nothing", async () => {
    const { anna, server, bobby } = await pair();
    const card = await cardOf(bobby, server, other);
    await Promise.all([anna.dispose(), anna.dispose()]);
    const told = anna.types();
    anna.connect(9, server.url);
    anna.listen("loopback");
    anna.accept(1, other, 1_000);
    anna.dial(other, card);
    anna.send(1, { type: "users" });
    anna.sendPeer(sid, { type: "ack", received: 1 });
    anna.closePeer(sid, "left");
    anna.rejectPeer(sid);
    anna.disconnect(1, "quit");
    anna.stopListening();
    await anna.dispose();
    assert.deepEqual(anna.types(), told);
    assert.equal(server.clients.items.length, 2);
  });
});
