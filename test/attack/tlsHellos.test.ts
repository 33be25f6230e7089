// Strangers who send a TLS server recorded ClientHellos, all at one moment: each costs a signature, and OpenSSL makes it as soon
// as it reads one. The server begins a few in each turn, from their addresses in rotation, and serves everyone else in between.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { generate } from "selfsigned";
import type { RunningServer } from "../../server/createServer.ts";
import { startServer } from "../conformance/startServer.ts";
import { TestClient } from "../conformance/testClient.ts";
import { pauseProcess, resumeProcess } from "../support/pausedProcess.ts";
import { recordHello } from "../support/recordedHello.ts";
import { ServerProcess } from "../support/serverProcess.ts";

const HELLOS = 1_000;
const ADDRESSES = 64;

/** Words that an honest person says, and the hellos that may be answered before another one has heard them all. */
const WORDS = 20;
const MOST_ANSWERS = HELLOS / 5;

/** Each kind of hello with the time when its answer is costly, and whether it needs a place until the handshake is done. */
const KINDS: readonly (readonly [kind: string, options: ConnectionOptions, needsPlace: boolean])[] = [
  ["answered in full", {}, false],
  ["of TLS 1.2", { maxVersion: "TLSv1.2" }, true],
  ["that need a second one", { ecdhCurve: "X448:X25519" }, true],
];

/** The first byte of a record with a part of a handshake, such as a ServerHello. An alert is another one. */
const HANDSHAKE_RECORD = 22;

const OLD = { rejectUnauthorized: false, maxVersion: "TLSv1.2" } as const;
const NEW = { rejectUnauthorized: false } as const;

describe("ClientHellos at one moment", function () {
  this.timeout(60_000);
  let folder: string;
  let pair: { readonly cert: string; readonly private: string };
  let server: ServerProcess;
  let sockets: Socket[] = [];
  let started: RunningServer[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-hellos-"));
    pair = await generate([{ name: "commonName", value: "chat.example" }], { keySize: 2048 });
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    await Promise.all([writeFile(cert, pair.cert), writeFile(key, pair.private, { mode: 0o600 })]);
    server = await ServerProcess.start("--tls-cert", cert, "--tls-key", key);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(started.map((each) => each.stop()));
    [sockets, started] = [[], []];
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A server of this test, with a deadline of its own. */
  async function start(handshakeMs: number): Promise<RunningServer> {
    const tls = { cert: Buffer.from(pair.cert), key: Buffer.from(pair.private) };
    const made = await startServer({ tls, handshakeMs });
    started.push(made);
    return made;
  }

  /** Connections from many addresses, which the server has accepted. */
  async function arrive(count: number, url = server.url): Promise<void> {
    const port = Number(new URL(url).port);
    const opened = Array.from({ length: count }, (_, n) => {
      const localAddress = `127.0.44.${1 + (n % ADDRESSES)}`;
      const socket = connect({ host: "127.0.0.1", port, localAddress });
      socket.on("error", () => undefined);
      sockets.push(socket);
      return once(socket, "connect");
    });
    await Promise.all(opened);
    // It accepts connections in their order.
    const last = await TestClient.join(url, "last", {}, undefined, NEW);
    await last.close();
  }

  /** Sends this from many addresses, lets two newcomers in, and resolves with the number of connections cut for them. */
  async function cutForNewcomers(hello: Buffer): Promise<number> {
    // Longer than the test may take: no deadline ends the handshakes.
    const { url } = await start(600_000);
    await arrive(4 * ADDRESSES, url);
    let cut = 0;
    for (const socket of sockets)
      socket
        .once("close", () => (cut += 1))
        .resume()
        .write(hello);
    for (const client of [NEW, OLD]) {
      const newcomer = await TestClient.join(url, "newcomer", {}, undefined, client);
      await newcomer.close();
    }
    return cut;
  }

  for (const [kind, options, needsPlace] of KINDS) {
    it(`${kind} let the words of others pass`, async () => {
      const hello = await recordHello(options);
      const anna = await TestClient.join(server.url, "anna", {}, undefined, NEW);
      const bobby = await TestClient.join(server.url, "bobby", {}, undefined, NEW);
      const words = Array.from({ length: WORDS }, (_, n) => `word ${n}, ${kind}`);
      await arrive(HELLOS);
      let answers = 0;
      for (const socket of sockets) socket.once("data", () => (answers += 1));
      // The server finds everything at once, the words last.
      await pauseProcess(server.child);
      await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.write(hello, resolve))));
      for (const [n, text] of words.entries()) anna.send({ type: "say", id: `w-${n}`, text });
      resumeProcess(server.child);
      for (const word of words) await bobby.until("said", ({ text }) => text === word);
      assert.ok(answers <= MOST_ANSWERS, `${answers} hellos were answered before ${WORDS} words`);
      await Promise.all([anna, bobby].map((client) => client.close()));
    });

    it(`${kind}, from ${ADDRESSES} addresses and never followed by more, keep no one out`, async () => {
      const cut = await cutForNewcomers(await recordHello(options));
      if (!needsPlace) assert.equal(cut, 0);
    });
  }

  it("that are not complete keep no one out, and take no place", async () => {
    const hello = await recordHello({ maxVersion: "TLSv1.2" });
    assert.equal(await cutForNewcomers(hello.subarray(0, -1)), 0);
  });

  it("are all answered when 200 honest people come from one address", async () => {
    const clients = await Promise.all(
      Array.from({ length: 200 }, (_, n) => TestClient.join(server.url, `pupil${n}`, {}, undefined, NEW)),
    );
    await Promise.all(clients.map((client) => client.close()));
  });

  it("of TLS 1.2 take a place only until the handshake is done: many people who come one by one all stay", async () => {
    const clients: TestClient[] = [];
    for (let n = 0; n < 40; n++)
      clients.push(await TestClient.join(server.url, `pupil${n}`, {}, undefined, OLD));
    for (const { ws } of clients) assert.equal(ws.readyState, ws.OPEN);
    await Promise.all(clients.map((client) => client.close()));
  });

  describe("in pieces", () => {
    /** Sends the pieces, and resolves with what came back before the end. */
    async function answerOf({ url }: RunningServer, ...pieces: readonly Buffer[]): Promise<Buffer> {
      const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), noDelay: true });
      socket.on("error", () => undefined);
      sockets.push(socket);
      const came: Buffer[] = [];
      socket.on("data", (data: Buffer) => came.push(data));
      const closed = new Promise((resolve) => socket.once("close", resolve));
      for (const piece of pieces)
        await Promise.race([closed, new Promise((resolve) => socket.write(piece, resolve))]);
      await closed;
      return Buffer.concat(came);
    }

    it("are answered when they come byte by byte", async () => {
      const quick = await start(200);
      for (const [kind, options] of KINDS) {
        const hello = await recordHello(options);
        const answer = await answerOf(quick, ...[...hello].map((byte) => Buffer.of(byte)));
        assert.equal(answer[0], HANDSHAKE_RECORD, kind);
      }
    });

    it("are not waited for without end", async () => {
      const quick = await start(200);
      const hello = await recordHello();
      assert.equal((await answerOf(quick)).length, 0);
      assert.equal((await answerOf(quick, hello.subarray(0, -1))).length, 0);
    });

    it("are not taken with more than 8 KiB", async () => {
      // Longer than the test may take: only their length can end the connection.
      const patient = await start(600_000);
      const endless = Buffer.concat([Buffer.from([HANDSHAKE_RECORD, 3, 1, 64, 0]), Buffer.alloc(8 * 1024)]);
      assert.equal((await answerOf(patient, endless)).length, 0);
    });
  });

  it("come no second time in one connection: the server signs once for each", async () => {
    const socket = connectTls({ host: "127.0.0.1", port: server.port, ...OLD });
    const failed = once(socket, "error") as Promise<[Error]>;
    await once(socket, "secureConnect");
    socket.renegotiate({ rejectUnauthorized: false }, () => socket.destroy(new Error("signed again")));
    const [{ message }] = await failed;
    assert.match(message, /no.renegotiation/);
  });
});
