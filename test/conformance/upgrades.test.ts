import assert from "node:assert/strict";
import { once } from "node:events";
import { get, request, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocket, type ClientOptions } from "ws";
import { limits } from "../../protocol/limits.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { clientFrame, joinRaw, readUntil } from "./rawClient.ts";
import { startServer } from "./startServer.ts";
import { TestClient } from "./testClient.ts";

type Answer = { status: number | undefined; headers: IncomingMessage["headers"]; body: string };

async function answerOf(response: IncomingMessage): Promise<Answer> {
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Asks for a WebSocket and returns the refusal. */
async function refusal(url: string, options: ClientOptions = {}): Promise<Answer> {
  const ws = new WebSocket(url, options);
  return new Promise((resolve, reject) => {
    ws.once("unexpected-response", (_request, response) => resolve(answerOf(response)));
    ws.once("open", () => reject(new Error("let in")));
    ws.once("error", reject);
  });
}

describe("upgrades", () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start(
      "--allow-origin",
      "https://Chat.example.org",
      "--clients-per-address",
      "3",
    );
  });
  after(() => server.stop());

  function assertRefused(answer: Answer, status: number): void {
    assert.equal(answer.status, status);
    assert.match(answer.body, /^[A-Z][^\n]+\.\n$/);
    assert.match(answer.headers["content-type"] ?? "", /^text\/plain/);
    assert.equal(answer.headers.connection, "close");
  }

  it("are required of every request: 426 otherwise", async () => {
    const [response] = (await once(get(server.url.replace("ws:", "http:")), "response")) as [IncomingMessage];
    const answer = await answerOf(response);
    assertRefused(answer, 426);
    assert.equal(answer.headers.upgrade, "websocket");
  });

  it("to another protocol are refused with 426", async () => {
    const asked = request(server.url.replace("ws:", "http:"), {
      headers: { Connection: "Upgrade", Upgrade: "h2c" },
    });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    assertRefused(await answerOf(response), 426);
  });

  it("at another path are refused with 404", async () => {
    for (const path of ["/other", "//", "/peer", "/other?at=/"]) {
      assertRefused(await refusal(server.url + path), 404);
    }
  });

  it("with a query are accepted", async () => {
    const client = new TestClient(`${server.url}/?from=here`);
    await client.next("challenge");
    await client.close();
  });

  it("with an Origin are refused with 403, in either header's name, empty or null", async () => {
    for (const options of [
      { origin: "https://evil.example.org" },
      { origin: "null" },
      { headers: { Origin: "" } },
      { headers: { Origin: server.url.replace("ws:", "http:") } },
      { headers: { "Sec-WebSocket-Origin": "https://evil.example.org" } },
    ]) {
      assertRefused(await refusal(server.url, options), 403);
    }
  });

  it("with an allowed Origin are accepted", async () => {
    const client = new TestClient(server.url, { origin: "https://chat.example.org" });
    await client.next("challenge");
    await client.close();
  });

  it("beyond the limit of members for one address are refused with 429, until one of them leaves", async () => {
    const clients = await Promise.all([1, 2, 3].map((n) => TestClient.join(server.url, `member${n}`)));
    assertRefused(await refusal(server.url), 429);
    await clients[0]?.close();
    const next = new TestClient(server.url);
    await next.next("challenge");
    await Promise.all([...clients.slice(1), next].map((client) => client.close()));
  });

  it("make room by closing the oldest clients that have not joined", async () => {
    const clients: TestClient[] = [];
    for (let n = 0; n < 4; n++) {
      const client = new TestClient(server.url);
      await client.next("challenge");
      clients.push(client);
    }
    const [oldest, ...others] = clients;
    assert.equal((await oldest?.closed)?.code, 1006);
    for (const [n, client] of others.entries()) {
      client.sendJoin(`late${n}`);
      await client.next("joined");
    }
    for (const client of others) await client.close();
  });

  it("make such room only if nothing else is wrong with the request", async () => {
    const clients = [1, 2, 3].map(() => new TestClient(server.url));
    for (const client of clients) await client.next("challenge");
    assertRefused(await refusal(server.url, { origin: "https://evil.example.org" }), 403);
    for (const client of clients) client.sendJoin("same");
    for (const client of clients) await client.until("joined");
    for (const client of clients) await client.close();
  });

  it("count from the TCP connection on: the oldest idle ones of the same address are cut", async () => {
    const idle: Socket[] = [];
    try {
      const ends: Promise<unknown>[] = [];
      for (let n = 0; n < 40; n++) {
        const socket = connect({ port: server.port, host: "127.0.0.1", localAddress: "127.0.0.2" });
        idle.push(socket);
        await once(socket, "connect");
        ends.push(once(socket.on("error", () => undefined).resume(), "close"));
      }
      // Beyond the places of the address, 16 are kept.
      await Promise.all(ends.slice(0, 40 - 3 - 16));
      const other = await TestClient.join(server.url, "elsewhere");
      await other.close();
    } finally {
      for (const socket of idle) socket.destroy();
    }
  });

  it("beyond the limit of members are refused with 503", async () => {
    const small = await startServer({ clients: 2 });
    for (const name of ["one", "two"]) await TestClient.join(small.url, name);
    assertRefused(await refusal(small.url), 503);
    await small.stop();
  });

  it("beyond the limit of connections make room: the oldest that has not joined is cut", async () => {
    const small = await startServer({ clients: 2 });
    const member = await TestClient.join(small.url, "member");
    const stranger = new TestClient(small.url);
    await stranger.next("challenge");
    const newcomer = await TestClient.join(small.url, "newcomer");
    assert.equal((await stranger.closed).code, 1006);
    await newcomer.settled();
    await member.settled();
    await small.stop();
  });

  it("make room by cutting closed clients that do not disconnect", async () => {
    const small = await startServer({ clients: 1 });
    const replaced = await joinRaw(small.url, "member");
    // The server has answered its closing frame, and waits for it to end the connection.
    replaced.write(clientFrame(0x88, Buffer.from([0x03, 0xe8])));
    const newcomer = await TestClient.join(small.url, "newcomer");
    await newcomer.settled();
    replaced.destroy();
    await small.stop();
  });

  it("never compress", async () => {
    const client = new TestClient(server.url, { perMessageDeflate: true });
    await client.next("challenge");
    assert.equal(client.ws.extensions, "");
    await client.close();
  });

  it("that never come end the connection at their deadline", async () => {
    const hasty = await startServer({ handshakeMs: 50 });
    const port = Number(new URL(hasty.url).port);
    assert.match(await rawAnswer(port, ""), /^(HTTP\/1\.1 408 |$)/);
    assert.match(await rawAnswer(port, "GET / HTTP/1.1\r\nHost: x\r\n"), /^HTTP\/1\.1 408 /);
    await hasty.stop();
  });

  it("without a join are closed with 4001", () =>
    FakeTimers.during(async (time) => {
      const patient = await startServer({});
      const client = new TestClient(patient.url);
      await client.next("challenge");
      client.sendJoin("");
      await client.next("refused");
      time.pass(limits.handshakeMs);
      const { code, reason } = await client.closed;
      assert.equal(code, 4001);
      assert.notEqual(reason, "");
      await patient.stop();
    }));

  it("are accepted byte by byte, with frames right behind", async () => {
    const request =
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    const socket = connect({ port: server.port, host: "127.0.0.1", noDelay: true });
    const bytes = Buffer.concat([Buffer.from(request), clientFrame(0x81, '{"type":"users"}')]);
    for (const byte of bytes) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    await readUntil(socket, '"code":"not-joined"');
    socket.destroy();
  });

  it("with two Host headers, or none, are refused with 400, whatever they ask for", async () => {
    const rest = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    for (const hosts of [
      "Host: localhost\r\nHost: localhost\r\n",
      "Host: localhost\r\nHost: evil.example\r\n",
      "Host: evil.example\r\nhost: localhost\r\n",
      "Host: localhost\r\nHOST:\r\n",
      "",
    ]) {
      for (const request of [
        `GET / HTTP/1.1\r\n${hosts}${rest}${key}\r\n`,
        `GET /relay HTTP/1.1\r\n${hosts}${rest}${key}\r\n`,
        `GET /other HTTP/1.1\r\n${rest}${hosts}${key}\r\n`,
        `GET / HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`,
      ]) {
        assert.match(await rawAnswer(server.port, request), /^HTTP\/1\.1 400 /, JSON.stringify(request));
      }
    }
  });

  it("that are refused report the Host that came, so that a client sees what a proxy made of it", async () => {
    const { headers } = await refusal(server.url, { headers: { Host: "Backend:1" } });
    assert.equal(headers["fork-chat-host"], "backend:1");
    const other = await refusal(`${server.url}/other`, { headers: { Host: "<b>@x" } });
    assert.deepEqual([other.status, other.headers["fork-chat-host"]], [404, undefined]);
  });

  it("with an invalid form are refused, and harm no one", async () => {
    const upgrade = `Host: localhost:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    for (const [request, status] of [
      ["\u0016\u0003\u0001\u0000", 400],
      ["HELLO\r\n\r\n", 400],
      ["HELLO\r\n", 400],
      ["\r\n", 400],
      ["GET / HTTP/2.0\r\n", 400],
      [`GET / HTTP/1.1\r\nX: ${"x".repeat(9_000)}`, 431],
      [`GET /${"x".repeat(9_000)}`, 431],
      [`GET / HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`, 400],
      [`GET / HTTP/1.1\r\n${upgrade}${key}Sec-WebSocket-Version: 7\r\n\r\n`, 400],
      [`POST / HTTP/1.1\r\n${upgrade}${key}Sec-WebSocket-Version: 13\r\n\r\n`, 405],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ] as const) {
      assert.match(await rawAnswer(server.port, request), new RegExp(`^HTTP/1\\.1 ${String(status)} `));
    }
    const client = new TestClient(server.url);
    await client.next("challenge");
    await client.close();
  });
});

/** Sends bytes as they are and returns all that comes back until the server ends the connection. */
async function rawAnswer(port: number, sent: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("error", () => undefined).on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
  socket.write(sent, "latin1");
  await once(socket, "close");
  return answer;
}
