// The network with faults that the tests of clusters use, first between a client and an echo, then before a real etcd.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Engine } from "../support/etcd.ts";
import { FaultProxy } from "../support/faultProxy.ts";
import { ResendingWriter } from "../support/resendingWriter.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

describe("a network with faults", () => {
  let echo: Server;
  let proxy: FaultProxy;
  /** What has arrived at the echo. */
  let heard: string;
  const arrivals = new EventEmitter();
  const clients: Socket[] = [];

  beforeEach(async () => {
    heard = "";
    echo = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("close", () => arrivals.emit("close"));
      socket.on("data", (chunk) => {
        heard += chunk.toString();
        arrivals.emit("data");
        socket.write(chunk);
      });
    });
    echo.listen(0, "127.0.0.1");
    await once(echo, "listening");
    proxy = await FaultProxy.to(() => portOf(echo));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    echo.close();
  });

  function portOf(server: Server): number {
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    return address.port;
  }

  async function open(
    port = proxy.port,
  ): Promise<{ socket: Socket; until: (text: string) => Promise<void> }> {
    const socket = connect(port, "127.0.0.1");
    clients.push(socket);
    socket.on("error", () => undefined);
    await once(socket, "connect");
    let text = "";
    socket.setEncoding("utf8").on("data", (more: string) => (text += more));
    return {
      socket,
      until: async (whole) => {
        while (text.length < whole.length) await once(socket, "data");
        assert.equal(text, whole);
        text = "";
      },
    };
  }

  /** Waits until what was sent before would have come back, had it passed. */
  async function roundTrip(): Promise<void> {
    const direct = await open(portOf(echo));
    direct.socket.write(".");
    await direct.until(".");
  }

  /** `once` would report how it was closed. */
  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => {
      socket.once("close", () => resolve());
    });

  it("passes bytes on, and the end", async () => {
    const { socket, until } = await open();
    const long = "long".repeat(1_000_000);
    socket.write(long);
    await until(long);
    const gone = once(arrivals, "close");
    socket.end();
    await Promise.all([closed(socket), gone]);
  });

  it("lets a sender wait for a slow reader, and loses nothing", async () => {
    const connection = once(echo, "connection");
    const { socket, until } = await open();
    const [far] = (await connection) as [Socket];
    far.pause();
    const long = "long".repeat(4_000_000);
    socket.write(long);
    await roundTrip();
    far.resume();
    await until(long);
  });

  it("holds bytes, and then delivers them in order", async () => {
    const { socket, until } = await open();
    proxy.set("hold");
    socket.write("a");
    const late = await open();
    late.socket.write("b");
    await roundTrip();
    assert.equal(heard, ".");
    socket.write("c");
    proxy.heal();
    await until("ac");
    await late.until("b");
  });

  it("holds one direction only", async () => {
    const { socket, until } = await open();
    proxy.set("hold", ["toClient"]);
    socket.write("a");
    while (heard === "") await once(arrivals, "data");
    assert.equal(heard, "a");
    proxy.heal();
    await until("a");
  });

  it("loses bytes, and breaks such a connection when it heals", async () => {
    const { socket } = await open();
    const other = await open();
    proxy.set("drop", ["toServer"]);
    socket.write("lost");
    await roundTrip();
    assert.equal(heard, ".");
    proxy.heal();
    await closed(socket);
    other.socket.write("kept");
    await other.until("kept");
    assert.equal(heard, ".kept");
  });

  it("delays bytes, and keeps their order", async () => {
    const { socket, until } = await open();
    proxy.delay(3_600_000);
    socket.write("a");
    await roundTrip();
    assert.equal(heard, ".");
    proxy.delay(0);
    socket.write("b");
    await until("ab");
    proxy.delay(1);
    socket.write("c");
    await until("c");
  });

  it("breaks connections, and refuses new ones until it heals", async () => {
    const first = await open();
    proxy.cut();
    await closed(first.socket);
    const second = await open();
    proxy.refuse();
    await closed(second.socket);
    const third = connect(proxy.port, "127.0.0.1");
    third.on("error", () => undefined);
    await closed(third);
    proxy.heal();
    const fourth = await open();
    fourth.socket.write("a");
    await fourth.until("a");
  });
});

describe("a client of etcd in a network with faults", () => {
  it("loses and doubles nothing", async function () {
    this.timeout(120_000);
    const seed = Number(process.env["FORKCHAT_SEED"] ?? Date.now() % 2 ** 31);
    const random = seededRandom(seed);
    const engine = await Engine.start({ members: 3 });
    const ports = engine.members.map(({ endpoint }) => Number(new URL(endpoint).port));
    const proxies = await Promise.all(ports.map((port) => FaultProxy.to(() => port)));
    const [first, ...others] = proxies.map(({ port }) => `http://127.0.0.1:${port}`);
    assert.ok(first !== undefined);
    const etcd = engine.open({ endpoints: [first, ...others] });
    const key = "fc/log";
    const recorder = WatchRecorder.following(etcd, { key }, 1);
    const writer = new ResendingWriter(etcd, key);
    const faults: readonly ((proxy: FaultProxy) => void)[] = [
      (proxy) => proxy.cut(),
      (proxy) => proxy.refuse(),
      (proxy) => proxy.set("hold"),
      (proxy) => proxy.set("hold", ["toClient"]),
      (proxy) => proxy.set("drop", ["toServer"]),
      (proxy) => proxy.set("drop", ["toClient"]),
      (proxy) => proxy.delay(5),
    ];
    let count = 0;
    while (count < 60 || writer.failures.length < 3) {
      count += 1;
      if (count % 10 === 0) {
        for (const proxy of proxies) proxy.heal();
        // One of the three stays whole.
        const whole = Math.floor(random() * proxies.length);
        for (const [place, proxy] of proxies.entries())
          if (place !== whole) faults[Math.floor(random() * faults.length)]?.(proxy);
      }
      await writer.writeNext();
    }
    await recorder.until(({ values }) => values.length >= count);
    recorder.stop();
    const expected = Array.from({ length: count }, (_, i) => String(i + 1));
    assert.deepEqual(recorder.values, expected, `seed ${seed}`);
    await engine.stop();
    for (const proxy of proxies) await proxy.close();
  });
});
