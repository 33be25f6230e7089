// Connections to the server that never join. Anyone who does join gets in all the same, each time, from the same address
// and from another one.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import assert from "node:assert/strict";
import { generate } from "selfsigned";
import { WebSocket, type ClientOptions } from "ws";
import { openRaw, readUntil } from "../conformance/rawClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { TestClient } from "../conformance/testClient.ts";
import { LONG } from "../fuzz/fuzz.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { limits } from "../../protocol/limits.ts";
import { HonestPair } from "./honestPair.ts";

/** Connections that one address may hold in most of these tests, and more than the server keeps of one. */
const PLACES = 12;
const IDLERS = 2 * PLACES;
const JOINS = 4;

type Idle = (url: string, localAddress: string) => Promise<Socket>;

async function tcp(url: string, localAddress: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

async function sending(url: string, localAddress: string, start: Buffer | string): Promise<Socket> {
  const socket = await tcp(url, localAddress);
  socket.write(start);
  return socket;
}

async function secure(url: string): Promise<Socket> {
  const socket = connectTls({
    port: Number(new URL(url).port),
    host: "127.0.0.1",
    rejectUnauthorized: false,
  });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  return socket;
}

async function webSocket(url: string, localAddress: string): Promise<Socket> {
  const socket = await openRaw(url, { localAddress });
  await readUntil(socket, '"type":"challenge"');
  return socket;
}

const halfRequest: Idle = (url, from) => sending(url, from, "GET / HTTP/1.1\r\nHost: ");

/** The head of a record that never comes. */
const halfHandshake: Idle = (url, from) => sending(url, from, Buffer.from([0x16, 3, 1, 1, 0, 1]));

const IDLERS_OF_TCP: readonly Idle[] = [tcp, halfRequest, webSocket];
const IDLERS_OF_TLS: readonly Idle[] = [tcp, halfHandshake, secure, webSocket];

describe("connections that never join", () => {
  const folder = mkdtempSync(join(tmpdir(), "forkchat-idlers-"));
  let sockets: Socket[] = [];
  let stop = (): Promise<unknown> => Promise.resolve();

  afterEach(async () => {
    for (const socket of sockets) socket.removeAllListeners("close").destroy();
    sockets = [];
    await stop();
  });
  after(() => rmSync(folder, { recursive: true }));

  async function start(...args: readonly string[]): Promise<string> {
    const server = await ServerProcess.start("--clients-per-address", String(PLACES), ...args);
    stop = () => server.stop();
    return server.url;
  }

  async function idle(open: Idle, url: string, count: number, from = "127.0.0.1"): Promise<void> {
    for (let n = 0; n < count; n++) sockets.push(await open(url, from));
  }

  async function assertNewcomersJoin(url: string, options: ClientOptions = {}): Promise<void> {
    for (let n = 0; n < JOINS; n++) {
      const client = await TestClient.join(url, `newcomer${String(n)}`, {}, undefined, options);
      await client.close();
    }
  }

  /** A pair that has joined before talks on, and newcomers get in. */
  async function assertHarmless(url: string, open: Idle, options?: ClientOptions): Promise<void> {
    const pair = await HonestPair.meet(url, options);
    await idle(open, url, IDLERS);
    await assertNewcomersJoin(url, options);
    await pair.talk();
    await pair.leave();
  }

  it("do not lock out anyone who shares their address", async () => {
    const url = await start();
    for (const open of IDLERS_OF_TCP) await assertHarmless(url, open);
  });

  it("do not lock out anyone who shares their address, with TLS", async () => {
    const { cert, private: key } = await generate([{ name: "commonName", value: "test" }], { keyType: "ec" });
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const url = await start("--tls-cert", certFile, "--tls-key", keyFile);
    for (const open of IDLERS_OF_TLS) await assertHarmless(url, open, { rejectUnauthorized: false });
  });

  it("do not lock anyone out by reconnecting as soon as they are cut", async () => {
    const url = await start();
    const pair = await HonestPair.meet(url);
    let cuts = 0;
    const again = (socket: Socket): void => {
      sockets.push(socket);
      socket.once("close", () => {
        cuts += 1;
        if (cuts < 10 * IDLERS) void tcp(url, "127.0.0.1").then(again, () => undefined);
      });
      socket.resume();
    };
    for (let n = 0; n < IDLERS; n++) again(await tcp(url, "127.0.0.1"));
    await assertNewcomersJoin(url);
    assert.ok(cuts >= IDLERS - PLACES, `${String(cuts)} cuts`);
    await pair.talk();
    await pair.leave();
  });

  it("end no relay tunnel, and lock no one out of the relay", async () => {
    const url = await start();
    const anna = await TestClient.join(url, "anna");
    const bobby = await TestClient.join(url, "bobby");
    const dial = async (ticket = ""): Promise<WebSocket> => {
      const ws = new WebSocket(`${url}/relay`, { headers: { Authorization: `Bearer ${ticket}` } });
      await once(ws, "open");
      return ws;
    };
    anna.send({ type: "reach", id: "r-1", sid: "session-1", to: "bobby", card: { addresses: [] } });
    const [mine, theirs] = [await anna.until("reaching"), await bobby.until("reach")];
    await idle(tcp, url, IDLERS);
    const first = await dial(mine.ticket);
    await idle(tcp, url, IDLERS);
    const second = await dial(theirs.ticket);
    await idle(tcp, url, IDLERS);
    second.send(Buffer.from("word"));
    const [data] = (await once(first, "message")) as [Buffer];
    assert.equal(data.toString(), "word");
    for (const ws of [first, second]) ws.terminate();
    await Promise.all([anna, bobby].map((client) => client.close()));
  });

  const most = LONG ? limits.clientsPerAddress : 512;
  it(`lock no one out when there are ${most}, which is as many as one address may have`, async () => {
    const server = await ServerProcess.start("--clients-per-address", String(most));
    stop = () => server.stop();
    const AT_ONCE = 128;
    for (let n = 0; n < most / AT_ONCE + 1; n++) {
      sockets.push(
        ...(await Promise.all(Array.from({ length: AT_ONCE }, () => tcp(server.url, "127.0.0.1")))),
      );
    }
    await assertNewcomersJoin(server.url);
  });

  it("do not lock out a class of 30 that joins at once from their address", async () => {
    const server = await ServerProcess.start("--clients-per-address", "40");
    stop = () => server.stop();
    await idle(tcp, server.url, 16);
    const pupils = await Promise.all(
      Array.from({ length: 30 }, (_, n) => TestClient.join(server.url, `pupil${String(n)}`)),
    );
    await idle(tcp, server.url, 16);
    for (const pupil of pupils) await pupil.settled();
    await Promise.all(pupils.map((pupil) => pupil.close()));
  });

  it("lock no one out when they take all places together, and do not affect other addresses", async () => {
    const server = await startServer({ clients: 40, clientsPerAddress: PLACES });
    stop = () => server.stop();
    const early = await tcp(server.url, "127.0.0.3");
    let isCut = false;
    early.resume().once("close", () => (isCut = true));
    const pair = await HonestPair.meet(server.url);
    for (let n = 1; n <= 20; n++) {
      await idle(webSocket, server.url, 20, `127.0.1.${String(n)}`);
    }
    await assertNewcomersJoin(server.url);
    await pair.talk();
    assert.ok(!isCut, "an address with one connection has lost it");
    await pair.leave();
    early.removeAllListeners("close").destroy();
  });
});
