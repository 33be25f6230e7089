// What someone can do who reaches the engine, or a server's port for other servers, and does not know the secret.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { connect as connectPlain } from "node:net";
import { connect } from "node:tls";
import type { Etcd, KeyValue } from "../../server/cluster/etcd.ts";
import { clientTls } from "../../server/cluster/nodeTls.ts";
import { Seal } from "../../server/cluster/seal.ts";
import { TestClient } from "../conformance/testClient.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import { freePort } from "../support/freePort.ts";
import { pauseProcess, resumeProcess } from "../support/pausedProcess.ts";
import type { ServerProcess } from "../support/serverProcess.ts";
import { succeeded } from "../support/succeeded.ts";

const LOBBY = "fork-chat";

describe("without the secret of a cluster", () => {
  let cluster: ClusterServers;
  let server: ServerProcess;
  let etcd: Etcd;
  let node: number;
  const clients: TestClient[] = [];

  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
    node = await freePort();
    server = await cluster.start("--node-url", `https://127.0.0.1:${node}`);
    etcd = cluster.engine.open();
  });
  after(() => cluster.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.ws.terminate();
  });

  async function join(name: string): Promise<TestClient> {
    const client = await TestClient.join(server.url, name);
    clients.push(client);
    return client;
  }

  const put = async (key: string, value: string): Promise<void> => {
    succeeded(await etcd.txn([], [{ put: { key: `${LOBBY}/live/${key}`, value } }]));
  };

  /** Joins as soon as the lobby is open. */
  async function joinWhenOpen(
    name: string,
    details: object,
    { key }: TestClient,
  ): Promise<Awaited<ReturnType<typeof TestClient.join>>> {
    for (;;) {
      const joining = TestClient.join(server.url, name, details, key).catch(() => undefined);
      const joined = await joining;
      if (joined !== undefined) return joined;
    }
  }

  async function lastEntry(): Promise<string> {
    const [entry] = succeeded(await etcd.range({ key: `${LOBBY}/live/log` })).items;
    return entry?.value ?? assert.fail();
  }

  async function say(client: TestClient, id: string): Promise<number> {
    client.send({ type: "say", id, text: `text of ${id}` });
    return (await client.until("ack", (ack) => ack.id === id)).seq;
  }

  it("nothing that is written to the engine is said: not made up, not copied, not under another key", async () => {
    const anna = await join("anna");
    const first = await say(anna, "m-1");
    const copied = await lastEntry();
    const { n, ...rest } = JSON.parse(copied.slice(22)) as { n: number };
    const next = JSON.stringify({ n: n + 1, ...rest }).replace("m-1", "m-3");
    const text = next.replace("text of m-1", "forged text");
    const forged = new Seal("x".repeat(32)).seal(`epoch ${LOBBY}/live/log`, text);
    for (const value of [copied, text, forged, "", "{}", copied.slice(0, 22) + text]) await put("log", value);
    await put("node/77", copied);
    await put("node/1", copied);
    await put("node/none", copied);
    await put("other", copied);
    await put("snapshot", copied);
    assert.equal(await say(anna, "m-2"), first + 1);
    const bobby = await join("bobby");
    assert.deepEqual(
      (await bobby.settled()).flatMap((message) => (message.type === "said" ? [message.text] : [])),
      ["text of m-1", "text of m-2"],
    );
  });

  it("bytes that are not text stop no server", async () => {
    const anna = await join("ines");
    const first = await say(anna, "i-1");
    const [endpoint] = cluster.engine.access.endpoints;
    const noText = Buffer.of(0xff, 0xfe);
    for (const key of [Buffer.from("log"), Buffer.from("node/78"), noText]) {
      const body = {
        key: Buffer.concat([Buffer.from(`${LOBBY}/live/`), key]).toString("base64"),
        value: noText.toString("base64"),
      };
      const { status } = await fetch(`${endpoint}/v3/kv/put`, { method: "POST", body: JSON.stringify(body) });
      assert.equal(status, 200);
    }
    assert.equal(await say(anna, "i-2"), first + 1);
    const other = await cluster.start();
    clients.push(await TestClient.join(other.url, "jan"));
    await other.stop();
  });

  it("a life that is over cannot be begun again with what it had written", async () => {
    const nodes = async (): Promise<readonly KeyValue[]> =>
      succeeded(await etcd.range({ prefix: `${LOBBY}/live/node/` })).items;
    const before = await nodes();
    const other = await cluster.start();
    const mine =
      (await nodes()).find(({ key }) => before.every((known) => known.key !== key)) ?? assert.fail();
    const carla = await TestClient.join(other.url, "carla");
    clients.push(carla);
    const entered = await lastEntry();
    await say(carla, "c-1");
    const said = await lastEntry();
    const anna = await join("dora");
    await other.stop("SIGKILL");
    assert.equal((await anna.until("left", ({ name }) => name === "carla")).reason, "lost");
    await put(mine.key.slice(`${LOBBY}/live/`.length), mine.value);
    for (const entry of [entered, said]) await put("log", entry);
    const number = await say(anna, "d-1");
    assert.equal(await say(anna, "d-2"), number + 1);
    anna.send({ type: "users" });
    const { items } = await anna.until("users");
    assert.ok(!items.some(({ name }) => name === "carla"));
    assert.equal(
      (await anna.settled()).filter(({ type }) => type === "arrived" || type === "said").length,
      0,
    );
  });

  it("the same beginning written again is another epoch, in which nothing old counts", async () => {
    const erin = await TestClient.join(server.url, "erin");
    clients.push(erin);
    await say(erin, "e-1");
    const [genesis] = succeeded(await etcd.range({ key: `${LOBBY}/live/genesis` })).items;
    await put("genesis", genesis?.value ?? "");
    assert.equal((await erin.closed).code, 1001);
    const { resume, epoch, seq } = erin.joined;
    const back = await joinWhenOpen("erin", { resume, lastSeen: { epoch, seq: seq + 1 } }, erin);
    assert.notEqual(back.joined.epoch, epoch);
    assert.ok(back.joined.gap && back.joined.seq === 0);
  });

  it("a client that breaks its connection while another server is asked harms no one", async () => {
    const other = await cluster.start();
    const [anna, bobby] = [await join("gina"), await TestClient.join(other.url, "hans")];
    clients.push(bobby);
    await anna.until("arrived", ({ name }) => name === "hans");
    anna.send({ type: "fork", id: "f-1", to: "hans", card: { addresses: [] } });
    const { sid } = await bobby.until("invite");
    bobby.send({ type: "accept", sid, card: { addresses: [] } });
    const { ticket } = await bobby.until("introduction");
    assert.ok(ticket !== undefined);
    const answered = async (): Promise<void> => {
      bobby.send({ type: "users" });
      await bobby.until("users");
    };
    // The home of the ticket does not answer for a moment.
    await pauseProcess(server.child);
    const socket = connectPlain(other.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(
      `GET /relay HTTP/1.1\r\nHost: 127.0.0.1:${other.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n` +
        `Authorization: Bearer ${ticket}\r\n\r\n`,
    );
    for (let n = 0; n < 20; n++) await answered();
    const closed = once(socket, "close");
    socket.resetAndDestroy();
    await closed;
    for (let n = 0; n < 20; n++) await answered();
    resumeProcess(server.child);
    assert.equal(other.child.exitCode, null);
  });

  it("no one gets through the handshake of a server's port for other servers", async () => {
    const secret = (await readFile(cluster.secret, "utf8")).trim();
    const tryWith = async (options: object): Promise<string> => {
      const socket = connect({ host: "127.0.0.1", port: node, rejectUnauthorized: false, ...options });
      const outcome = await Promise.race([
        once(socket, "secureConnect").then(() => "connected"),
        once(socket, "error").then(() => "refused"),
        once(socket, "close").then(() => "refused"),
      ]).catch(() => "refused");
      socket.destroy();
      return outcome;
    };
    const right = new Seal(secret).derive("node link");
    assert.equal(await tryWith(clientTls(right)), "connected");
    assert.equal(await tryWith(clientTls(new Seal(`${secret}x`).derive("node link"))), "refused");
    assert.equal(await tryWith(clientTls(new Seal(secret).derive("log"))), "refused");
    assert.equal(await tryWith({}), "refused");
    assert.equal(
      await tryWith({ ...clientTls(right), pskCallback: () => ({ psk: right, identity: "someone" }) }),
      "refused",
    );
  });

  it("even other servers are not believed what has no form, and get a bounded answer", async () => {
    const key = new Seal((await readFile(cluster.secret, "utf8")).trim()).derive("node link");
    const post = async (path: string, body: string, method = "POST"): Promise<number | undefined> => {
      const call = request(`https://127.0.0.1:${node}${path}`, { ...clientTls(key), method });
      call.end(method === "POST" ? body : undefined);
      const [response] = (await once(call, "response")) as [{ statusCode?: number; resume: () => void }];
      response.resume();
      return response.statusCode;
    };
    const errand = {
      type: "introduce",
      key: "anna",
      connection: 1,
      sid: "session-1",
      card: { addresses: [] },
    };
    assert.equal(await post("/errand", JSON.stringify(errand)), 204);
    for (const body of ["", "{", "[]", JSON.stringify({ ...errand, type: "say" }), "x".repeat(20_000)]) {
      assert.equal(await post("/errand", body), 400, body.slice(0, 20));
    }
    const said = { type: "tell", key: "anna", connection: 1, message: { type: "said" } };
    assert.equal(await post("/errand", JSON.stringify(said)), 400);
    assert.equal(await post("/other", JSON.stringify(errand)), 400);
    assert.equal(await post("/errand", "", "GET"), 400);
  });
});
