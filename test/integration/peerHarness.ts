// What the tests of links between windows share: two networks with a link, and peers that are no Fork Chat. Everything
// runs on real sockets of the loopback interface.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  connect as connectTls,
  createServer as createTlsServer,
  type ConnectionOptions,
  type TlsOptions,
  type TLSSocket,
} from "node:tls";
import { generate } from "selfsigned";
import * as v from "valibot";
import { WebSocket, type ClientOptions } from "ws";
import { PEER_TLS } from "../../extension/net/identity/identity.ts";
import type { NetLimits } from "../../extension/net/dial/netLimits.ts";
import type { BulkEvent } from "../../extension/core/model/transferPorts.ts";
import type { DialTarget, LinkEnd, LinkId, NetworkEvent } from "../../extension/core/model/ports.ts";
import { Boot, Pin, SessionId, type Address } from "../../protocol/fields.ts";
import { PEER_ALPN, PEER_PATH, type PeerMessage } from "../../protocol/peer.ts";
import type { TestKey } from "../support/testKey.ts";
import {
  atEnd,
  connected,
  fakeServer,
  rawServer,
  testNetwork,
  type EventOf,
  type FakeServer,
  type TestNetwork,
} from "./netHarness.ts";

type Held = { readonly pin: string };
type Frame<T extends PeerMessage["type"]> = Extract<PeerMessage, { type: T }>;

/** Makes a network listen, on loopback, for these keys; tells where. */
export async function listening(network: TestNetwork, ...keys: readonly Held[]): Promise<Address> {
  network.expect(keys.map(pinOf));
  network.listen("tester", "loopback", null);
  const { addresses } = await network.event("listener/ready");
  const [address] = addresses;
  if (address === undefined) throw new Error("It listens nowhere.");
  return address;
}

export function pinOf({ pin }: Held): Pin {
  return v.parse(Pin, pin);
}

/** How to dial the holder of a key at these addresses. */
export function target(key: Held, ...addresses: readonly Address[]): DialTarget {
  return { pin: pinOf(key), addresses, relay: null };
}

export const sid = v.parse(SessionId, "session-one");
export const boot = v.parse(Boot, "boot-of-tests");

export function hello(change: Partial<Frame<"hello">> = {}): Frame<"hello"> {
  return { type: "hello", v: 2, sid, n: 1, boot, knows: null, received: 0, sent: 0, ...change };
}

export function message(seq: number, text: string): Frame<"message"> {
  return { type: "message", seq, at: 1, text };
}

/** The frames that a network got over a link. */
export function framesOf(network: TestNetwork, link: LinkId): readonly PeerMessage[] {
  return network.events.items.flatMap((event) =>
    event.type === "link/frame" && event.link === link ? [event.frame] : [],
  );
}

/** The first frame over a link that fits, past or to come. */
export async function frameOf(
  network: TestNetwork,
  link: LinkId,
  fits: (frame: PeerMessage) => boolean,
): Promise<PeerMessage> {
  const found = await network.events.find(
    (event): event is EventOf<"link/frame"> =>
      event.type === "link/frame" && event.link === link && fits(event.frame),
  );
  return found.frame;
}

/** The beginning of a link, past or to come. */
export async function startOf(network: TestNetwork, link: LinkId): Promise<EventOf<"link/connected">> {
  return network.events.find(
    (event): event is EventOf<"link/connected"> => event.type === "link/connected" && event.link === link,
  );
}

/** How a link ended, or will. */
export async function endOf(network: TestNetwork, link: LinkId): Promise<LinkEnd> {
  const found = await network.events.find(
    (event): event is EventOf<"link/closed"> => event.type === "link/closed" && event.link === link,
  );
  return found.end;
}

/** The end of a dial that came to nothing, or will. */
export async function failedDial(network: TestNetwork, link: LinkId): Promise<EventOf<"link/failed">> {
  return network.events.find(
    (event): event is EventOf<"link/failed"> => event.type === "link/failed" && event.link === link,
  );
}

/** Why a dial came to nothing, or will. */
export async function failureOf(network: TestNetwork, link: LinkId): Promise<string> {
  return (await failedDial(network, link)).text;
}

/** Both say hello over a link, the dialler first. */
export async function greet(anna: TestNetwork, d: LinkId, bobby: TestNetwork, i: LinkId): Promise<void> {
  await Promise.all([startOf(anna, d), startOf(bobby, i)]);
  anna.sendLink(d, hello());
  await frameOf(bobby, i, ({ type }) => type === "hello");
  bobby.sendLink(i, hello());
  await frameOf(anna, d, ({ type }) => type === "hello");
}

export type Pair = {
  readonly server: FakeServer;
  readonly anna: TestNetwork;
  readonly bobby: TestNetwork;
  /** Where bobby listens. */
  readonly address: Address;
};

/**
 * Two networks with a link between them, over which both have said hello: `d1` for anna, who dialled, `i1` for bobby.
 * @param by leads to bobby's listener another way
 */
export async function pair(
  options: {
    /** What else is done with what the networks report. */
    on?: (who: "anna" | "bobby", event: NetworkEvent | BulkEvent) => void;
    anna?: Partial<NetLimits>;
    bobby?: Partial<NetLimits>;
    by?: (address: Address) => Promise<Address>;
  } = {},
): Promise<Pair> {
  const server = await fakeServer();
  const heardBy = (who: "anna" | "bobby") => {
    const hear = (event: NetworkEvent | BulkEvent): void => options.on?.(who, event);
    return { onEvent: hear, onBulk: hear };
  };
  const anna = testNetwork({ limits: options.anna ?? {}, ...heardBy("anna") });
  const bobby = testNetwork({ limits: options.bobby ?? {}, ...heardBy("bobby") });
  await Promise.all([connected(anna, server), connected(bobby, server)]);
  const address = await listening(bobby, anna);
  anna.dial("d1", target(bobby, (await options.by?.(address)) ?? address));
  await greet(anna, "d1", bobby, "i1");
  return { server, anna, bobby, address };
}

/** A connection to a place, from an address of this machine's own choice or from that one. */
export async function knock({ host, port }: Address, localAddress?: string): Promise<Socket> {
  const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
  atEnd(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** A way to a place that can stop passing anything on, while both ends believe that it still does. */
export async function wayTo(place: Address): Promise<{ address: Address; swallow: () => void }> {
  const ends: Socket[] = [];
  const { port } = await rawServer((near) => {
    const far = connect(place);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.push(from);
      from.on("error", () => undefined);
      from.once("close", () => to.destroy());
      from.pipe(to);
    }
  });
  const swallow = (): void => {
    for (const end of ends) {
      end.unpipe();
      end.resume();
    }
  };
  return { address: { host: "127.0.0.1", port }, swallow };
}

/** A certificate over a key as a peer shows one, in PEM. */
export async function certificateOf(key: TestKey): Promise<string> {
  const keyPair = { privateKey: key.pem, publicKey: key.publicPem };
  const made = await generate([{ name: "commonName", value: "tester" }], {
    keyType: "ec",
    curve: "P-256",
    keyPair,
  });
  return made.cert;
}

/**
 * TLS to a listener, with a certificate over this key, or without any. Rejects when the handshake fails; when it does
 * not, the listener may still cut the connection afterwards.
 */
export async function tlsTo(
  address: Address,
  key: TestKey | null,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connectTls({
    ...address,
    ...(key === null ? {} : { key: key.pem, cert: await certificateOf(key) }),
    rejectUnauthorized: false,
    // With the key exchanges that newer versions of Node.js offer besides, a resumed session has too many bytes.
    ...PEER_TLS,
    ALPNProtocols: [PEER_ALPN],
    ...options,
  });
  atEnd(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  return socket;
}

/** A peer to dial. The test decides what it does with each connection once the handshake is done. */
export async function tlsPeer(
  key: TestKey,
  secured: (socket: TLSSocket) => void,
  options: TlsOptions = {},
  /** A connection has ended, whether the handshake was done or not. */
  gone: () => void = () => undefined,
): Promise<Address> {
  const server = createTlsServer({
    ...{ key: key.pem, cert: await certificateOf(key), ALPNProtocols: [PEER_ALPN] },
    ...{ requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3" },
    ...options,
  });
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket) => {
    socket.on("error", () => undefined);
    secured(socket);
  });
  const { port } = await rawServer((socket) => {
    socket.once("close", gone);
    server.emit("connection", socket);
  });
  return { host: "127.0.0.1", port };
}

/** A peer that is no Fork Chat, and does over its link what a test says. */
export async function stranger(address: Address, key: TestKey, options?: ClientOptions): Promise<WebSocket> {
  return upgraded(await tlsTo(address, key), options);
}

/** Makes a link of a TLS connection; what is written to the connection itself lies beside what the link knows of. */
export async function upgraded(socket: TLSSocket, options: ClientOptions = {}): Promise<WebSocket> {
  const ws = new WebSocket(`ws://peer${PEER_PATH}`, {
    createConnection: () => socket,
    perMessageDeflate: false,
    ...options,
  });
  atEnd(() => ws.terminate());
  ws.on("error", () => undefined);
  await once(ws, "open");
  return ws;
}

/** A request for an upgrade as a peer makes it. */
export function upgradeRequest(headers: Record<string, string> = {}, path = PEER_PATH): string {
  const all = {
    Host: "peer",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Resolves when a connection has ended; what comes over it meanwhile is nothing to this test. */
export async function closed(socket: Duplex): Promise<void> {
  socket.resume();
  if (!socket.closed) await once(socket, "close");
}

/** Says something and tells everything that is answered until the connection ends. */
export async function answerTo(socket: Duplex, request: string): Promise<string> {
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => (answer += text));
  socket.write(request);
  if (!socket.closed) await once(socket, "close");
  return answer;
}
