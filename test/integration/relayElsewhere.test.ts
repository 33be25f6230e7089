// A client's tunnel that leads to the relay of another server, which vanishes.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { limits } from "../../protocol/limits.ts";
import { endIfSilent } from "../../server/cluster/endIfSilent.ts";
import { NodeCalls } from "../../server/cluster/nodeCalls.ts";
import { listenForNodes } from "../../server/cluster/nodeListener.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { freePort } from "../support/freePort.ts";

const UPGRADE = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const ASK =
  "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer ticket";
const key = Buffer.alloc(32, 7);

/** Far more bytes than systems and servers hold for a connection. */
const ENDLESS = 64 * 1024 * 1024;

describe("a connection to another server", () => {
  const timers = new FakeTimers();
  const closers: (() => unknown)[] = [];
  beforeEach(() => timers.install());
  afterEach(() => {
    timers.uninstall();
    for (const close of closers.splice(0)) close();
  });

  /** A client's tunnel: the client, its socket at the server it has called, and that of the other server, which has taken it. */
  async function openTunnel(): Promise<{ client: Socket; passed: Socket; home: Socket }> {
    const place = `127.0.0.1:${await freePort()}`;
    const homes = new EventEmitter();
    const listener = await listenForNodes(place, {
      ...{ key, connections: 10, asked: () => assert.fail("there are no errands") },
      relay: ({ socket }) => {
        socket.on("error", () => undefined);
        socket.write(UPGRADE);
        homes.emit("taken", socket);
      },
    });
    assert.ok(listener.ok);
    const calls = new NodeCalls(key, () => undefined);
    const door = createServer();
    closers.push(
      () => listener.value.stop(),
      () => calls.stop(),
      () => door.close(),
    );
    door.listen(0, "127.0.0.1");
    await once(door, "listening");
    const { port } = door.address() as { port: number };
    const client = connect(port, "127.0.0.1");
    client.on("error", () => undefined);
    client.write(`${ASK}\r\n\r\n`);
    const [request, passed, head] = (await once(door, "upgrade")) as [IncomingMessage, Socket, Buffer];
    const taken = once(homes, "taken") as Promise<[Socket]>;
    calls.relay(
      place,
      { request, socket: passed, head, address: "127.0.0.1" },
      { refuse: (status) => assert.fail(`refused with ${status}`), opened: () => undefined },
    );
    const [[home], [first]] = await Promise.all([taken, once(client, "data") as Promise<[Buffer]>]);
    assert.match(String(first), /^HTTP\/1\.1 101 /);
    closers.push(
      () => home.destroy(),
      () => client.destroy(),
    );
    return { client, passed, home };
  }

  it("of a tunnel is broken when that server falls silent, and so is the client's", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): unknown => warnings.push(warning);
    process.on("warning", warn);
    closers.push(() => process.off("warning", warn));
    const { client } = await openTunnel();
    // Whatever the client sends, no one answers.
    client.write("hello");
    const closed = new Promise((resolve) => client.once("close", resolve));
    timers.pass(limits.linkSilenceMs + 500);
    await closed;
    assert.deepEqual(warnings, [], "more listeners than Node.js expects");
  });

  it("of a tunnel is broken when the client takes nothing of what comes from there", async () => {
    const { client, passed, home } = await openTunnel();
    client.pause();
    home.write(Buffer.alloc(ENDLESS));
    while (!passed.destroyed) {
      await setImmediate();
      timers.pass(limits.linkSilenceMs / 100);
    }
    assert.ok(home.writableLength > 0, "everything was sent");
  });

  describe("that is watched", () => {
    let stream: PassThrough;
    beforeEach(() => {
      stream = new PassThrough();
      endIfSilent(stream, 1_000);
    });

    it("stays while something comes", () => {
      for (let n = 0; n < 5; n++) {
        timers.pass(900);
        stream.emit("data", Buffer.from("ping"));
      }
      assert.ok(!stream.destroyed);
      timers.pass(1_500);
      assert.ok(stream.destroyed);
    });

    it("stays while this process stands still, until it is silent afterwards", () => {
      timers.pass(900);
      timers.standStill(60_000);
      assert.ok(!stream.destroyed);
      stream.emit("data", Buffer.from("ping"));
      timers.pass(900);
      assert.ok(!stream.destroyed);
      timers.pass(1_500);
      assert.ok(stream.destroyed);
    });

    it("does not stay because it is not read", () => {
      stream.pause();
      timers.pass(1_500);
      assert.ok(stream.destroyed);
    });
  });
});
