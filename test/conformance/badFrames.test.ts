import assert from "node:assert/strict";
import { errorTexts } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("bad frames", () => {
  let server: ServerProcess;
  let watcher: TestClient;
  beforeEach(async () => {
    server = await ServerProcess.start();
    watcher = await TestClient.join(server.url, "watcher");
  });
  afterEach(async () => {
    // The test only disturbed its own connection.
    watcher.send({ type: "say", id: "w-1", text: "undisturbed" });
    await watcher.until("ack");
    await server.stop();
  });

  async function joined(): Promise<TestClient> {
    const client = await TestClient.join(server.url, "anna");
    await watcher.until("arrived");
    return client;
  }

  it("that are not JSON are errors, and the connection stays", async () => {
    const client = await joined();
    for (const text of ["", "{", "hello", '{"type":"say"', "\u0000"]) {
      client.send(text);
      assert.equal((await client.next("error")).code, "bad-json");
    }
    assert.deepEqual(await client.settled(), []);
  });

  it("that have no message's form are errors", async () => {
    const client = await joined();
    for (const message of [
      "null",
      "1",
      "[]",
      "{}",
      '{"type":1}',
      '{"type":null,"id":"a"}',
      '{"type":"say","id":"a"}',
      '{"type":"say","id":"","text":"x"}',
      '{"type":"say","id":"blank in it","text":"x"}',
      `{"type":"say","id":"${"i".repeat(65)}","text":"x"}`,
      '{"type":"say","id":"a","text":1}',
      '{"type":"say","id":"a","text":{"toString":"x"}}',
      '{"type":"fork","id":"a"}',
      '{"type":"fork","id":"a","to":["watcher"]}',
      '{"type":"accept","sid":"12345678"}',
      '{"type":"decline","sid":"12345678","reason":"because"}',
      '{"type":"decline","sid":"1","reason":"unavailable"}',
      "[".repeat(50_000),
    ]) {
      client.send(message);
      const error = await client.next("error");
      assert.equal(error.code, "bad-message", message);
      assert.ok(error.text.startsWith(errorTexts["bad-message"]));
    }
    assert.deepEqual(await client.settled(), []);
  });

  it("of an unknown type are errors", async () => {
    const client = await joined();
    for (const type of ["shout", "said", "challenge", "__proto__", "constructor", ""]) {
      client.send({ type });
      assert.equal((await client.next("error")).code, "unknown-type", type);
    }
  });

  it("with unknown fields are accepted without them", async () => {
    const client = await joined();
    client.send('{"type":"say","id":"a","text":"x","from":"watcher","seq":99,"__proto__":{"admin":true}}');
    assert.equal((await client.next("ack")).seq, 1);
    const said = await watcher.until("said");
    assert.deepEqual([said.from, said.seq], ["anna", 1]);
  });

  it("before joining are errors, and joining still works afterwards", async () => {
    const client = new TestClient(server.url);
    await client.next("challenge");
    for (const message of [
      { type: "say", id: "s-1", text: "x" },
      { type: "users" },
      { type: "fork", id: "f-1", to: "watcher", card: { addresses: [] } },
      { type: "decline", sid: "12345678", reason: "unavailable" },
    ]) {
      client.send(message);
      const error = await client.next("error");
      assert.deepEqual([error.code, error.id], ["not-joined", "id" in message ? message.id : undefined]);
    }
    client.sendJoin("anna");
    await client.next("joined");
  });

  it("that join a second time are errors", async () => {
    const client = await joined();
    client.sendJoin("bobby");
    assert.equal((await client.next("error")).code, "already-joined");
    assert.deepEqual(await watcher.settled(), []);
  });

  it("that contain an invalid join are errors", async () => {
    const client = new TestClient(server.url);
    await client.next("challenge");
    for (const wrong of [
      { name: undefined },
      { name: 7 },
      { name: "n".repeat(1025) },
      { resume: "short" },
      { spki: "short" },
      { sig: undefined },
      { token: 7 },
      { lastSeen: { epoch: "12345678", seq: -1 } },
      { lastSeen: { epoch: "12345678", seq: 1.5 } },
      { lastSeen: { epoch: "12345678" } },
    ]) {
      client.sendJoin("anna", wrong);
      assert.equal((await client.next("error")).code, "bad-message", JSON.stringify(wrong));
    }
  });

  it("with an empty or blank text are errors", async () => {
    const client = await joined();
    for (const text of ["", " ", "\n\t \r\n", "\u00a0\u3000"]) {
      client.send({ type: "say", id: "s-1", text });
      const error = await client.next("error");
      assert.deepEqual([error.code, error.id], ["message-empty", "s-1"]);
    }
  });

  it("with a text over its limit in UTF-8 are errors; one at the limit is delivered", async () => {
    const client = await joined();
    for (const text of [
      "x".repeat(limits.textBytes + 1),
      "\u20ac".repeat(Math.ceil((limits.textBytes + 1) / 3)),
    ]) {
      client.send({ type: "say", id: "s-1", text });
      const error = await client.next("error");
      assert.deepEqual([error.code, error.id], ["message-too-long", "s-1"]);
    }
    // Control characters take the most bytes in JSON: the frame's limit has room for a text of nothing else.
    const longest = `\u0001`.repeat(limits.textBytes);
    client.send({ type: "say", id: "i".repeat(64), text: longest });
    await client.next("ack");
    assert.equal((await watcher.until("said")).text, longest);
  });

  it("over the frame limit close the connection with 1009", async () => {
    const client = await joined();
    client.send("x".repeat(limits.frameBytes + 1));
    const { code, reason } = await client.closed;
    assert.equal(code, 1009);
    assert.notEqual(reason, "");
    assert.equal((await watcher.until("left")).reason, "lost");
  });

  it("that are binary close the connection with 1003", async () => {
    const client = await joined();
    client.send(Buffer.from('{"type":"users"}'));
    const { code, reason } = await client.closed;
    assert.equal(code, 1003);
    assert.notEqual(reason, "");
  });

  it("faster than the rate are errors with the time to wait, and are not carried out", async () => {
    const client = await joined();
    const burst = limits.framesPerSecond * limits.burstSeconds;
    // As many as bring errors without closing the connection: on a slow machine the rate allows some of them.
    const count = burst + limits.errors - 10;
    for (let n = 1; n <= count; n++) client.send({ type: "say", id: `s-${String(n)}`, text: "x" });
    const limited = await client.until("error");
    assert.equal(limited.code, "rate-limited");
    assert.match(limited.id ?? "", /^s-\d+$/);
    assert.ok((limited.retryMs ?? 0) >= 1 && (limited.retryMs ?? 0) <= 1000);
    // Of those that were refused none was told: each id got exactly one answer.
    const told: string[] = [];
    await watcher.until("said", ({ id }) => told.push(id) > 0 && id === `s-${String(burst - 1)}`);
    assert.equal(told.includes(limited.id ?? ""), false);
  });

  it("that keep coming close the connection with 4002", async () => {
    const client = await joined();
    for (let n = 0; n < limits.errors + 50; n++) client.send("noise");
    for (let n = 0; n < limits.errors; n++) assert.equal((await client.next("error")).type, "error");
    const { code, reason } = await client.closed;
    assert.equal(code, 4002);
    assert.notEqual(reason, "");
  });

  it("that violate the WebSocket protocol close the connection: unmasked, reserved bits, invalid UTF-8", async () => {
    for (const [bytes, code] of [
      [[0x81, 0x02, 0x7b, 0x7d], 1002],
      [[0xf1, 0x80, 0, 0, 0, 0], 1002],
      [[0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], 1007],
    ] as const) {
      const client = new TestClient(server.url);
      const upgraded = new Promise<NodeJS.WritableStream>((resolve) =>
        client.ws.once("upgrade", ({ socket }) => resolve(socket)),
      );
      await client.next("challenge");
      (await upgraded).write(Buffer.from(bytes));
      const closed = await client.closed;
      assert.equal(closed.code, code);
      assert.notEqual(closed.reason, "");
    }
  });

  it("in fragments are accepted when their total is small, and not otherwise", async () => {
    const client = await joined();
    client.ws.send('{"type":"say","id":"s-1",', { fin: false });
    client.ws.send('"text":"in two"}', { fin: true });
    await client.next("ack");
    client.ws.send("x".repeat(limits.frameBytes - 10), { fin: false });
    client.ws.send("x".repeat(11), { fin: true });
    assert.equal((await client.closed).code, 1009);
  });
});
