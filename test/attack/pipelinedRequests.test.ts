// Strangers who send thousands of HTTP requests in one piece. Node's parser publishes each request that it has read: what is
// counted here is its work, not the answers, of which there was only one before.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { generate } from "selfsigned";
import { startServer } from "../conformance/startServer.ts";
import type { RunningServer } from "../../server/createServer.ts";
import { HonestPair } from "./honestPair.ts";

const CONNECTIONS = 32;
const REQUESTS = 2_200;
const PARSED = "http.server.request.start";

const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

describe("pipelined HTTP requests", () => {
  let server: RunningServer;
  let secure: RunningServer;
  let parsed = 0;
  const count = (): void => void (parsed += 1);

  before(async () => {
    server = await startServer({});
    const made = await generate([{ name: "commonName", value: "x" }], { keyType: "ec", curve: "P-256" });
    secure = await startServer({ tls: { cert: Buffer.from(made.cert), key: Buffer.from(made.private) } });
    subscribe(PARSED, count);
  });
  beforeEach(() => {
    parsed = 0;
  });
  after(async () => {
    unsubscribe(PARSED, count);
    await Promise.all([server.stop(), secure.stop()]);
  });

  /** Sends the pieces, each once the server has let the one before go, until the connection ends. @returns what came back */
  async function flood(pieces: readonly string[], { url }: RunningServer = server): Promise<string> {
    const place = { host: "127.0.0.1", port: Number(new URL(url).port), localAddress: "127.0.41.1" };
    const socket = url.startsWith("wss:")
      ? connectTls({ ...place, rejectUnauthorized: false })
      : connect(place);
    let answer = "";
    socket.on("error", () => undefined).on("data", (data: Buffer) => (answer += data.toString("latin1")));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    for (const piece of pieces)
      await Promise.race([closed, new Promise((resolve) => socket.write(piece, resolve))]);
    await closed;
    return answer;
  }

  it("are read one per connection, inside TLS too", async () => {
    const pair = await HonestPair.meet(secure.url, { rejectUnauthorized: false });
    parsed = 0;
    const piece = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(REQUESTS);
    const floods = Promise.all(Array.from({ length: CONNECTIONS }, () => flood([piece, piece], secure)));
    await pair.talk();
    await floods;
    assert.ok(parsed <= CONNECTIONS, `${parsed} requests were read of ${CONNECTIONS} connections`);
    await pair.leave();
  });

  it("are answered once", async () => {
    const answer = await flood(["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"]);
    assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 426"]);
  });

  it("are no longer read after one that expects something the server cannot do", async () => {
    const { port } = new URL(server.url);
    const socket = connect({ host: "127.0.0.1", port: Number(port), localAddress: "127.0.41.1" });
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const request = "GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n";
    socket.write(request);
    await once(socket, "data");
    socket.write(request.repeat(REQUESTS));
    socket.resume().end();
    await closed;
    assert.equal(parsed, 1);
  });

  for (const [what, request] of [
    ["at no path of ours", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["with a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"],
    ["in chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"],
    [
      "that wait for a 100",
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
    ],
    ["for a WebSocket of another name", `GET / HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`],
    ["of HTTP/1.0 that keep alive", "GET /x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"],
    ["with two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    ["that the parser refuses", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"],
  ] as const) {
    it(`${what} are read one per connection, and cost two honest people no message`, async () => {
      const pair = await HonestPair.meet(server.url);
      parsed = 0;
      const piece = request.repeat(REQUESTS);
      const floods = Promise.all(Array.from({ length: CONNECTIONS }, () => flood([piece, piece])));
      await pair.talk();
      await floods;
      await pair.talk();
      assert.ok(parsed <= CONNECTIONS, `${parsed} requests were read of ${CONNECTIONS} connections`);
      await pair.leave();
    });
  }
});
