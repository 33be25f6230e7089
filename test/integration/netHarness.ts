// What the tests of extension/net share: a network whose events can be awaited, and a server that says what a
// test makes it say. Everything runs on real sockets of the loopback interface. For peers, see peerHarness.ts.
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import * as v from "valibot";
import { WebSocketServer, type WebSocket } from "ws";
import { createNetwork, type WindowNetwork } from "../../extension/net/network.ts";
import { netLimits, type NetLimits } from "../../extension/net/dial/netLimits.ts";
import type { ServerTrust } from "../../extension/net/dial/serverTrust.ts";
import type { PeerSettings } from "../../extension/net/listener/peerReception.ts";
import type { BulkEvent } from "../../extension/core/model/transferPorts.ts";
import type { NetworkEvent } from "../../extension/core/model/ports.ts";
import { Pin } from "../../protocol/fields.ts";
import { ClientMessage, type ServerMessage } from "../../protocol/rendezvous.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { TestKey } from "../support/testKey.ts";

export const challenge = {
  type: "challenge",
  v: 2,
  nonce: "nonce-of-the-test-server",
  epoch: "epoch-of-test",
  reach: "loopback",
  relay: false,
  token: false,
  limits: { frameBytes: 102_400, textBytes: 16_384, framesPerSecond: 50 },
} as const;

export type EventOf<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;

/** A list that grows, whose coming items can be awaited. */
export class Stream<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<(item: T) => void>();

  push(item: T): void {
    this.items.push(item);
    for (const check of [...this.#waiting]) check(item);
  }

  /** The first item that fits, past or to come. */
  async find<U extends T>(fits: (item: T) => item is U): Promise<U> {
    const found = this.items.find(fits);
    if (found !== undefined) return found;
    return new Promise((resolve) => {
      const check = (item: T): void => {
        if (!fits(item)) return;
        this.#waiting.delete(check);
        resolve(item);
      };
      this.#waiting.add(check);
    });
  }

  /** Resolves when there are so many items. */
  async count(n: number): Promise<void> {
    if (this.items.length >= n) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (this.items.length < n) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }
}

export type TestNetwork = WindowNetwork & {
  readonly key: TestKey;
  readonly pin: Pin;
  readonly events: Stream<NetworkEvent>;
  readonly bulkEvents: Stream<BulkEvent>;
  /** What was logged, for tests which look for what must not be in it. */
  readonly logged: string[];
  /** The first event of a type, past or to come. */
  readonly event: <T extends NetworkEvent["type"]>(type: T) => Promise<EventOf<T>>;
  readonly types: () => readonly string[];
};

const cleanUps: (() => Promise<void> | void)[] = [];

/** Closes something when the test is over. */
export function atEnd(close: () => Promise<void> | void): void {
  cleanUps.push(close);
}

/** Runs after each test: closes what the harness opened. */
export async function cleanUp(): Promise<void> {
  await Promise.all(cleanUps.splice(0).map(async (close) => close()));
}

/** Until the end of the test, time passes only when it says so. For what is created from now on. */
export function stopTime(): FakeTimers {
  const time = new FakeTimers();
  time.install();
  atEnd(() => time.uninstall());
  return time;
}

/** Lets so many milliseconds pass in each turn of the event loop, until something has happened. */
export async function passUntil(event: Promise<unknown>, time: FakeTimers, msPerTurn = 0): Promise<void> {
  const seen = { isOver: false };
  void event.then(() => (seen.isOver = true));
  while (!seen.isOver) {
    time.pass(msPerTurn);
    await turn();
  }
}

export function testNetwork(
  options: {
    limits?: Partial<NetLimits>;
    settings?: Partial<PeerSettings>;
    token?: string;
    /** What VS Code keeps as the key; a good one without it. */
    pem?: string;
    /** The certificate of a server that its user has decided to trust. */
    certificate?: string;
    trust?: ServerTrust;
    clock?: () => number;
    onEvent?: (event: NetworkEvent) => void;
    onBulk?: (event: BulkEvent) => void;
  } = {},
): TestNetwork {
  const key = new TestKey();
  const events = new Stream<NetworkEvent>();
  const bulkEvents = new Stream<BulkEvent>();
  const logged: string[] = [];
  const keep = (text: string): void => void logged.push(text);
  const network = createNetwork({
    emit: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
    emitBulk: (event) => {
      bulkEvents.push(event);
      options.onBulk?.(event);
    },
    settings: () => ({ peerHost: "", peerPort: 0, ...options.settings }),
    credentials: {
      key: () => Promise.resolve(options.pem ?? key.pem),
      token: () => Promise.resolve(options.token),
      certificate: () => options.certificate,
    },
    log: { debug: keep, info: keep, warn: keep },
    limits: { ...netLimits, ...options.limits },
    ...(options.trust === undefined ? {} : { trust: options.trust }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  cleanUps.push(() => network.dispose());
  return {
    ...network,
    key,
    pin: v.parse(Pin, key.pin),
    events,
    bulkEvents,
    logged,
    event: async <T extends NetworkEvent["type"]>(type: T) =>
      events.find((event): event is EventOf<T> => event.type === type),
    types: () => events.items.map((event) => event.type),
  };
}

export type FakeServer = {
  readonly url: string;
  readonly port: number;
  /** Connections in the order of their coming, with the request that each came with. */
  readonly clients: Stream<{ readonly ws: WebSocket; readonly request: IncomingMessage }>;
  /** What clients have sent. */
  readonly received: Stream<ClientMessage>;
  readonly say: (message: ServerMessage | object, client?: number) => void;
};

/** A rendezvous server that greets and records; the rest is said by the test. */
export async function fakeServer(greeting: object | null = challenge): Promise<FakeServer> {
  const wss = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(wss, "listening");
  const clients: FakeServer["clients"] = new Stream();
  const received = new Stream<ClientMessage>();
  wss.on("connection", (ws, request) => {
    ws.on("error", () => undefined);
    ws.on("message", (data: Buffer) => {
      received.push(v.parse(ClientMessage, JSON.parse(data.toString())));
    });
    if (greeting !== null) ws.send(JSON.stringify(greeting));
    clients.push({ ws, request });
  });
  cleanUps.push(async () => {
    for (const client of wss.clients) client.terminate();
    // Comes when the last connection has ended.
    await new Promise((resolve) => wss.close(resolve));
  });
  const { port } = wss.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${String(port)}`,
    port,
    clients,
    received,
    say: (message, client = 0) => clients.items[client]?.ws.send(JSON.stringify(message)),
  };
}

/** A TCP server that does with each connection what the test says. */
export async function rawServer(
  connected: (socket: Socket) => void,
): Promise<{ port: number; server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    connected(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    // Comes when the last connection has ended.
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, server };
}

/** An HTTP server that refuses every upgrade with one status. */
export async function refusingServer(status: number): Promise<number> {
  const server = createHttpServer();
  server.on("upgrade", (_request, socket) => {
    socket.end(`HTTP/1.1 ${String(status)} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Connects a network to a server: from then on it knows that this server is on this very machine. */
export async function connected(network: TestNetwork, server: FakeServer): Promise<void> {
  network.connect(1, server.url, "tester");
  await network.event("rendezvous/opened");
}

/** Everything that a WebSocket receives, as text. */
export function received(ws: WebSocket): Stream<string> {
  const stream = new Stream<string>();
  ws.on("message", (data: Buffer) => {
    stream.push(data.toString());
  });
  return stream;
}

/** The code that a WebSocket is closed with. */
export async function closing(ws: WebSocket): Promise<number> {
  return new Promise((resolve) => ws.once("close", resolve));
}
