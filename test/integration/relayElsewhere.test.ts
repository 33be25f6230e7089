// A client's tunnel that leads to the relay of another server, which vanishes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
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

describe("a connection to another server", () => {
  const timers = new FakeTimers();
  const closers: (() => unknown)[] = [];
  beforeEach(() => timers.install());
  afterEach(() => {
    timers.uninstall();
    for (const close of closers.splice(0)) close();
  });

  it("of a tunnel is broken when that server falls silent, and so is the client's", async () => {
    const place = `127.0.0.1:${await freePort()}`;
    let home: Socket | undefined;
    const listener = await listenForNodes(place, {
      ...{ key, connections: 10, asked: () => assert.fail("there are no errands") },
      relay: ({ socket }) => {
        home = socket;
        socket.on("error", () => undefined);
        socket.write(UPGRADE);
      },
    });
    assert.ok(listener.ok);
    const calls = new NodeCalls(key, () => undefined);
    const door = createServer();
    closers.push(
      () => home?.destroy(),
      () => listener.value.stop(),
      () => calls.stop(),
      () => door.close(),
    );
    door.listen(0, "127.0.0.1");
    await once(door, "listening");
    const { port } = door.address() as { port: number };
    const client = connect(port, "127.0.0.1");
    client.on("error", () => undefined);
    closers.push(() => client.destroy());
    client.write(`${ASK}\r\n\r\n`);
    const warnings: Error[] = [];
    const warn = (warning: Error): unknown => warnings.push(warning);
    process.on("warning", warn);
    closers.push(() => process.off("warning", warn));
    const [request, socket, head] = (await once(door, "upgrade")) as [IncomingMessage, Socket, Buffer];
    calls.relay(
      place,
      { request, socket, head, address: "127.0.0.1" },
      { refuse: (status) => assert.fail(`refused with ${status}`), opened: () => undefined },
    );
    const [first] = (await once(client, "data")) as [Buffer];
    assert.match(String(first), /^HTTP\/1\.1 101 /);
    // Whatever the client sends, no one answers.
    client.write("hello");
    const closed = new Promise((resolve) => client.once("close", resolve));
    timers.pass(limits.linkSilenceMs);
    await closed;
    assert.deepEqual(warnings, [], "more listeners than Node.js expects");
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
      timers.pass(1_000);
      assert.ok(stream.destroyed);
    });

    it("stays while it is not read", () => {
      stream.pause();
      timers.pass(5_000);
      assert.ok(!stream.destroyed);
      stream.resume();
      timers.pass(1_000);
      assert.ok(stream.destroyed);
    });
  });
});
