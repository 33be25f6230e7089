// A server behind a real nginx: it works with the configurations in deploy/, and reports which of the usual mistakes was made.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { ensureNginx } from "../../scripts/nginx.ts";
import { TestClient } from "../conformance/testClient.ts";
import { Client, type ClientOptions } from "../support/client.ts";
import { Nginx } from "../support/nginx.ts";
import { createPatientNetwork } from "../support/patientNetwork.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { freePort } from "../support/freePort.ts";

const UPGRADE =
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
const KEEP_HOST = "proxy_set_header Host $http_host;";
const RELAY: ClientOptions = { settings: { connection: "relay" } };

describe("a server behind nginx", () => {
  let folder: string;
  let fingerprint: string;
  const clients: Client[] = [];
  const ends: (() => Promise<unknown>)[] = [];

  before(async function () {
    // It may have to be installed.
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), "fork-chat-proxy-"));
    await ensureNginx((line) => console.log(`      ${line}`));
    const made = await generate([{ name: "commonName", value: "localhost" }], {
      keyType: "ec",
      curve: "P-256",
    });
    await writeFile(join(folder, "cert.pem"), made.cert);
    await writeFile(join(folder, "key.pem"), made.private);
    fingerprint = new X509Certificate(made.cert).fingerprint256;
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(ends.splice(0).map((end) => end()));
  });

  async function startServer(...args: string[]): Promise<ServerProcess> {
    const server = await ServerProcess.start(...args);
    ends.push(() => server.stop("SIGKILL"));
    return server;
  }

  async function startNginx(configuration: string): Promise<void> {
    const nginx = await Nginx.start(configuration);
    ends.push(() => nginx.stop());
  }

  /** An nginx that does with every request what these lines say; `$UPSTREAM` in them is the server. */
  async function proxy(server: ServerProcess, location: string, port: number, path = "/"): Promise<void> {
    const lines = location.replaceAll("$UPSTREAM", `127.0.0.1:${server.port}`);
    await startNginx(
      `upstream backend { server 127.0.0.1:${server.port}; }
       server { listen ${port}; location ${path} { ${lines} } }`,
    );
  }

  async function join_(name: string, url: string, options: ClientOptions = {}): Promise<Client> {
    const client = new Client(options);
    clients.push(client);
    if (url.startsWith("wss:")) await client.people.trustCertificate(url, fingerprint);
    assert.deepEqual(await client.join(name, url), { ok: true });
    return client;
  }

  /** Two people meet in the lobby and talk in private. Returns how their session is connected. */
  async function talk(url: string, options: ClientOptions): Promise<string | undefined> {
    const anna = await join_("anna", url, options);
    const bobby = await join_("bobby", url, options);
    await anna.until("bobby", ({ users }) => users.includes("bobby"));
    assert.deepEqual(await anna.type("hello, lobby"), { ok: true });
    await bobby.untilShown("lobby", "hello, lobby");
    assert.deepEqual(await anna.run("\\fork bobby"), { ok: true });
    await anna.type("hello, bobby");
    await bobby.untilShown("anna", "hello, bobby");
    return anna.state.channels[0]?.link?.path;
  }

  /** Why it cannot be joined. */
  async function refusal(url: string): Promise<string> {
    const client = new Client();
    clients.push(client);
    const outcome = await client.join("anna", url);
    assert.ok(!outcome.ok);
    return outcome.text;
  }

  /** A configuration of deploy/, at a port of its own and for this server. */
  const adapted = (text: string, server: ServerProcess, port: number): string =>
    text
      .replace("listen 443 ssl", `listen ${port} ssl`)
      .replaceAll(/\/etc\/ssl\/\S+\.pem/g, join(folder, "cert.pem"))
      .replaceAll(/\/etc\/ssl\/\S+\.key/g, join(folder, "key.pem"))
      .replaceAll("127.0.0.1:43210", `127.0.0.1:${server.port}`);

  for (const [file, path] of [
    ["nginx.conf", ""],
    ["nginx-path.conf", "/chat"],
  ] as const) {
    it(`works with deploy/${file}, with TLS: lobby, and private sessions over the relay`, async () => {
      const port = await freePort();
      const url = `wss://localhost:${port}${path}`;
      const server = await startServer("--public-url", url);
      await startNginx(adapted(await readFile(`deploy/${file}`, "utf8"), server, port));
      assert.equal(await talk(url, RELAY), "relayed");
    });
  }

  for (const [what, location, path] of [
    ["replaces the Host with its own", `${UPGRADE} proxy_pass http://$UPSTREAM;`, "/chat"],
    ["replaces the Host with a name of its own", `${UPGRADE} proxy_pass http://backend;`, "/chat"],
    ["drops the port", `${UPGRADE} proxy_set_header Host $host; proxy_pass http://$UPSTREAM;`, "/chat"],
    ["removes the path", `${UPGRADE} ${KEEP_HOST} proxy_pass http://$UPSTREAM/;`, "/chat/"],
  ] as const) {
    it(`works with --public-url and a proxy that ${what}`, async () => {
      const port = await freePort();
      const url = `ws://localhost:${port}${path}`;
      // A name of the upstream is a Host like any other: it has to be allowed.
      const server = await startServer("--public-url", url, "--allow-host", "backend");
      await proxy(server, location, port, path);
      assert.equal(await talk(url, RELAY), "relayed");
    });
  }

  it("lets people on other machines connect straight to each other, although it listens on loopback (skipped on a machine that is on no network)", async function () {
    const own = Object.values(networkInterfaces())
      .flatMap((infos) => infos ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    if (own === undefined) this.skip();
    const port = await freePort();
    const server = await startServer("--allow-host", `${own.address}:${port}`);
    await proxy(server, `${UPGRADE} ${KEEP_HOST} proxy_pass http://$UPSTREAM;`, port);
    assert.equal(await talk(`ws://${own.address}:${port}`, { network: createPatientNetwork }), "direct");
    for (const { state } of clients) assert.equal(state.place.seen, "", "the proxy's address is nobody's");
  });

  it("tells people on its own machine that others can join, with --public-url", async () => {
    const server = await startServer("--public-url", "wss://chat.example.org", "--no-relay");
    const client = new TestClient(server.url);
    const { reach, nonce } = await client.next("challenge");
    assert.equal(reach, "network");
    // Everyone comes like this behind a proxy that replaces the Host: only a join for the public URL counts.
    client.sendJoin("anna");
    assert.equal((await client.next("refused")).code, "signature");
    client.sendJoin("anna", client.key.proof("chat.example.org", nonce, "anna"));
    await client.next("joined");
  });

  for (const [what, location, seen] of [
    ["replaces the Host with its own", `${UPGRADE} proxy_pass http://$UPSTREAM;`, "127.0.0.1:$PORT"],
    ["replaces it with a name that the server has not", `${UPGRADE} proxy_pass http://backend;`, "backend"],
    ["drops the port", `${UPGRADE} proxy_set_header Host $host; proxy_pass http://$UPSTREAM;`, "localhost"],
  ] as const) {
    it(`gives an explanation and logs it when the proxy ${what}`, async () => {
      const server = await startServer();
      const port = await freePort();
      await proxy(server, location, port);
      const text = await refusal(`ws://localhost:${port}`);
      const host = seen.replace("$PORT", String(server.port));
      assert.ok(
        text.includes(
          `a proxy changed the host (the server saw ${host}, you connected to localhost:${port})`,
        ),
        text,
      );
      assert.ok(text.includes("--public-url"));
      // A host that is none of the server's is not logged: it may be anything.
      await server.logged(/"hint":"[^"]*If a reverse proxy is in front/);
      assert.ok(server.stderr.includes(host === "backend" ? '"status":421' : `"host":"${host}"`));
    });
  }

  it("gives an explanation when the proxy drops the upgrade", async () => {
    const server = await startServer();
    const port = await freePort();
    await proxy(server, `${KEEP_HOST} proxy_pass http://$UPSTREAM;`, port);
    assert.match(await refusal(`ws://localhost:${port}`), /doesn't forward WebSocket connections/);
  });

  it("gives an explanation when the proxy forwards a path that the server does not know", async () => {
    const server = await startServer();
    const port = await freePort();
    await proxy(server, `${UPGRADE} ${KEEP_HOST} proxy_pass http://$UPSTREAM;`, port, "/chat");
    assert.match(await refusal(`ws://localhost:${port}/chat`), /isn't at this path/);
  });
});
