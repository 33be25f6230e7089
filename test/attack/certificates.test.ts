// Handshakes that are made to be computed for long: chains of dear certificates and groups of dear key exchanges, at a window's
// listener, at its dials and on its way to a server. None of them is computed. Each test looks at how far the window went.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import {
  connect as connectTls,
  createServer,
  type ConnectionOptions,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";
import { generate } from "selfsigned";
import * as v from "valibot";
import { WebSocketServer } from "ws";
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import { relayDuplex } from "../../extension/net/relay/relayDuplex.ts";
import { Token, type Address } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { PEER_ALPN } from "../../protocol/peer.ts";
import {
  atEnd,
  cleanUp,
  rawServer,
  Stream,
  testNetwork,
  type TestNetwork,
} from "../integration/netHarness.ts";
import { certificateOf, failureOf, knock, listening, stranger, target } from "../integration/peerHarness.ts";
import { LONG } from "../fuzz/fuzz.ts";
import { hostileChain, longExponent, slowCurve } from "../support/hostileCertificates.ts";
import { TestKey } from "../support/testKey.ts";

const AT_ONCE = LONG ? 16 : 4;
const TOO_LONG = "Refused a peer connection: no handshake (HANDSHAKE_TOO_LONG)";

const key = new TestKey();
const rsa = longExponent(3072);
const curve = slowCurve("sect571r1", 71);
/** From what is far too large to what is just too large. */
const chains: readonly (readonly [string, string])[] = [
  ["seventy with RSA and a long exponent", hostileChain(key, rsa, 70)],
  ["two hundred small ones", hostileChain(key, curve, 200)],
  ["two with RSA and a long exponent", hostileChain(key, rsa, 2)],
  ["three on a slow curve", hostileChain(key, curve, 3)],
];

/** Shows an ordinary certificate. */
async function shown(own: TestKey): Promise<{ key: string; cert: string }> {
  return { key: own.pem, cert: await certificateOf(own) };
}

/** A relay in the hands of the attacker: what comes to it is no tunnel, but ends right there. */
async function fakeRelay(
  come: (stream: Duplex) => void = () => undefined,
): Promise<{ url: string; streams: Stream<Duplex> }> {
  const streams = new Stream<Duplex>();
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  server.on("connection", (ws, { socket }) => {
    const stream = relayDuplex({ ws, stream: socket }, { limits: netLimits, clock: () => performance.now() });
    streams.push(stream);
    come(stream);
  });
  atEnd(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`, streams };
}

describe("a window's listener", () => {
  const carmen = new TestKey();
  let bobby: TestNetwork;
  let address: Address;

  beforeEach(async () => {
    bobby = testNetwork();
    address = await listening(bobby, carmen);
  });

  afterEach(cleanUp);

  /** Handshakes as client; resolves when the window has ended them all. */
  async function shake(streams: readonly Duplex[], options: ConnectionOptions): Promise<void> {
    const ends = streams.map(async (socket) => {
      const tls = connectTls({
        ...{ socket, rejectUnauthorized: false, minVersion: "TLSv1.3", ALPNProtocols: [PEER_ALPN] },
        ...options,
      });
      tls.on("error", () => undefined).resume();
      await new Promise((resolve) => tls.once("close", resolve));
    });
    await Promise.all(ends);
  }

  async function knocks(count: number): Promise<Duplex[]> {
    return Promise.all(Array.from({ length: count }, () => knock(address)));
  }

  function refusals(): string[] {
    return bobby.logged.filter((line) => line.startsWith("Refused"));
  }

  for (const [what, cert] of chains) {
    it(`parses none of many certificates: ${what}, ${AT_ONCE} times at once`, async () => {
      await shake(await knocks(AT_ONCE), { key: key.pem, cert });
      assert.deepEqual(refusals(), Array(AT_ONCE).fill(TOO_LONG));
      await stranger(address, carmen);
      await bobby.event("link/connected");
    });
  }

  it("parses none of them over the relay either", async () => {
    const relay = await fakeRelay();
    const token = v.parse(Token, "a".repeat(22));
    for (let n = 0; n < 4; n++) bobby.meetAtRelay({ server: relay.url, ticket: token }, target(carmen).pin);
    await relay.streams.count(4);
    await shake(relay.streams.items, { key: key.pem, cert: chains[0]?.[1] });
    assert.deepEqual(refusals(), Array(4).fill(TOO_LONG));
  });

  for (const group of ["ffdhe8192", "ffdhe4096", "P-521", "X448"]) {
    it(`computes no key exchange in the group ${group}`, async () => {
      await shake(await knocks(AT_ONCE), { ecdhCurve: group, ...(await shown(key)) });
      assert.equal(refusals().length, AT_ONCE);
      for (const line of refusals()) assert.match(line, /no handshake/);
    });
  }

  it("accepts a long ClientHello followed by an ordinary certificate, but rejects one that is too long", async () => {
    const shake = async (names: number): Promise<TLSSocket> => {
      const long = Array.from({ length: names }, (_, n) => String(n % 10).repeat(255));
      const socket = connectTls({
        ...address,
        ...{ rejectUnauthorized: false, ALPNProtocols: [PEER_ALPN, ...long], ...(await shown(carmen)) },
        // Later versions of Node.js offer more, which makes it longer.
        ecdhCurve: "X25519",
      });
      atEnd(() => void socket.destroy());
      return socket.on("error", () => undefined);
    };
    const taken = await shake(6);
    await once(taken, "session");
    assert.deepEqual(refusals(), []);
    assert.ok(taken.bytesWritten < limits.peerHelloBytes + limits.peerFlightBytes);
    const refused = await shake(8);
    await new Promise((resolve) => refused.once("close", resolve));
    assert.deepEqual(refusals(), [TOO_LONG]);
  });
});

describe("a window that dials", () => {
  afterEach(cleanUp);

  /** Why a dial fails when this answers there. */
  async function dial(options: TlsOptions, relayed = false): Promise<string> {
    const anna = testNetwork();
    anna.listen("tester", "loopback", null);
    const server = createServer({
      ...{ ALPNProtocols: [PEER_ALPN], requestCert: true, rejectUnauthorized: false, ...options },
    });
    server.on("tlsClientError", () => undefined);
    server.on("secureConnection", (socket) => socket.on("error", () => undefined));
    if (relayed) {
      const relay = await fakeRelay((stream) => server.emit("connection", stream));
      const meeting = { server: relay.url, ticket: v.parse(Token, "a".repeat(22)) };
      anna.dial("d1", { ...target(new TestKey()), relay: meeting });
    } else {
      const { port } = await rawServer((socket) => server.emit("connection", socket));
      anna.dial("d1", target(new TestKey(), { host: "127.0.0.1", port }));
    }
    return (await failureOf(anna, "d1")).replace(/127\.0\.0\.1:\d+/u, "PLACE");
  }

  for (const [what, cert] of chains) {
    it(`parses none of many certificates: ${what}`, async () => {
      const why = await dial({ key: key.pem, cert });
      assert.equal(why, "TLS handshake with PLACE failed");
    });
  }

  it("parses none of them over the relay either", async () => {
    const why = await dial({ key: key.pem, cert: chains[0]?.[1] }, true);
    assert.equal(why, "TLS handshake with the server's relay failed");
  });

  it("computes no key exchange in an expensive group", async () => {
    const why = await dial({ ...(await shown(key)), ecdhCurve: "ffdhe8192:P-521" });
    assert.match(why, /TLS handshake with .* failed|closed the connection/);
  });
});

describe("a window that connects to a server", () => {
  afterEach(cleanUp);

  /** Why it does not connect, when this is the server. */
  async function connectTo(options: TlsOptions): Promise<string> {
    const server = createServer(options);
    server.on("tlsClientError", () => undefined);
    server.on("secureConnection", (socket) => socket.on("error", () => undefined));
    const { port } = await rawServer((socket) => server.emit("connection", socket));
    const anna = testNetwork();
    anna.connect(1, `wss://127.0.0.1:${String(port)}`, "tester");
    const { cause } = await anna.event("rendezvous/closed");
    return cause.kind;
  }

  it("asks about an untrusted certificate in a chain of ordinary length", async () => {
    assert.equal(
      await connectTo({ key: key.pem, cert: hostileChain(key, longExponent(2048), 3) }),
      "untrusted",
    );
  });

  for (const [what, cert] of chains.slice(0, 2)) {
    it(`parses none of many certificates: ${what}`, async () => {
      assert.equal(await connectTo({ key: key.pem, cert }), "rejected");
    });
  }

  it("computes no key exchange in an expensive group, in either TLS version", async () => {
    const own = await shown(key);
    assert.equal(await connectTo({ ...own, ecdhCurve: "ffdhe8192", minVersion: "TLSv1.3" }), "rejected");
    const older = { maxVersion: "TLSv1.2", ciphers: "DHE", dhparam: "auto" } as const;
    const made = await generate([{ name: "commonName", value: "server" }], { keyType: "rsa", keySize: 2048 });
    assert.equal(await connectTo({ key: made.private, cert: made.cert, ...older }), "rejected");
  });
});
