// The admin's listener of the built server: health, readiness, metrics, and who may read them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { openAdminListener } from "../../server/admin/adminListener.ts";
import { TestClient } from "../conformance/testClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { adminPort, askAdmin } from "../support/adminRequests.ts";
import { readMetrics } from "../support/metricsParser.ts";
import { ServerProcess } from "../support/serverProcess.ts";

/** More than the listener keeps open. */
const MANY = 40;

describe("the admin's listener", () => {
  let server: ServerProcess;
  let port: number;
  const sockets: Socket[] = [];
  before(async () => {
    server = await ServerProcess.start("--admin", "127.0.0.1:0");
    port = await adminPort(server);
  });
  after(() => server.stop("SIGKILL"));
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  async function open(): Promise<Socket> {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  }

  /** By name, then by label. */
  async function metrics(): Promise<(name: string, labels?: string) => number> {
    const { text } = await askAdmin(port, "/metrics");
    const read = readMetrics(text);
    return (name, labels = "") =>
      read.get(`forkchat_${name}`)?.values.get(labels) ?? assert.fail(name + labels);
  }

  it("answers GET and HEAD at three paths, and nothing else", async () => {
    for (const [path, type] of [
      ["/healthz", "text/plain; charset=utf-8"],
      ["/readyz", "text/plain; charset=utf-8"],
      ["/metrics?x", "text/plain; version=0.0.4; charset=utf-8"],
    ] as const) {
      const { status, headers, text } = await askAdmin(port, path);
      assert.deepEqual([status, headers["content-type"], headers["cache-control"]], [200, type, "no-store"]);
      assert.equal(Number(headers["content-length"]), Buffer.byteLength(text));
      if (!path.startsWith("/metrics")) assert.equal(text, "ok\n");
      const head = await askAdmin(port, path, { method: "HEAD" });
      assert.deepEqual([head.status, head.text], [200, ""]);
      for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
        const refused = await askAdmin(port, path, { method });
        assert.deepEqual([refused.status, refused.headers["allow"]], [405, "GET, HEAD"], method);
      }
    }
    for (const path of ["/", "/metrics/", "/healthz/../metrics", "/relay", "//metrics", "/Metrics"]) {
      assert.equal((await askAdmin(port, path)).status, 404, path);
    }
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket" };
    assert.equal((await askAdmin(port, "/", { headers: upgrade })).status, 404);
  });

  it("counts what happens, and names no one", async () => {
    const before = await metrics();
    const anna = await TestClient.join(server.url, "anna-canary");
    const bobby = await TestClient.join(server.url, "bobby-canary");
    anna.send({ type: "say", id: "m-1", text: "text-canary" });
    await anna.until("ack");
    await bobby.until("said");
    bobby.sendJoin("again");
    await bobby.until("error");
    const stranger = new TestClient(server.url);
    await stranger.next("challenge");
    stranger.sendJoin("lobby");
    await stranger.until("refused");
    const other = new TestClient(server.url, { headers: { Host: "evil.example" } });
    await other.closed;
    const relay = new TestClient(`${server.url}/relay`);
    await relay.closed;
    await bobby.close();
    await anna.until("left");
    const after = await metrics();
    const rose = (name: string, labels?: string): number => after(name, labels) - before(name, labels);
    assert.deepEqual(
      {
        new: rose("joins_total", '{kind="new"}'),
        resumed: rose("joins_total", '{kind="resumed"}'),
        reserved: rose("joins_refused_total", '{code="name-reserved"}'),
        host: rose("requests_refused_total", '{status="421"}'),
        ticket: rose("relay_refused_total", '{status="401"}'),
        error: rose("errors_total", '{code="already-joined"}'),
        closed: rose("disconnections_total", '{reason="closed"}'),
        messages: rose("lobby_messages_total"),
        members: rose("members"),
        connections: rose("connections"),
      },
      {
        ...{ new: 2, resumed: 0, reserved: 1, host: 1, ticket: 1, error: 1, closed: 1 },
        ...{ messages: 1, members: 1, connections: 2 },
      },
    );
    // Bobby's arrival and departure for Anna, her message for him.
    assert.equal(rose("deliveries_total"), 3);
    assert.ok(rose("written_bytes_total") > 500);
    const { text } = await askAdmin(port, "/metrics");
    for (const secret of ["canary", "127.0.0.1", "evil", anna.key.pin, bobby.key.pin])
      assert.ok(!text.includes(secret), secret);
  });

  it("refuses other hosts, so that no web page can point its own name here", async () => {
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", "127.0.0.1:1", "localhost."]) {
      const { status, text } = await askAdmin(port, "/metrics", { headers: { Host: host } });
      assert.equal(status, 421, host);
      assert.ok(!text.includes("forkchat_"));
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      assert.equal((await askAdmin(port, "/metrics", { headers: { Host: host } })).status, 200, host);
    }
    const socket = await open();
    socket.end(`GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\n\r\n`);
    assert.match(await textOf(socket), /^HTTP\/1\.1 400 /u);
  });

  it("accepts the hosts of --allow-host", async () => {
    const named = await ServerProcess.start("--admin", "0", "--allow-host", "chat", "--allow-host", "b:9");
    const at = await adminPort(named);
    for (const [host, status] of [
      [`chat:${at}`, 200],
      ["chat", 200],
      ["b:9", 200],
      ["b", 421],
    ] as const) {
      assert.equal((await askAdmin(at, "/healthz", { headers: { Host: host } })).status, status, host);
    }
    await named.stop();
  });

  it("answers one request of a connection, and none that is too long", async () => {
    const request = `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    let asked = 0;
    const admin = await openAdminListener({
      ...{ host: "127.0.0.1", port: 0, allowedHosts: new Set(), isReady: () => true },
      metrics: () => `${++asked}`,
    });
    assert.ok(admin.ok);
    const many = connect(admin.value.port, "127.0.0.1");
    many.write(request.replace(String(port), String(admin.value.port)).repeat(100));
    assert.equal((await textOf(many)).match(/HTTP\/1\.1 200/gu)?.length, 1);
    assert.equal(asked, 1);
    await admin.value.close();
    const long = await open();
    long.write(request.replace("\r\n\r\n", `\r\nCookie: ${"x".repeat(20_000)}\r\n\r\n`));
    assert.match(await textOf(long), /^HTTP\/1\.1 431 /u);
  });

  it("still answers when others hold connections open, and closes the oldest of them", async () => {
    const held: Socket[] = [];
    for (let n = 0; n < MANY; n++) held.push(await open());
    const [oldest] = held;
    assert.ok(oldest !== undefined);
    const closed = oldest.closed ? Promise.resolve() : once(oldest, "close");
    assert.equal((await askAdmin(port, "/healthz")).status, 200);
    await closed;
  });

  it("is not there unless it is asked for", async () => {
    const plain = await ServerProcess.start();
    const { stdout, stderr } = await plain.stop();
    assert.ok(!stderr.includes("admin"));
    assert.match(stdout, /^listening on \S+\n$/u);
  });

  it("adds nothing to standard output, and warns when other machines can reach it", async () => {
    const reachable = await ServerProcess.start("--admin", "0.0.0.0:0");
    await adminPort(reachable);
    const { stdout, stderr, code } = await reachable.stop();
    assert.equal(code, 0);
    assert.match(stdout, /^listening on \S+\n$/u);
    assert.match(stderr, /"level":"warn","event":"open-door","reason":"[^"]*--admin/u);
    assert.ok(!server.stderr.includes("open-door"));
  });

  it("keeps the server from starting when its port is taken", async () => {
    const { code, stdout, stderr } = await new ServerProcess(["--port", "0", "--admin", String(port)]).exit;
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, new RegExp(`^Port ${port} is already in use .*--admin\\.$`, "mu"));
  });

  it("stops being ready as soon as the server stops", async () => {
    const inProcess = await startServer({});
    const admin = await openAdminListener({
      ...{ host: "127.0.0.1", port: 0, allowedHosts: new Set(), metrics: () => "" },
      isReady: inProcess.isOpen,
    });
    assert.ok(admin.ok);
    assert.equal((await askAdmin(admin.value.port, "/readyz")).status, 200);
    const stopped = inProcess.stop();
    assert.equal((await askAdmin(admin.value.port, "/readyz")).status, 503);
    assert.equal((await askAdmin(admin.value.port, "/healthz")).status, 200);
    assert.equal(inProcess.read().isOpen, false);
    await admin.value.close();
    await stopped;
  });
});

describe("the level of the log", () => {
  for (const [level, expected] of [
    ["info", ["info", "warn"]],
    ["warn", ["warn"]],
    ["error", []],
  ] as const) {
    it(`${level} leaves out what is less important`, async () => {
      const server = await ServerProcess.start("--log-level", level, "--host", "0.0.0.0", "--insecure");
      const { stderr } = await server.stop();
      const levels = new Set([...stderr.matchAll(/"level":"(\w+)"/gu)].map(([, found]) => found));
      assert.deepEqual([...levels].sort(), expected);
    });
  }
});
