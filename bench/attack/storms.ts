// Attacks on the server by sheer number: connections that come and go, and messages of members with as much in them as they may hold.
import { once, setMaxListeners } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { generate } from "selfsigned";
import { clientFrame, joinRaw, openRaw } from "../../test/conformance/rawClient.ts";
import { recordHello } from "../../test/support/recordedHello.ts";
import { limits } from "../../protocol/limits.ts";
import { CACHE } from "../lobby/programs.ts";
import { onServer, type Attack, type Target } from "./attack.ts";

const ATTACKER = "127.0.0.2";

/** Where the honest pair is. */
const HONEST = "127.0.0.1";

/** Milliseconds that an attack goes on. */
const LASTS_MS = 4_000;

/** Connections that one attacker opens at a time. */
const AT_ONCE = 200;

/** ClientHellos at one moment, and the addresses that they come from. */
const HELLOS = 1_000;
const HELLO_ADDRESSES = 64;

/** Members that flood, and the frames that each sends at once and a second for long. */
const MEMBERS = 300;
const BURST = limits.framesPerSecond * limits.burstSeconds;
const PER_SECOND = limits.framesPerSecond;

const card = {
  addresses: Array.from({ length: limits.addresses }, (_, n) => ({
    host: `2001:db8:1234:5678:9abc:def0:1234:${(0x1000 + n).toString(16)}`,
    port: 50_000 + n,
  })),
};

/** With as much as a message of the kind may hold. */
const MESSAGES: Readonly<Record<string, (n: number) => object>> = {
  reach: (n) => ({ type: "reach", id: `r-${n}`, sid: "session-1", to: "anna", card }),
  fork: (n) => ({ type: "fork", id: `f-${n}`, to: "anna", card }),
  accept: () => ({ type: "accept", sid: "session-1", card }),
};

export const attacksByNumber: readonly Attack[] = [
  onServer("connections that close at once, from another address", [], (target) =>
    comeAndGo(target, ATTACKER),
  ),
  onServer("connections that close at once, from the honest address", [], (target) =>
    comeAndGo(target, HONEST),
  ),
  onServer("WebSockets that close at once, from another address", [], (target) =>
    upgradeAndGo(target, ATTACKER),
  ),
  onServer("WebSockets that close at once, from the honest address", [], (target) =>
    upgradeAndGo(target, HONEST),
  ),
  onServer("TLS handshakes that close at once, from another address", withTls, (target) =>
    shakeAndGo(target, ATTACKER),
  ),
  onServer("TLS handshakes that close at once, from the honest address", withTls, (target) =>
    shakeAndGo(target, HONEST),
  ),
  onServer("TLS hellos at one moment, from other addresses", withTls, helloAtOnce),
  ...Object.entries(MESSAGES).map(([kind, message]) =>
    onServer(`${kind} with full cards, ${MEMBERS} members at their full rate`, [], (target) =>
      flood(target, message),
    ),
  ),
];

function comeAndGo({ port }: Target, localAddress: string): Promise<string> {
  return storm(
    (ended) =>
      new Promise((resolve) => {
        const socket = connect({ host: "127.0.0.1", port, localAddress });
        const end = (): void => {
          socket.destroy();
          resolve();
        };
        socket.once("connect", end).on("error", end);
        ended.addEventListener("abort", end, { once: true });
      }),
  );
}

/** The options of a server with an RSA certificate of 2,048 bits, whose signatures cost more than others in use. */
async function withTls(): Promise<readonly string[]> {
  const made = await generate([{ name: "commonName", value: "chat.example" }], { keySize: 2048 });
  const folder = join(CACHE, "tls");
  await mkdir(folder, { recursive: true });
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await Promise.all([writeFile(cert, made.cert), writeFile(key, made.private)]);
  return ["--tls-cert", cert, "--tls-key", key];
}

function shakeAndGo({ port }: Target, localAddress: string): Promise<string> {
  return storm(
    (ended) =>
      new Promise((resolve) => {
        const place = { host: "127.0.0.1", port, localAddress, rejectUnauthorized: false };
        const socket = connectTls(place);
        const end = (): void => {
          socket.destroy();
          resolve();
        };
        socket.once("secureConnect", end).on("error", end);
        ended.addEventListener("abort", end, { once: true });
      }),
  );
}

/** Sends the same recorded hello on all connections, and waits for the answers. */
async function helloAtOnce({ port }: Target): Promise<string> {
  const hello = await recordHello();
  const sockets = Array.from({ length: HELLOS }, (_, n) =>
    connect({ host: "127.0.0.1", port, localAddress: `127.0.44.${1 + (n % HELLO_ADDRESSES)}` }),
  );
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  await sleep(LASTS_MS / 4);
  const answers = Promise.all(
    sockets.map((socket) =>
      once(
        socket.on("error", () => undefined),
        "data",
      ),
    ),
  );
  const start = performance.now();
  for (const socket of sockets) socket.write(hello);
  await answers;
  const seconds = (performance.now() - start) / 1_000;
  for (const socket of sockets) socket.destroy();
  return `${HELLOS} answers in ${seconds.toFixed(1)} s`;
}

function upgradeAndGo({ url }: Target, localAddress: string): Promise<string> {
  return storm(async (ended) => {
    const socket = await openRaw(url, { localAddress }).catch(() => undefined);
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      socket.once("data", resolve).once("close", resolve);
      ended.addEventListener("abort", () => resolve(), { once: true });
    });
    socket.destroy();
  });
}

async function storm(once: (ended: AbortSignal) => Promise<void>): Promise<string> {
  const ending = new AbortController();
  setMaxListeners(2 * AT_ONCE, ending.signal);
  const timer = setTimeout(() => ending.abort(), LASTS_MS);
  let connections = 0;
  const attack = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await once(ending.signal);
      connections += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attack));
  clearTimeout(timer);
  return `${Math.round((1_000 * connections) / LASTS_MS)} connections a second`;
}

async function flood({ url }: Target, message: (n: number) => object): Promise<string> {
  const sockets: Socket[] = [];
  for (let n = 0; n < MEMBERS; n++) {
    const socket = await joinRaw(url, `loud${n}`, { localAddress: ATTACKER });
    sockets.push(socket.resume());
  }
  let sent = 0;
  for (let second = 0; second < LASTS_MS / 1_000; second++) {
    const count = second === 0 ? BURST : PER_SECOND;
    const frames = Array.from({ length: count }, () => clientFrame(0x81, JSON.stringify(message(sent++))));
    const piece = Buffer.concat(frames);
    for (const socket of sockets) socket.write(piece);
    await sleep(1_000);
  }
  for (const socket of sockets) socket.destroy();
  return `${sent * MEMBERS} messages`;
}
