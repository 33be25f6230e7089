// A server that trusts a proxy: what the proxy says about where its clients are counts, and what anyone else says does not.
// Linux lets a client connect from any of 127.0.0.0/8, and so play the proxy or a stranger.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ClientOptions } from "ws";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinRaw, openRaw, readUntil } from "./rawClient.ts";
import { TestClient } from "./testClient.ts";

const PROXY = "127.0.0.9";
const CARD = { addresses: [] };

/** Comes from the proxy, or from elsewhere, with what the header says. */
const by = (forwarded: string, localAddress = PROXY): ClientOptions => ({
  localAddress,
  headers: { "X-Forwarded-For": forwarded },
});

describe("a server that trusts a proxy", () => {
  let server: ServerProcess;
  const sockets: Socket[] = [];

  async function start(...args: readonly string[]): Promise<void> {
    server = await ServerProcess.start("--trust-proxy", PROXY, ...args);
  }
  const join = (name: string, options: ClientOptions) =>
    TestClient.join(server.url, name, {}, undefined, options);
  const addressOf = async (name: string, options: ClientOptions): Promise<string> =>
    (await join(name, options)).joined.you.address;

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.stop();
  });

  /** Whether the server tells the two that they are near each other. */
  async function areNear(a: TestClient, b: TestClient, to: string): Promise<boolean> {
    a.send({ type: "fork", id: "f-1", to, card: CARD });
    const { sid } = await b.until("invite");
    b.send({ type: "accept", sid, card: CARD });
    const [toA, toB] = [await a.until("introduction"), await b.until("introduction")];
    assert.equal(toA.near, toB.near);
    return toA.near === true;
  }

  it("uses the last address in the proxy's header as the client's address, and logs it", async () => {
    await start();
    assert.equal(await addressOf("anna", by("203.0.113.9")), "203.0.113.9");
    assert.equal(await addressOf("bobby", by("198.51.100.7, [2001:db8::5]:50123")), "2001:db8::5");
    const headers = "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: ::ffff:203.0.113.7\r\n";
    sockets.push(await joinRaw(server.url, "carmen", { localAddress: PROXY, headers }));
    const { stderr } = await server.stop();
    for (const address of ["203.0.113.9", "2001:db8::5", "203.0.113.7"])
      assert.ok(stderr.includes(`"address":"${address}"`), address);
    assert.ok(!stderr.includes(`"address":"${PROXY}"`));
  });

  it("admits clients whose address the proxy omits or garbles", async () => {
    await start();
    assert.equal(await addressOf("a0", { localAddress: PROXY }), PROXY);
    const texts = [
      "",
      "unknown",
      "203.0.113.9, junk",
      "fe80::1%eth0",
      "0.0.0.0",
      "127.0.0.1",
      "x".repeat(4_000),
    ];
    for (const [n, text] of texts.entries()) assert.equal(await addressOf(`b${n}`, by(text)), PROXY, text);
  });

  it("believes no one else, and no other header", async () => {
    await start();
    assert.equal(await addressOf("anna", by("203.0.113.9", "127.0.0.8")), "127.0.0.8");
    const headers = { Forwarded: "for=203.0.113.9", "X-Real-IP": "203.0.113.9", "Client-IP": "203.0.113.9" };
    assert.equal(await addressOf("bobby", { localAddress: PROXY, headers }), PROXY);
  });

  it("tells two people behind one address that they are near, and others not", async () => {
    await start();
    const anna = await join("anna", by("203.0.113.9"));
    const bobby = await join("bobby", by("203.0.113.9:50123"));
    const carmen = await join("carmen", by("203.0.113.10"));
    const liar = await join("liar", by("203.0.113.9", "127.0.0.8"));
    assert.equal(await areNear(anna, bobby, "bobby"), true);
    assert.equal(await areNear(anna, carmen, "carmen"), false);
    assert.equal(await areNear(liar, bobby, "bobby"), false);
  });

  it("does not say so to clients whose address the proxy omits", async () => {
    await start();
    const anna = await join("anna", by("unknown"));
    const bobby = await join("bobby", by("unknown"));
    assert.equal(await areNear(anna, bobby, "bobby"), false);
  });

  it("limits connections by the client's address, and not by the proxy's", async () => {
    await start("--clients-per-address", "2");
    const open = async (localAddress: string, forwarded: string): Promise<Socket> => {
      const headers = `X-Forwarded-For: ${forwarded}\r\n`;
      const socket = await openRaw(server.url, { localAddress, headers });
      sockets.push(socket);
      return socket;
    };
    // More than one address may hold, with what has not sent its request yet: 2 and 16.
    for (let n = 0; n < 30; n++) await readUntil(await open(PROXY, `203.0.113.${n}`), '"challenge"');
    const members = await Promise.all(["a", "b"].map((name) => join(name, by("198.51.100.7"))));
    assert.match(await readUntil(await open(PROXY, "198.51.100.7"), "\r\n"), /^HTTP\/1\.1 429 /);
    await join("c", by("198.51.100.8"));
    // One place is free again with its client.
    await members[0]?.close();
    await join("d", by("198.51.100.7"));
    // A stranger is counted by its own address, whatever it names.
    await join("e", by("203.0.113.200", "127.0.0.8"));
    await join("f", by("203.0.113.201", "127.0.0.8"));
    assert.match(await readUntil(await open("127.0.0.8", "203.0.113.202"), "\r\n"), /^HTTP\/1\.1 429 /);
    const { stderr } = await server.stop();
    assert.match(stderr, /"upgrade-refused","status":429,"address":"198\.51\.100\.7"/);
  });

  it("lets the proxy hold many connections that have not sent a request yet", async () => {
    await start("--clients-per-address", "2");
    const { hostname, port } = new URL(server.url);
    let ended = 0;
    for (let n = 0; n < 40; n++) {
      const socket = connect({ host: hostname, port: Number(port), localAddress: PROXY });
      socket.on("error", () => undefined).on("close", () => (ended += 1));
      sockets.push(socket);
      await once(socket, "connect");
    }
    await join("anna", by("203.0.113.9"));
    assert.equal(ended, 0);
  });
});
