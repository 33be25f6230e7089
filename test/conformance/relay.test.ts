// The relay: tickets, and what goes through a tunnel.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { clientFrame, openRaw, readUntil } from "./rawClient.ts";
import { TestClient } from "./testClient.ts";

const card = { addresses: [] };

describe("the relay", () => {
  let server: ServerProcess;
  let anna: TestClient;
  let bobby: TestClient;
  before(async () => {
    server = await ServerProcess.start();
    anna = await TestClient.join(server.url, "anna");
    bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
  });
  after(() => server.stop("SIGKILL"));

  let asked = 0;
  async function tickets(): Promise<[string, string]> {
    anna.send({ type: "reach", id: `r-${++asked}`, sid: "session-1", to: "bobby", card });
    const [mine, theirs] = [await anna.next("reaching"), await bobby.next("reach")];
    assert.deepEqual(
      [mine.sid, theirs.sid, theirs.from, theirs.pin],
      ["session-1", "session-1", "anna", anna.key.pin],
    );
    return [mine.ticket ?? "", theirs.ticket ?? ""];
  }

  function dial(ticket: string, url = server.url): WebSocket {
    const ws = new WebSocket(`${url}/relay`, {
      headers: { Authorization: `Bearer ${ticket}` },
      perMessageDeflate: false,
    });
    ws.on("error", () => undefined);
    return ws;
  }

  /** The status with which a ticket is refused; 101 when it is not. */
  function statusOf(ws: WebSocket): Promise<number> {
    return new Promise((resolve) => {
      ws.once("open", () => resolve(101));
      ws.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    });
  }

  async function tunnel(): Promise<[WebSocket, WebSocket]> {
    const [a, b] = (await tickets()).map((ticket) => dial(ticket));
    assert.ok(a !== undefined && b !== undefined);
    await Promise.all([once(a, "open"), once(b, "open")]);
    return [a, b];
  }

  it("forwards binary frames unchanged, both ways, including those sent before the other side connected", async () => {
    const [first, second] = await tickets();
    const a = dial(first);
    await once(a, "open");
    a.send(Buffer.from("early"));
    const b = dial(second);
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
      const [first, second] = await tickets();
      const headers = `Authorization: Bearer ${first}\r\n`;
      const a = await openRaw(server.url, { path: "/relay", headers });
      await readUntil(a, "\r\n\r\n");
      leave(a);
      const b = dial(second);
      assert.equal((await once(b, "close"))[0], 1001);
      a.destroy();
    }
  });

  it("accepts each ticket once, and only tickets it has issued", async () => {
    const [first, second] = await tickets();
    const a = dial(first);
    await once(a, "open");
    for (const wrong of [first, "T".repeat(22), "", "x y"]) assert.equal(await statusOf(dial(wrong)), 401);
    const b = dial(second);
    assert.equal(await statusOf(b), 101);
    assert.equal(await statusOf(dial(second)), 401);
    a.terminate();
    await once(b, "close");
    assert.equal(await statusOf(dial(first)), 401);
  });

  it("connects only the two of a pair", async () => {
    const [one, other] = [await tickets(), await tickets()];
    const [a, stranger] = [dial(one[0]), dial(other[1])];
    await Promise.all([once(a, "open"), once(stranger, "open")]);
    a.send(Buffer.from("for one alone"));
    stranger.on("message", () => assert.fail("a stranger has heard it"));
    const b = dial(one[1]);
    const [heard] = (await once(b, "message")) as [Buffer];
    assert.equal(heard.toString(), "for one alone");
    for (const ws of [a, b, stranger]) ws.terminate();
  });

  it("ends a tunnel on a text frame or a frame over the limit", async () => {
    for (const [send, code] of [
      [(ws: WebSocket) => ws.send("text"), 1003],
      [(ws: WebSocket) => ws.send(Buffer.alloc(limits.relayFrameBytes + 1)), 1009],
    ] as const) {
      const [a, b] = await tunnel();
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
      const [first, second] = await tickets();
      const a = await openRaw(server.url, { path: "/relay", headers: `Authorization: Bearer ${first}\r\n` });
      await readUntil(a, "\r\n\r\n");
      const b = dial(second);
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
    const [first, second] = await tickets();
    const a = await openRaw(server.url, { path: "/relay", headers: `Authorization: Bearer ${first}\r\n` });
    await readUntil(a, "\r\n\r\n");
    const b = dial(second);
    await once(b, "open");
    b.close();
    const cut = once(a, "close");
    a.on("end", () => a.destroy());
    a.resume();
    await cut;
  });

  it("reads no faster than the other side does: a stalled reader costs no memory", async () => {
    const [a, b] = await tunnel();
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
    await server.stop("SIGTERM").then(({ code }) => assert.equal(code, 0));
    server = await ServerProcess.start();
    anna = await TestClient.join(server.url, "anna");
    bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
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
    assert.equal(await statusOf(dial("T".repeat(22), without.url)), 401);
    await without.stop();
  });

  it("reports a reach for no one or for oneself as an error, and forwards nothing", async () => {
    anna.send({ type: "reach", id: "r-n", sid: "session-1", to: "nobody.here", card });
    assert.deepEqual(pick(await anna.next("error")), { code: "unknown-user", id: "r-n" });
    anna.send({ type: "reach", id: "r-s", sid: "session-1", to: "anna", card });
    assert.deepEqual(pick(await anna.next("error")), { code: "self-fork", id: "r-s" });
    assert.deepEqual(await bobby.settled(), []);
  });

  it("limits how often each key may reach", async () => {
    const eager = await TestClient.join(server.url, "eager");
    for (let n = 0; n <= limits.reachBurst; n++) {
      eager.send({ type: "reach", id: `r-${n}`, sid: "session-1", to: "bobby", card });
    }
    const error = await eager.until("error");
    assert.equal(error.code, "rate-limited");
    assert.ok((error.retryMs ?? 0) > 0);
  });

  describe("for a connection beside a session's link", () => {
    let former: ServerProcess;
    beforeEach(async () => {
      former = server;
      server = await ServerProcess.start();
      anna = await TestClient.join(server.url, "anna");
      bobby = await TestClient.join(server.url, "bobby");
      await anna.next("arrived");
    });
    afterEach(async () => {
      await server.stop("SIGKILL");
      server = former;
    });

    const ask = (id: string, to = "bobby", pin = bobby.key.pin): void =>
      anna.send({ type: "tunnel", id, sid: "session-1", to, pin });

    it("is offered by a server that has it", async () => {
      assert.deepEqual((await new TestClient(server.url).next("challenge")).can, ["tunnel"]);
    });

    it("gives both a ticket, and leaves tunnels as they are", async () => {
      const [a, b] = await tunnel();
      ask("t-1");
      const [mine, theirs] = [await anna.next("tunneling"), await bobby.next("tunnel")];
      assert.deepEqual(
        { ...mine, ticket: "" },
        { type: "tunneling", id: "t-1", sid: "session-1", ticket: "" },
      );
      assert.deepEqual(
        { ...theirs, ticket: "" },
        { type: "tunnel", sid: "session-1", from: "anna", pin: anna.key.pin, ticket: "" },
      );
      const [c, d] = [dial(mine.ticket), dial(theirs.ticket)];
      await Promise.all([once(c, "open"), once(d, "open")]);
      for (const [from, to, text] of [
        [a, b, "of the session"],
        [c, d, "beside it"],
      ] as const) {
        from.send(Buffer.from(text));
        const [heard] = (await once(to, "message")) as [Buffer];
        assert.equal(heard.toString(), text);
      }
      const ended = once(d, "close");
      c.terminate();
      await ended;
      a.send(Buffer.from("still there"));
      assert.equal(((await once(b, "message")) as [Buffer])[0].toString(), "still there");
      b.terminate();
    });

    it("tells of it only the key that is named", async () => {
      ask("t-2", "nobody.here");
      assert.deepEqual(pick(await anna.next("error")), { code: "unknown-user", id: "t-2" });
      ask("t-3", "bobby", anna.key.pin);
      assert.deepEqual(pick(await anna.next("error")), { code: "unknown-user", id: "t-3" });
      ask("t-4", "anna", anna.key.pin);
      assert.deepEqual(pick(await anna.next("error")), { code: "self-fork", id: "t-4" });
      assert.deepEqual(await bobby.settled(), []);
    });

    it("is not known to a server without a relay", async () => {
      const without = await ServerProcess.start("--no-relay");
      assert.equal((await new TestClient(without.url).next("challenge")).can, undefined);
      const carmen = await TestClient.join(without.url, "carmen");
      const dora = await TestClient.join(without.url, "dora");
      carmen.send({ type: "tunnel", id: "t-5", sid: "session-1", to: "dora", pin: dora.key.pin });
      assert.deepEqual(pick(await carmen.until("error")), { code: "unknown-type", id: "t-5" });
      await without.stop();
    });

    it("counts as a request to meet again", async () => {
      const keen = await TestClient.join(server.url, "keen");
      for (let n = 0; n <= limits.reachBurst; n++) {
        const request = {
          type: n % 2 === 0 ? "tunnel" : "reach",
          id: `t-${n}`,
          sid: "session-1",
          card,
        } as const;
        keen.send({ ...request, to: "bobby", pin: bobby.key.pin });
      }
      assert.equal((await keen.until("error")).code, "rate-limited");
    });
  });
});

function pick({ code, id }: { code: string; id?: string }): { code: string; id: string | undefined } {
  return { code, id };
}
