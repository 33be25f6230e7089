// The connection to the rendezvous server: how it opens, what it lets through, and why it cannot be had.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { createServer, type AddressInfo } from "node:net";
import * as v from "valibot";
import type { WebSocket } from "ws";
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import { MessageId, Token } from "../../protocol/fields.ts";
import {
  challenge,
  cleanUp,
  connected,
  fakeServer,
  rawServer,
  refusingServer,
  stopTime,
  testNetwork,
  type FakeServer,
} from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";

const id = v.parse(MessageId, "m1");

/** The WebSocket on the server's side of its only client. */
async function serverSide(server: FakeServer): Promise<WebSocket> {
  await server.clients.count(1);
  const [client] = server.clients.items;
  assert.ok(client);
  return client.ws;
}

async function causeOf(url: string, limits = {}): Promise<string> {
  const network = testNetwork({ limits });
  network.connect(1, url, "tester");
  const { cause } = await network.event("rendezvous/closed");
  assert.deepEqual(network.types(), ["rendezvous/closed"]);
  return `${cause.kind}: ${cause.text}`;
}

describe("a connection to the rendezvous server", () => {
  afterEach(cleanUp);

  it("opens with the challenge", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    network.connect(7, server.url, "tester");
    assert.deepEqual(network.types(), []);
    const opened = await network.event("rendezvous/opened");
    assert.deepEqual(opened, {
      type: "rendezvous/opened",
      connection: 7,
      challenge,
      overLoopback: true,
      server: "127.0.0.1",
    });
  });

  it("reads a challenge that arrives in one packet with the 101", async () => {
    const { port } = await rawServer((socket) => {
      socket.once("data", (request) => {
        const key = /^sec-websocket-key: (.*)$/im.exec(request.toString())?.[1] ?? "";
        const accept = createHash("sha1")
          .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
          .digest("base64");
        const text = Buffer.from(JSON.stringify(challenge));
        const frameHead = Buffer.from([0x81, 126, text.length >> 8, text.length & 255]);
        const head =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
        socket.write(Buffer.concat([Buffer.from(head), frameHead, text]));
      });
    });
    const network = testNetwork();
    network.connect(1, `ws://127.0.0.1:${String(port)}`, "tester");
    assert.deepEqual((await network.event("rendezvous/opened")).challenge, challenge);
  });

  it("requests the path and host of the URL, without Origin, compression or credentials", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    network.connect(1, `${server.url}/team:red?room=1`, "tester");
    await network.event("rendezvous/opened");
    const request = server.clients.items[0]?.request;
    assert.equal(request?.url, "/team%3Ared?room=1");
    assert.equal(request.headers.host, `127.0.0.1:${String(server.port)}`);
    for (const name of ["origin", "sec-websocket-extensions", "authorization", "cookie"]) {
      assert.equal(request.headers[name], undefined, name);
    }
  });

  it("carries messages both ways, in order", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    await connected(network, server);
    network.send(1, { type: "users" });
    network.send(1, { type: "say", id, text: "Grüße\n👋" });
    await server.received.count(2);
    assert.deepEqual(server.received.items, [{ type: "users" }, { type: "say", id, text: "Grüße\n👋" }]);
    server.say({ type: "arrived", name: "bobby" });
    server.say({ type: "left", name: "bobby", reason: "quit" });
    await network.events.count(3);
    assert.deepEqual(network.events.items.slice(1), [
      { type: "rendezvous/message", connection: 1, message: { type: "arrived", name: "bobby" } },
      { type: "rendezvous/message", connection: 1, message: { type: "left", name: "bobby", reason: "quit" } },
    ]);
  });

  for (const [token, shown] of [
    [undefined, {}],
    ["correct-horse-battery-staple", { token: "correct-horse-battery-staple" }],
  ] as const) {
    it(`joins with its key, having signed the host${token === undefined ? "" : ", and the server's token"}`, async () => {
      const server = await fakeServer();
      const network = testNetwork(token === undefined ? {} : { token });
      await connected(network, server);
      const resume = v.parse(Token, "r".repeat(22));
      network.join(1, { name: "Änna", resume });
      await server.received.count(1);
      const [join] = server.received.items;
      assert.equal(join?.type, "join");
      const { sig, ...rest } = join;
      assert.deepEqual(rest, { type: "join", v: 2, name: "Änna", resume, spki: network.key.spki, ...shown });
      const place = `127.0.0.1:${String(server.port)}`;
      const statement = `fork-chat join 2\n${place}\n${challenge.nonce}\n${network.key.spki}\nÄnna`;
      const key = { key: createPublicKey(network.key.publicPem), dsaEncoding: "ieee-p1363" } as const;
      assert.ok(verify("sha256", Buffer.from(statement), key, Buffer.from(sig, "base64url")));
      if (token !== undefined) assert.ok(!network.logged.join().includes(token));
    });
  }

  it("passes on only messages of the protocol, and stays open", async () => {
    const server = await fakeServer();
    const network = testNetwork();
    await connected(network, server);
    const ws = await serverSide(server);
    ws.send("not JSON: secret words");
    ws.send(Buffer.from("secret bytes"));
    server.say({ type: "from-the-future", text: "secret words" });
    server.say({ type: "said", seq: "one", text: "secret words" });
    server.say(challenge);
    server.say({ type: "arrived", name: "bobby" });
    await network.event("rendezvous/message");
    assert.deepEqual(network.types(), ["rendezvous/opened", "rendezvous/message"]);
    assert.equal(network.logged.filter((line) => line.startsWith("Dropped")).length, 5);
    assert.ok(!network.logged.join().includes("secret"));
  });

  it("can be opened while another is being opened, and each has its own number", async () => {
    const servers = await Promise.all([fakeServer(), fakeServer()]);
    const network = testNetwork();
    servers.forEach((server, index) => {
      network.connect(index, server.url, "tester");
    });
    await network.events.count(2);
    servers[1].say({ type: "arrived", name: "bobby" });
    assert.equal((await network.event("rendezvous/message")).connection, 1);
  });
});

describe("a connection that cannot be opened", () => {
  afterEach(cleanUp);

  it("reports that nothing is listening", async () => {
    const place = `127.0.0.1:${String(await freePort())}`;
    assert.equal(await causeOf(`ws://${place}`), `unreachable: nothing is listening at ${place}`);
  });

  it("reports it for each address behind a name, too", async () => {
    const place = `localhost:${String(await freePort())}`;
    assert.equal(await causeOf(`ws://${place}`), `unreachable: nothing is listening at ${place}`);
  });

  for (const name of ["localhost", "LocalHost.", "chat.localhost"]) {
    it(`does not dial [::1] for ${name}, where another user may listen (skipped on a machine without ::1)`, async function () {
      const calls: string[] = [];
      const rogue = createServer((socket) => calls.push(socket.destroy().remoteAddress ?? ""));
      rogue.listen({ host: "::1", port: await freePort(), ipv6Only: true });
      await once(rogue, "listening").catch(() => this.skip());
      const { port } = rogue.address() as AddressInfo;
      const cause = await causeOf(`ws://${name}:${String(port)}`);
      await new Promise((resolve) => rogue.close(resolve));
      assert.match(cause, /^unreachable: nothing is listening at /u);
      assert.deepEqual(calls, []);
    });
  }

  it("reports that an address is invalid", async () => {
    for (const [url, problem] of [
      ["", "a server URL must start with ws:// or wss://"],
      ["bobby", "a server URL must start with ws:// or wss://"],
      ["http://127.0.0.1:1", "a server URL must start with ws:// or wss://"],
      ["ws://a:b@127.0.0.1:1", "a server URL must not contain a user name or password"],
      ["ws://127.0.0.1:1/#x", "a server URL must not contain a “#”"],
    ] as const) {
      assert.equal(await causeOf(url), `rejected: ${problem}`, url);
    }
  });

  for (const [status, expected] of [
    [401, "rejected: the server at PLACE requires credentials"],
    [403, "rejected: the server at PLACE doesn't allow this window to connect"],
    [404, "rejected: something other than a Fork Chat server is listening at PLACE"],
    [426, "rejected: something other than a Fork Chat server is listening at PLACE"],
    [429, "unreachable: the server at PLACE has too many connections from this address"],
    [502, "unreachable: PLACE refused the connection (HTTP status 502)"],
    [503, "unreachable: the server at PLACE is full"],
    [200, "rejected: PLACE refused the connection (HTTP status 200)"],
  ] as const) {
    it(`explains the HTTP status ${String(status)}`, async () => {
      const place = `127.0.0.1:${String(await refusingServer(status))}`;
      assert.equal(await causeOf(`ws://${place}`), expected.replace("PLACE", place));
    });
  }

  it("reports that something else is listening there", async () => {
    const { port } = await rawServer((socket) => socket.end("SSH-2.0-somebody\r\n"));
    const place = `127.0.0.1:${String(port)}`;
    assert.equal(
      await causeOf(`ws://${place}`),
      `rejected: something other than Fork Chat is listening at ${place}`,
    );
  });

  it("reports that no answer came", async () => {
    const { port } = await rawServer(() => undefined);
    const place = `127.0.0.1:${String(port)}`;
    assert.equal(
      await causeOf(`ws://${place}`, { handshakeMs: 50 }),
      `unreachable: ${place} isn't responding`,
    );
  });

  it("reports that the connection was closed without an answer", async () => {
    const { port } = await rawServer((socket) => socket.resume().end());
    const place = `127.0.0.1:${String(port)}`;
    assert.equal(await causeOf(`ws://${place}`), `unreachable: ${place} closed the connection right away`);
  });

  it("reports a WebSocket server without a challenge as something else", async () => {
    const silent = await fakeServer(null);
    const time = stopTime();
    const cause = causeOf(silent.url);
    const ws = await serverSide(silent);
    // The other end answers once it has the connection.
    ws.ping();
    await once(ws, "pong");
    time.pass(netLimits.handshakeMs);
    assert.match(await cause, /^unreachable: something other than a Fork Chat server is listening at /);
    const other = await fakeServer({ type: "welcome" });
    assert.match(
      await causeOf(other.url),
      /^rejected: something other than a Fork Chat server is listening at /,
    );
  });

  it("says which side needs an update when the versions differ", async () => {
    const newer = await fakeServer({ type: "challenge", v: 3, proof: "of work" });
    assert.equal(
      await causeOf(newer.url),
      "rejected: the server uses protocol version 3, this extension uses version 2: " +
        "update this extension",
    );
    const older = await fakeServer({ ...challenge, v: 0 });
    assert.match(await causeOf(older.url), /: update the server$/);
  });

  it("is not redirected by a patched http.request, and sends nothing to the other server", async () => {
    const server = await fakeServer();
    let leaked = 0;
    const elsewhere = await rawServer((socket) => socket.on("data", (data) => (leaked += data.length)));
    const original = http.request;
    const network = testNetwork({ limits: { handshakeMs: 500 } });
    try {
      Object.assign(http, {
        request: (options: http.RequestOptions) => {
          const { createConnection, socketPath, ...rest } = options;
          assert.ok(createConnection);
          assert.ok(socketPath);
          return original({ ...rest, agent: new http.Agent(), host: "127.0.0.1", port: elsewhere.port });
        },
      });
      network.connect(1, server.url, "tester");
      const { cause } = await network.event("rendezvous/closed");
      assert.equal(cause.kind, "rejected");
    } finally {
      Object.assign(http, { request: original });
    }
    assert.equal(leaked, 0);
    assert.equal(server.clients.items.length, 0);
  });
});
