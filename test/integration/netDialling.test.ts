// Dialing a peer: on which ways, in what order, for how long, and what is reported if the right peer is not there.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import type { TlsOptions, TLSSocket } from "node:tls";
import { deflateRawSync } from "node:zlib";
import { WebSocketServer, type WebSocket } from "ws";
import { netLimits, type NetLimits } from "../../extension/net/dial/netLimits.ts";
import type { Address } from "../../protocol/fields.ts";
import { TestKey } from "../support/testKey.ts";
import {
  cleanUp,
  closing,
  connected,
  fakeServer,
  passUntil,
  rawServer,
  stopTime,
  Stream,
  testNetwork,
  type TestNetwork,
} from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";
import {
  endOf,
  failureOf,
  framesOf,
  greet,
  hello,
  listening,
  startOf,
  target,
  tlsPeer,
} from "./peerHarness.ts";
import { rawFrame } from "./rawFrame.ts";

const at = (port: number): Address => ({ host: "127.0.0.1", port });
const place = ({ host, port }: Address): string => `${host}:${String(port)}`;

/** Why a dial of these places fails. */
async function failure(
  key: { readonly pin: string },
  addresses: readonly Address[],
  limits: Partial<NetLimits> = {},
): Promise<string> {
  const anna = testNetwork({ limits });
  anna.listen("tester", "loopback", null);
  anna.dial("d1", target(key, ...addresses));
  return failureOf(anna, "d1");
}

/** A peer with this key that answers every request with this text. */
async function answering(key: TestKey, answer: string): Promise<Address> {
  return tlsPeer(key, (socket) => socket.once("data", () => socket.end(answer)));
}

describe("dialling a peer", () => {
  const bobbyKey = new TestKey();

  afterEach(cleanUp);

  it("passes over addresses where something else answers", async () => {
    const [anna, bobby] = [testNetwork({ limits: { staggerMs: 20 } }), testNetwork()];
    const server = await fakeServer();
    await Promise.all([connected(anna, server), connected(bobby, server)]);
    const silent = await rawServer(() => undefined);
    const wrong = [
      at(silent.port),
      at(await freePort()),
      await tlsPeer(new TestKey(), () => undefined),
      at((await rawServer((socket) => socket.end("SSH-2.0-x\r\n"))).port),
      at(server.port),
    ];
    anna.dial("d1", target(bobby, ...wrong, await listening(bobby, anna)));
    await greet(anna, "d1", bobby, "i1");
    assert.equal(anna.types().filter((type) => type === "link/connected").length, 1);
  });

  it("says what was wrong with each address", async () => {
    const nothing = at(await freePort());
    const other = await tlsPeer(new TestKey(), () => undefined);
    const clear = at((await rawServer((socket) => socket.end("SSH-2.0-x\r\n"))).port);
    const cut = at((await rawServer((socket) => socket.once("data", () => socket.resetAndDestroy()))).port);
    const refusing = await answering(bobbyKey, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    const odd = await answering(bobbyKey, "220 mail.example ESMTP\r\n");
    assert.equal(
      await failure(bobbyKey, [nothing, other, clear, cut, refusing, odd], { staggerMs: 20 }),
      `nothing is listening at ${place(nothing)}; ` +
        `${place(other)} presented a different key; ` +
        `TLS handshake with ${place(clear)} failed; ` +
        `${place(cut)} closed the connection: it doesn't expect this window, or too many windows are connecting to it at once; ` +
        `${place(refusing)} refused the connection (HTTP status 404); ` +
        `something other than Fork Chat is listening at ${place(odd)}`,
    );
  });

  it("says that a window there does not expect this one", async () => {
    const bobby = testNetwork();
    const address = await listening(bobby, new TestKey());
    assert.equal(
      await failure(bobby, [address]),
      `${place(address)} closed the connection: it doesn't expect this window, or too many windows are connecting to it at once`,
    );
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("ends when no one has answered in time", async () => {
    const dialed = new Stream<Socket>();
    const silent = at((await rawServer((socket) => dialed.push(socket))).port);
    const gone = new Stream<true>();
    const ending = (socket: Socket): void => {
      socket
        .once("close", () => gone.push(true))
        .resume()
        .end("SSH-2.0-x\r\n");
    };
    const clear = at((await rawServer(ending)).port);
    const time = stopTime();
    const dialMs = 5_000;
    const why = failure(bobbyKey, [clear, silent], { dialMs, staggerMs: 0 });
    await passUntil(Promise.all([gone.count(1), dialed.count(1)]), time);
    time.pass(dialMs);
    assert.equal(await why, `TLS handshake with ${place(clear)} failed; ${place(silent)} isn't responding`);
    time.uninstall();
    // Each way has its own time, too.
    assert.equal(await failure(bobbyKey, [silent], { handshakeMs: 50 }), `${place(silent)} isn't responding`);
    const slow = await tlsPeer(bobbyKey, () => undefined);
    assert.equal(await failure(bobbyKey, [slow], { handshakeMs: 500 }), `${place(slow)} isn't responding`);
  });

  it("closes the slower attempts when one has won", async () => {
    const sockets = new Stream<Socket>();
    const silent = await rawServer((socket) => sockets.push(socket));
    const [anna, bobby] = [testNetwork({ limits: { staggerMs: 20 } }), testNetwork()];
    const address = await listening(bobby, anna);
    anna.listen("tester", "loopback", null);
    anna.dial("d1", target(bobby, at(silent.port), address));
    await greet(anna, "d1", bobby, "i1");
    await sockets.count(1);
    const [slow] = sockets.items;
    assert.ok(slow);
    slow.resume();
    if (!slow.closed) await once(slow, "close");
  });

  it("is canceled silently, and the other side never notices", async () => {
    const [anna, bobby] = [testNetwork(), testNetwork()];
    const address = await listening(bobby, anna);
    anna.listen("tester", "loopback", null);
    for (const link of ["d1", "d2"]) anna.dial(link, target(bobby, address));
    anna.closeLink("d1", 1000);
    // The second one shows that the first would have been there by now.
    await Promise.all([startOf(anna, "d2"), startOf(bobby, "i1")]);
    await Promise.all([anna.dispose(), bobby.dispose()]);
    assert.ok(!anna.events.items.some((event) => "link" in event && event.link === "d1"));
    assert.equal(bobby.types().filter((type) => type === "link/connected").length, 1);
  });
});

describe("a dialer", () => {
  const bobbyKey = new TestKey();

  afterEach(cleanUp);

  type Seen = {
    readonly heard: readonly Buffer[];
    readonly secured: readonly unknown[];
    readonly why: string;
  };

  /** Dials a peer. Returns what it saw and received inside TLS, and how the dial ended. */
  async function seenBy(key: TestKey, dialled: TestKey, options: TlsOptions = {}): Promise<Seen> {
    const heard: Buffer[] = [];
    const secured: unknown[] = [];
    const gone = new Stream<true>();
    const seen = (socket: TLSSocket): void => {
      socket.on("data", (bytes: Buffer) => heard.push(bytes));
      socket.once("data", () => socket.end());
      secured.push([socket.getProtocol(), socket.alpnProtocol, socket.servername]);
    };
    const address = await tlsPeer(key, seen, options, () => gone.push(true));
    const why = await failure(dialled, [address]);
    await gone.count(1);
    return { heard, secured, why: why.replace(place(address), "PLACE") };
  }

  it("sends no byte to a peer with another key", async () => {
    const { heard, why } = await seenBy(new TestKey(), bobbyKey);
    assert.equal(why, "PLACE presented a different key");
    assert.deepEqual(heard, []);
  });

  it("sends its own form of upgrade to the right peer, over TLS 1.3, without a server name", async () => {
    const { heard, secured } = await seenBy(bobbyKey, bobbyKey);
    const request = Buffer.concat(heard).toString();
    assert.match(request, /^GET \/peer HTTP\/1\.1\r\n/);
    assert.match(request, /\r\nHost: peer\r\n/);
    assert.doesNotMatch(request, /origin|extensions|protocol:|cookie|authorization/i);
    assert.deepEqual(secured, [["TLSv1.3", "fork-chat/2", false]]);
  });

  const peers: readonly (readonly [string, TlsOptions])[] = [
    ["does not agree on the protocol", { ALPNProtocols: [] }],
    ["names another protocol", { ALPNProtocols: ["h2"] }],
    ["speaks TLS 1.2 alone", { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" }],
  ];
  for (const [what, options] of peers) {
    it(`sends no byte to a peer that ${what}, even with the right key`, async () => {
      const { heard, why } = await seenBy(bobbyKey, bobbyKey, options);
      assert.equal(why, "TLS handshake with PLACE failed");
      assert.deepEqual(heard, []);
    });
  }

  it("proves its key every time: no dial resumes another's TLS session", async () => {
    const seen = new Stream<{ reused: boolean; key: string | undefined }>();
    // Tickets are given right after the handshake; a request is awaited, so that they have come.
    const address = await tlsPeer(bobbyKey, (socket) => {
      const key = socket
        .getPeerX509Certificate()
        ?.publicKey.export({ type: "spki", format: "pem" })
        .toString();
      seen.push({ reused: socket.isSessionReused(), key });
      socket.once("data", () => socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    });
    const anna = testNetwork();
    anna.listen("tester", "loopback", null);
    for (const link of ["d1", "d2", "d3"]) {
      anna.dial(link, target(bobbyKey, address));
      await failureOf(anna, link);
    }
    assert.deepEqual(seen.items, Array(3).fill({ reused: false, key: anna.key.publicPem }));
  });
});

describe("a dialed peer that then breaks the protocol", () => {
  const bobbyKey = new TestKey();

  afterEach(cleanUp);

  /** Anna's link to a peer that answers as a window does, and then sends this. */
  async function linkTo(
    send: (ws: WebSocket, socket: TLSSocket) => void,
    meanwhile: (anna: TestNetwork) => Promise<void> = () => Promise.resolve(),
  ) {
    const clients = new Stream<{ readonly ws: WebSocket; readonly closed: Promise<number> }>();
    const upgrader = new WebSocketServer({ noServer: true });
    const http = createServer();
    const address = await tlsPeer(bobbyKey, (socket) => {
      http.once("upgrade", (request, _socket, head: Buffer) =>
        upgrader.handleUpgrade(request, socket, head, (ws) => {
          ws.on("error", () => undefined);
          clients.push({ ws, closed: closing(ws) });
          send(ws, socket);
        }),
      );
      http.emit("connection", socket);
    });
    const anna = testNetwork();
    anna.listen("tester", "loopback", null);
    anna.dial("d1", target(bobbyKey, address));
    await meanwhile(anna);
    const end = await endOf(anna, "d1");
    const [client] = clients.items;
    assert.ok(client);
    assert.deepEqual(framesOf(anna, "d1"), []);
    return { kind: end.kind, code: await client.closed };
  }

  const bare = (first: number, payload: Buffer) => (_ws: WebSocket, socket: TLSSocket) =>
    socket.write(rawFrame(first, payload, "bare"));
  const faults: readonly (readonly [string, number, (ws: WebSocket, socket: TLSSocket) => void])[] = [
    ["does not begin with hello", 4006, (ws) => ws.send('{"type":"ack","received":1}')],
    ["sends no JSON", 4006, (ws) => ws.send("hello")],
    ["sends a binary frame", 1003, (ws) => ws.send(Buffer.from(JSON.stringify(hello())))],
    ["sends a frame that is too large", 1009, (ws) => ws.send("x".repeat(102_401))],
    ["sends a packed frame", 1002, bare(0xc1, deflateRawSync(Buffer.alloc(1024 * 1024)))],
    ["sends text that is not UTF-8", 1007, bare(0x81, Buffer.from([0xff]))],
    ["masks its frames", 1002, (_ws, socket) => socket.write(rawFrame(0x81, Buffer.from("{}"), "masked"))],
  ];
  for (const [what, code, send] of faults) {
    it(`is disconnected, with a reason, when it ${what}`, async () => {
      assert.deepEqual(await linkTo(send), { kind: "protocol", code });
    });
  }

  it("is disconnected when it does not answer hello in time", async () => {
    const time = stopTime();
    const wait = async (anna: TestNetwork): Promise<void> => {
      await passUntil(startOf(anna, "d1"), time);
      time.pass(netLimits.handshakeMs);
    };
    assert.deepEqual(await linkTo(() => undefined, wait), { kind: "lost", code: 4001 });
  });
});
