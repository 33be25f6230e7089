// Whose place at the relay is given up when all are taken. Real sockets, few places.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import { Socket, type AddressInfo } from "node:net";
import { WebSocket } from "ws";
import { limits } from "../../../../protocol/limits.ts";
import { createTally } from "../../../../server/base/tally.ts";
import { Relay } from "../../../../server/relay/relay.ts";
import { pin } from "../../../support/core.ts";

/** More than one address may have. */
const PLACES = 80;

/** Less than what one tunnel may hold for a reader. */
const HELD_BYTES = 128 * 1024;

describe("a place at the relay", () => {
  let http: Server;
  let relay: Relay;
  let log: string[];
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    log = [];
    relay = new Relay({
      log: (_level, event) => log.push(event),
      tally: createTally(),
      now: () => performance.now(),
      frameBytes: limits.relayFrameBytes,
      bytesPerSecond: 1e9,
      leastFrameBytes: limits.leastRelayFrameBytes,
      tunnelsPerKey: 3,
      tunnels: PLACES / 2,
      rates: { ofKey: 1e9, ofAddress: 1e9, inAll: 1e9 },
      heldBytes: HELD_BYTES,
      waitMs: limits.connectMs,
      heartbeatMs: limits.linkHeartbeatMs,
      // What is not read may not be taken for silence.
      silenceMs: 3_600_000,
    });
    http = createServer();
    // The path says who shows a ticket: /PAIR/SIDE/KEY/SINCE.
    http.on("upgrade", (request, socket, head) => {
      const [, pair = "", side, key = "", since] = (request.url ?? "").split("/");
      const holder = { pin: pin(key), since: Number(since) };
      assert.ok(socket instanceof Socket);
      const redeemed = { pair, side: side === "B" ? "B" : "A", holder } as const;
      relay.handle(request, socket, head, redeemed, request.socket.remoteAddress ?? "");
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
  });
  afterEach(async () => {
    relay.stop();
    for (const ws of sockets.splice(0)) ws.terminate();
    http.close();
    await once(http, "close");
  });

  async function dial(
    localAddress: string,
    key: string,
    since: number,
    pair = key,
    side = "A",
  ): Promise<{ ws: WebSocket; status: number }> {
    const { port } = http.address() as AddressInfo;
    const ws = new WebSocket(`ws://127.0.0.1:${port}/${pair}/${side}/${key}/${since}`, { localAddress });
    ws.on("error", () => undefined);
    sockets.push(ws);
    const status = await new Promise<number>((resolve) => {
      ws.once("open", () => resolve(101));
      ws.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    });
    return { ws, status };
  }

  it("is taken from the address with the most, and there from the latest key", async () => {
    const taken = [];
    for (let n = 0; n < PLACES; n++) taken.push(await dial("127.0.0.3", `m${n}`, n));
    const last = once(taken.at(-1)?.ws ?? http, "close");
    const anna = await dial("127.0.0.2", "anna", 1_000, "honest", "A");
    const bobby = await dial("127.0.0.2", "bobby", 1_000, "honest", "B");
    assert.deepEqual([anna.status, bobby.status], [101, 101]);
    await last;
    const heard = once(bobby.ws, "message");
    anna.ws.send(Buffer.from("hello"));
    assert.equal(String((await heard)[0]), "hello");
    assert.deepEqual(log.slice(0, 2), ["relay-place-lost", "relay-place-lost"]);
    assert.equal((await dial("127.0.0.3", "late", 2_000)).status, 503);
  });

  it("is limited per key, even when its upgrade fails", async () => {
    const { port } = http.address() as AddressInfo;
    for (let n = 0; n < 5; n++) {
      const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Key": "none" };
      const [answer] = (await once(get({ port, path: `/x${n}/A/anna/0`, headers }), "response")) as [
        IncomingMessage,
      ];
      assert.equal(answer.statusCode, 400);
      await once(answer.resume(), "close");
    }
    const opened = [];
    for (let n = 0; n < 5; n++) opened.push((await dial("127.0.0.2", "anna", 0, `p${n}`)).status);
    assert.deepEqual(opened, [101, 101, 101, 429, 429]);
  });

  it("is lost by a reader for whom too much waits", async () => {
    const anna = await dial("127.0.0.2", "anna", 0, "honest", "A");
    const bobby = await dial("127.0.0.2", "bobby", 0, "honest", "B");
    const writer = await dial("127.0.0.3", "writer", 0, "deaf", "A");
    const reader = await dial("127.0.0.3", "reader", 0, "deaf", "B");
    reader.ws.pause();
    const cut = once(writer.ws, "close");
    const write = (): void => {
      if (writer.ws.readyState === WebSocket.OPEN)
        writer.ws.send(Buffer.alloc(limits.relayFrameBytes), write);
    };
    write();
    await cut;
    const heard = once(bobby.ws, "message");
    anna.ws.send(Buffer.from("hello"));
    assert.equal(String((await heard)[0]), "hello");
  });
});
