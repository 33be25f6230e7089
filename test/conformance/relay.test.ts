// The relay: tickets, and what goes through a tunnel.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { clientFrame, openRaw, readUntil } from "./rawClient.ts";
import { TestClient } from "./testClient.ts";
import { card, errorOf, RelayedPair } from "./relayedPair.ts";

describe("the relay", () => {
  let relay: RelayedPair;
  before(async () => {
    relay = await RelayedPair.start();
  });
  after(() => relay.server.stop("SIGKILL"));

  /** The status with which a ticket is refused; 101 when it is not. */
  function statusOf(ws: WebSocket): Promise<number> {
    return new Promise((resolve) => {
      ws.once("open", () => resolve(101));
      ws.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    });
  }

  it("forwards binary frames unchanged, both ways, including those sent before the other side connected", async () => {
    const [first, second] = await relay.tickets();
    const a = relay.dial(first);
    await once(a, "open");
    a.send(Buffer.from("early"));
    const b = relay.dial(second);
    const [early] = (await once(b, "message")) as [Buffer];
    assert.equal(early.toString(), "early");
    b.send(Buffer.alloc(limits.relayFrameBytes, 7));
    const [large] = (await once(a, "message")) as [Buffer];
    assert.equal(large.length, limits.relayFrameBytes);
    a.close();
    assert.equal((await once(b, "close"))[0], 1001);
  });

  it("tells the second side at once when the first left while waiting, however it left", async () => {
    for (const leave of [
      (first: Socket) => first.end(clientFrame(0x88, "")),
      (first: Socket) => first.end(),
      (first: Socket) => first.resetAndDestroy(),
    ]) {
      const [first, second] = await relay.tickets();
      const headers = `Authorization: Bearer ${first}\r\n`;
      const a = await openRaw(relay.server.url, { path: "/relay", headers });
      await readUntil(a, "\r\n\r\n");
      leave(a);
      const b = relay.dial(second);
      assert.equal((await once(b, "close"))[0], 1001);
      a.destroy();
    }
  });

  it("accepts each ticket once, and only tickets it has issued", async () => {
    const [first, second] = await relay.tickets();
    const a = relay.dial(first);
    await once(a, "open");
    for (const wrong of [first, "T".repeat(22), "", "x y"])
      assert.equal(await statusOf(relay.dial(wrong)), 401);
    const b = relay.dial(second);
    assert.equal(await statusOf(b), 101);
    assert.equal(await statusOf(relay.dial(second)), 401);
    a.terminate();
    await once(b, "close");
    assert.equal(await statusOf(relay.dial(first)), 401);
  });

  it("connects only the two of a pair", async () => {
    const [one, other] = [await relay.tickets(), await relay.tickets()];
    const [a, stranger] = [relay.dial(one[0]), relay.dial(other[1])];
    await Promise.all([once(a, "open"), once(stranger, "open")]);
    a.send(Buffer.from("for one alone"));
    stranger.on("message", () => assert.fail("a stranger has heard it"));
    const b = relay.dial(one[1]);
    const [heard] = (await once(b, "message")) as [Buffer];
    assert.equal(heard.toString(), "for one alone");
    for (const ws of [a, b, stranger]) ws.terminate();
  });

  it("ends a tunnel on a text frame or a frame over the limit", async () => {
    for (const [send, code] of [
      [(ws: WebSocket) => ws.send("text"), 1003],
      [(ws: WebSocket) => ws.send(Buffer.alloc(limits.relayFrameBytes + 1)), 1009],
    ] as const) {
      const [a, b] = await relay.tunnel();
      const ended = once(b, "close");
      send(a);
      assert.equal((await once(a, "close"))[0], code);
      await ended;
    }
  });

  for (const [what, frame] of [
    ["has closed", clientFrame(0x88, Buffer.from([0x03, 0xe8]))],
    ["sent a text and does not answer its closing", clientFrame(0x81, "text")],
    ["sent more than a frame may have", clientFrame(0x82, Buffer.alloc(limits.relayFrameBytes + 1))],
  ] as const) {
    it(`tells one side at once that the other ${what}, even if that one keeps its connection open`, async () => {
      const [first, second] = await relay.tickets();
      const a = await openRaw(relay.server.url, {
        path: "/relay",
        headers: `Authorization: Bearer ${first}\r\n`,
      });
      await readUntil(a, "\r\n\r\n");
      const b = relay.dial(second);
      await once(b, "open");
      const ended = once(b, "close");
      const cut = once(a, "close");
      a.write(Buffer.concat([clientFrame(0x82, "last words"), frame]));
      const [words] = (await once(b, "message")) as [Buffer];
      assert.equal(words.toString(), "last words");
      assert.equal((await ended)[0], 1001);
      a.resume();
      a.end();
      await cut;
    });
  }

  it("cuts a side that does not answer a close, on its own", async () => {
    const [first, second] = await relay.tickets();
    const a = await openRaw(relay.server.url, {
      path: "/relay",
      headers: `Authorization: Bearer ${first}\r\n`,
    });
    await readUntil(a, "\r\n\r\n");
    const b = relay.dial(second);
    await once(b, "open");
    b.close();
    const cut = once(a, "close");
    a.on("end", () => a.destroy());
    a.resume();
    await cut;
  });

  it("reads no faster than the other side does: a stalled reader costs no memory", async () => {
    const [a, b] = await relay.tunnel();
    b.pause();
    const chunk = Buffer.alloc(limits.relayFrameBytes, 1);
    for (let n = 0; n < 512; n++) a.send(chunk);
    // What the server does not read stays with its sender.
    const [sent] = [a.bufferedAmount];
    assert.ok(sent > 4 * 1024 * 1024, `${sent} bytes wait at the sender`);
    let received = 0;
    b.on("message", (data: Buffer) => (received += data.length));
    b.resume();
    while (received < 2 * 1024 * 1024) await once(b, "message");
    a.terminate();
    await once(b, "close");
    await relay.server.stop("SIGTERM").then(({ code }) => assert.equal(code, 0));
    relay = await RelayedPair.start();
  });

  it("is absent with --no-relay: no tickets, no tunnels", async () => {
    const without = await ServerProcess.start("--no-relay");
    const [carmen, dora] = [
      await TestClient.join(without.url, "carmen"),
      await TestClient.join(without.url, "dora"),
    ];
    carmen.send({ type: "reach", id: "r-1", sid: "session-1", to: "dora", card });
    assert.equal((await carmen.until("reaching")).ticket, undefined);
    assert.equal((await dora.next("reach")).ticket, undefined);
    assert.equal(await statusOf(relay.dial("T".repeat(22), without.url)), 401);
    await without.stop();
  });

  it("reports a reach for no one or for oneself as an error, and forwards nothing", async () => {
    relay.anna.send({ type: "reach", id: "r-n", sid: "session-1", to: "nobody.here", card });
    assert.deepEqual(errorOf(await relay.anna.next("error")), { code: "unknown-user", id: "r-n" });
    relay.anna.send({ type: "reach", id: "r-s", sid: "session-1", to: "anna", card });
    assert.deepEqual(errorOf(await relay.anna.next("error")), { code: "self-fork", id: "r-s" });
    assert.deepEqual(await relay.bobby.settled(), []);
  });

  it("limits how often each key may reach", async () => {
    const eager = await TestClient.join(relay.server.url, "eager");
    for (let n = 0; n <= limits.reachBurst; n++) {
      eager.send({ type: "reach", id: `r-${n}`, sid: "session-1", to: "bobby", card });
    }
    const error = await eager.until("error");
    assert.equal(error.code, "rate-limited");
    assert.ok((error.retryMs ?? 0) > 0);
  });
});
