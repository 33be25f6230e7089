// Who may open a bulk link, and what ends one: peers that are no Fork Chat, over real sockets.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { WebSocket } from "ws";
import * as v from "valibot";
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import { BLOCK_BYTES, BULK_PATH, CHUNK_BYTES, type BulkMessage } from "../../protocol/bulk.ts";
import { Boot, SessionId, type Address } from "../../protocol/fields.ts";
import { TestKey } from "../support/testKey.ts";
import { fileId, hashOf, rootOf } from "../support/fileIds.ts";
import { linkTo } from "./bulkHarness.ts";
import { bulkTo, listener, open, openBulk, say } from "./bulkStranger.ts";
import {
  cleanUp,
  closing,
  connected,
  fakeServer,
  stopTime,
  testNetwork,
  type TestNetwork,
} from "./netHarness.ts";
import { answerTo, listening, pinOf, sid, tlsTo, upgradeRequest } from "./peerHarness.ts";

const ID = fileId(1);
async function statusFor(address: Address, key: TestKey): Promise<string> {
  const socket = await tlsTo(address, key);
  return (await answerTo(socket, upgradeRequest({}, BULK_PATH))).split("\r\n")[0] ?? "";
}

describe("a bulk link", () => {
  afterEach(cleanUp);

  describe("is refused", () => {
    it("without a session", async () => {
      const key = new TestKey();
      const bobby = testNetwork();
      await connected(bobby, await fakeServer());
      const address = await listening(bobby, key);
      assert.equal(await statusFor(address, key), "HTTP/1.1 404 Not Found");
    });

    it("beside a link that the other side dialed, and beside one that is gone", async () => {
      const { bobby, address, key } = await listener();
      bobby.bulk.linked(sid, { ...linkTo(bobby, "me", "d1"), pin: pinOf(key) });
      assert.equal(await statusFor(address, key), "HTTP/1.1 404 Not Found");
      bobby.bulk.linked(sid, { ...linkTo(bobby, "peer", "i1"), pin: pinOf(key) });
      bobby.bulk.unlinked(sid);
      assert.equal(await statusFor(address, key), "HTTP/1.1 404 Not Found");
    });

    it("to another key that is expected, and to one that is not", async () => {
      const { bobby, address, key } = await listener();
      const other = new TestKey();
      bobby.expect([pinOf(key), pinOf(other)]);
      assert.equal(await statusFor(address, other), "HTTP/1.1 404 Not Found");
      bobby.expect([pinOf(key)]);
      const socket = await tlsTo(address, other);
      assert.equal(await answerTo(socket, upgradeRequest({}, BULK_PATH)), "");
    });

    it("while another one of the same key is being opened", async () => {
      const { address, key } = await listener();
      const first = await bulkTo(address, key);
      assert.equal(await statusFor(address, key), "HTTP/1.1 404 Not Found");
      first.terminate();
    });
  });

  describe("ends before it is open", () => {
    const other = v.parse(Boot, "another-boot");
    const cases: readonly (readonly [string, number, (ws: WebSocket) => void])[] = [
      ["with another version", 4006, (ws) => say(ws, open({ v: 3 }))],
      ["with another boot", 4006, (ws) => say(ws, open({ boot: other }))],
      ["with another session", 4008, (ws) => say(ws, open({ sid: v.parse(SessionId, "session-two") }))],
      ["with another frame", 4006, (ws) => say(ws, { type: "credit", bytes: CHUNK_BYTES })],
      ["with an unknown frame", 4006, (ws) => ws.send('{"type":"gift"}')],
      ["with what is not JSON", 4006, (ws) => ws.send("open")],
      ["with bytes", 4006, (ws) => ws.send(Buffer.alloc(1))],
      ["with a long text", 1009, (ws) => ws.send(JSON.stringify({ ...open(), x: "x".repeat(512) }))],
    ];
    for (const [what, code, send] of cases) {
      it(`${what}: ${code}`, async () => {
        const { bobby, address, key } = await listener();
        const ws = await bulkTo(address, key);
        send(ws);
        assert.equal(await closing(ws), code);
        assert.deepEqual(bobby.bulkEvents.items, []);
        // The next one is welcome.
        await openBulk(address, key);
      });
    }

    it("without a word in time: 4001", async () => {
      const time = stopTime();
      const { bobby, address, key } = await listener();
      const closed = closing(await bulkTo(address, key));
      time.pass(netLimits.handshakeMs);
      assert.equal(await closed, 4001);
      assert.deepEqual(bobby.bulkEvents.items, []);
    });
  });

  it("is replaced by one with a higher number, and by no other", async () => {
    const { bobby, address, key } = await listener();
    const first = await openBulk(address, key, 3);
    for (const n of [1, 3]) {
      const late = await bulkTo(address, key);
      say(late, open({ n }));
      assert.equal(await closing(late), 4007);
    }
    const replaced = closing(first);
    await openBulk(address, key, 4);
    assert.equal(await replaced, 4003);
    assert.deepEqual(
      bobby.bulkEvents.items.map((event) => (event.type === "bulk/opened" ? event.n : event.type)),
      [3, 4],
    );
  });

  it("is replaced a few times at once, and then as often as its key's budget allows", async () => {
    let now = 0;
    const { address, key } = await listener({ limits: { bulkLinkBurst: 3 }, clock: () => now });
    for (let n = 1; n <= 3; n++) await openBulk(address, key, n);
    assert.equal(await statusFor(address, key), "HTTP/1.1 404 Not Found");
    now += 1_000;
    await openBulk(address, key, 4);
    assert.equal(await statusFor(address, key), "HTTP/1.1 404 Not Found");
  });

  it("opens beside a link through the relay as well", async () => {
    const { bobby, address, key } = await listener();
    const link = { ...linkTo(bobby, "peer", "i1"), path: "relayed", pin: pinOf(key) } as const;
    bobby.bulk.linked(sid, link);
    await openBulk(address, key);
  });

  for (const [what, end] of [
    ["is gone", (bobby: TestNetwork) => bobby.bulk.unlinked(sid)],
    ["is over", (bobby: TestNetwork) => bobby.bulk.ended(sid)],
    [
      "is replaced",
      (bobby: TestNetwork, key: TestKey) =>
        bobby.bulk.linked(sid, { ...linkTo(bobby, "peer", "i2"), pin: pinOf(key) }),
    ],
  ] as const) {
    it(`ends when its session's link ${what}`, async () => {
      const { bobby, address, key } = await listener();
      const ws = await openBulk(address, key);
      end(bobby, key);
      assert.equal(await closing(ws), 1001);
      assert.equal(bobby.bulkEvents.items.at(-1)?.type, "bulk/closed");
    });
  }

  describe("of a sender that breaks the rules", () => {
    const size = 3 * CHUNK_BYTES;
    const sha256 = hashOf(Buffer.alloc(size));
    const block: BulkMessage = { type: "block", id: ID, index: 0, size, sha256 };
    const full = Buffer.alloc(CHUNK_BYTES);
    const cases: readonly (readonly [string, number, (ws: WebSocket) => void])[] = [
      ["bytes of no block", 4006, (ws) => ws.send(full)],
      ["a block that was not requested", 4006, (ws) => say(ws, { ...block, id: fileId(2) })],
      [
        "small pieces",
        4006,
        (ws) => {
          say(ws, block);
          ws.send(Buffer.alloc(1));
        },
      ],
      ["a frame that is too large", 1009, (ws) => ws.send(Buffer.alloc(CHUNK_BYTES + 1))],
      ["a second open", 4006, (ws) => say(ws, open({ n: 2 }))],
      ["a long text", 1009, (ws) => ws.send(`{"type":"gift","x":"${"x".repeat(512)}"}`)],
    ];
    for (const [what, code, send] of cases) {
      it(`ends after ${what}: ${code}`, async () => {
        const { files, address, key, told } = await listener();
        files.accept(ID, size);
        const ws = await openBulk(address, key);
        await told.find((text): text is string => text.includes('"fetch"'));
        send(ws);
        assert.equal(await closing(ws), code);
        assert.equal(files.incoming.link, null);
        assert.equal(files.finished.items.length, 0);
      });
    }

    it("ends with the first chunk beyond the credit", async () => {
      const size = 1024 * 1024;
      const { files, address, key, told, bobby } = await listener();
      files.accept(ID, size);
      const ws = await openBulk(address, key);
      await told.find((text): text is string => text.includes('"fetch"'));
      // The disk does not answer: what was granted at first is all.
      files.stuck = true;
      const ended = closing(ws);
      say(ws, { ...block, size });
      for (let i = 0; i < 8; i++) ws.send(full);
      assert.equal(await ended, 4006);
      const chunks = bobby.bulkEvents.items.filter(({ type }) => type === "bulk/chunk").length;
      assert.equal(chunks * CHUNK_BYTES, 256 * 1024 + CHUNK_BYTES);
    });

    it("goes on after a frame of a later version", async () => {
      const { files, address, key, told } = await listener();
      files.accept(ID, size);
      const ws = await openBulk(address, key);
      await told.find((text): text is string => text.includes('"fetch"'));
      ws.send('{"type":"gift"}');
      say(ws, block);
      for (let i = 0; i < 3; i++) ws.send(full);
      say(ws, { type: "end", id: ID, root: rootOf([sha256]) });
      await files.finished.find((id): id is typeof ID => id === ID);
    });
  });

  it("hands on nothing while its reader stops, not even what was read with the frame before", async () => {
    const { bobby, files, address, key } = await listener();
    const heard: number[] = [];
    const ws = await openBulk(address, key);
    files.hear = (event) => {
      if (event.type !== "bulk/message" || event.frame.type !== "credit") return;
      heard.push(event.frame.bytes);
      bobby.bulk.hold(sid, true);
    };
    const credits = [1, 2, 3].map((n) => n * CHUNK_BYTES);
    for (const bytes of credits) say(ws, { type: "credit", bytes });
    while (heard.length === 0) await turn();
    for (let n = 1; n <= credits.length; n++) {
      for (let i = 0; i < 10; i++) await turn();
      assert.deepEqual(heard, credits.slice(0, n));
      bobby.bulk.hold(sid, false);
      while (heard.length < Math.min(n + 1, credits.length)) await turn();
    }
  });

  it("is not filled beyond its bound while the other side does not read", async () => {
    const { bobby, files, address, key, link } = await listener();
    files.offer(ID, Buffer.alloc(64 * BLOCK_BYTES));
    const ws = await openBulk(address, key);
    ws.pause();
    link.send(JSON.stringify({ type: "fetch", id: ID, from: 0, n: 1 }));
    await bobby.event("link/frame");
    const isFull = (): boolean => files.sending.full;
    // As if the receiver allowed more and more, until nothing more fits into what the system buffers.
    while (!isFull()) {
      if (files.sending.credit < BLOCK_BYTES) files.give({ type: "credit", bytes: BLOCK_BYTES });
      await turn();
    }
    for (let i = 0; i < 20; i++) {
      if (files.sending.credit < BLOCK_BYTES) files.give({ type: "credit", bytes: 4 * BLOCK_BYTES });
      await turn();
    }
    ws.resume();
    while (isFull()) await turn();
    assert.ok(files.mostWhileFull <= BLOCK_BYTES / CHUNK_BYTES, `${files.mostWhileFull} chunks`);
  });
});
