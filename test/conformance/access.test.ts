// Who is admitted: the server's token, its certificate, and the host names under which it is called.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

const TOKEN = "correct-horse-battery-staple";

describe("the doors of the server", () => {
  let folder: string;
  const servers: ServerProcess[] = [];
  const path = (name: string): string => join(folder, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-access-"));
    await writeFile(path("token"), `${TOKEN}\n`);
    await writeFile(path("short"), "twenty-one-characters");
    await writeFile(path("empty"), "\n");
    await writeCertificate("first");
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop("SIGKILL")));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function writeCertificate(name: string): Promise<void> {
    const pair = await generate([{ name: "commonName", value: name }], { keyType: "ec", curve: "P-256" });
    await writeFile(path("cert.pem"), pair.cert);
    await writeFile(path("key.pem"), pair.private);
  }

  async function start(...args: string[]): Promise<ServerProcess> {
    const server = await ServerProcess.start(...args);
    servers.push(server);
    return server;
  }

  describe("with a token", () => {
    it("is granted to clients that send it; the others learn what is missing", async () => {
      const server = await start("--token-file", path("token"));
      const client = new TestClient(server.url);
      assert.equal((await client.next("challenge")).token, true);
      client.sendJoin("anna");
      assert.equal((await client.next("refused")).code, "token-missing");
      for (const token of ["", TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
        client.sendJoin("anna", { token });
        assert.equal((await client.next("refused")).code, "token-wrong");
      }
      client.sendJoin("anna", { token: TOKEN });
      await client.next("joined");
      assert.ok(!server.stderr.includes(TOKEN), "the log does not hold it");
    });

    it("is not opened with a token that is short, missing, or unreadable", async () => {
      for (const [file, what] of [
        ["short", /21 characters, but needs at least 22 \(128 bits\)/],
        ["empty", /one line of printable characters/],
        ["nowhere", /^Cannot read the token file/],
      ] as const) {
        const exit = await new ServerProcess(["--port", "0", "--token-file", path(file)]).exit;
        assert.deepEqual([exit.code, exit.stdout], [2, ""]);
        assert.match(exit.stderr, what);
        assert.ok(!exit.stderr.includes("twenty-one-characters"));
      }
    });
  });

  describe("with a certificate", () => {
    const tls = (): string[] => ["--tls-cert", path("cert.pem"), "--tls-key", path("key.pem")];

    /** The common name that the server shows to a new connection. */
    async function shown(server: ServerProcess): Promise<string> {
      const socket: TLSSocket = connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      return String(name);
    }

    it("uses TLS only", async () => {
      const server = await start(...tls());
      assert.match(server.url, /^wss:\/\/127\.0\.0\.1:\d+$/);
      const client = await TestClient.join(server.url, "anna", {}, undefined, { rejectUnauthorized: false });
      assert.equal(client.joined.name, "anna");
      const plain = new TestClient(server.url.replace("wss:", "ws:"));
      assert.equal((await plain.closed).code, 1006);
    });

    it("uses a renewed certificate after SIGHUP without dropping clients; a broken one changes nothing", async () => {
      await writeCertificate("first");
      const server = await start(...tls());
      const anna = await TestClient.join(server.url, "anna", {}, undefined, { rejectUnauthorized: false });
      assert.equal(await shown(server), "first");
      await writeCertificate("second");
      server.child.kill("SIGHUP");
      while ((await shown(server)) !== "second") assert.equal(server.child.exitCode, null);
      anna.send({ type: "say", id: "a-1", text: "still here" });
      await anna.until("ack");
      await writeFile(path("cert.pem"), "nonsense");
      server.child.kill("SIGHUP");
      await server.logged(/"level":"error","event":"tls-reloaded"/);
      assert.equal(await shown(server), "second");
      assert.equal((await server.stop()).code, 0);
    });

    it("is not opened with a certificate that cannot be used", async () => {
      await writeFile(path("cert.pem"), "nonsense");
      const exit = await new ServerProcess(["--port", "0", ...tls()]).exit;
      assert.equal(exit.code, 2);
      assert.match(exit.stderr, /^Cannot use the certificate/);
      await writeCertificate("first");
    });

    it("without a certificate, SIGHUP ends the server, as when a terminal closes", async () => {
      const server = await start();
      const anna = await TestClient.join(server.url, "anna");
      assert.equal((await server.stop("SIGHUP")).code, 0);
      assert.equal((await anna.closed).code, 1001);
    });
  });

  describe("beyond this machine", () => {
    it("stays closed without token and TLS, and the server says what is missing and what is at risk", async () => {
      for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
        const exit = await new ServerProcess(["--port", "0", "--host", host]).exit;
        assert.deepEqual([exit.code, exit.stdout], [2, ""]);
        for (const word of ["--token-file", "--tls-cert", "--tls-key", "--insecure", "anyone"]) {
          assert.ok(exit.stderr.includes(word), word);
        }
      }
    });

    it("opens with --insecure, with a warning for each missing protection", async () => {
      const server = await start("--host", "0.0.0.0", "--insecure");
      await server.logged(/"event":"open-door"[^]*"event":"open-door"/);
      assert.equal(server.stderr.match(/"event":"open-door"/g)?.length, 2);
      const half = await start("--host", "0.0.0.0", "--token-file", path("token"));
      await half.logged(/"event":"open-door"/);
      assert.equal(half.stderr.match(/"event":"open-door"/g)?.length, 1);
    });
  });

  describe("with other servers", () => {
    it("warns once if it is beyond this machine, but others reach it on loopback only", async () => {
      const cluster = [
        ...["--cluster", "etcd://127.0.0.1:1", "--cluster-secret", path("token")],
        ...["--node-url", "https://127.0.0.1:1"],
      ];
      const server = new ServerProcess(["--port", "0", "--host", "0.0.0.0", "--insecure", ...cluster]);
      try {
        await server.logged(/"level":"warn","event":"loopback-node-url"/);
      } finally {
        server.child.kill("SIGKILL");
      }
      assert.equal((await server.exit).stderr.match(/"loopback-node-url"/g)?.length, 1);
    });
  });

  describe("under a foreign host name", () => {
    async function statusFor(server: ServerProcess, host: string): Promise<number> {
      const headers = {
        Host: host,
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
      };
      const request = get({ port: server.port, host: "127.0.0.1", headers });
      return new Promise((resolve, reject) => {
        request.once("error", reject);
        request.once("response", (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        request.once("upgrade", (_response, socket) => {
          socket.destroy();
          resolve(101);
        });
      });
    }

    it("is refused, so that no web page can point its own name here", async () => {
      const server = await start("--allow-host", "Chat.Example");
      for (const host of [
        "evil.example",
        `evil.example:${server.port}`,
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.7",
        "localhost",
        "127.0.0.1:1",
        `127.0.0.2:${server.port}`,
        `[::1]:${server.port}`,
        "chat.example:1",
      ]) {
        assert.equal(await statusFor(server, host), 421, host);
      }
      for (const host of [
        `localhost:${server.port}`,
        `127.0.0.1:${server.port}`,
        "chat.example",
        `CHAT.example:${server.port}`,
      ]) {
        assert.equal(await statusFor(server, host), 101, host);
      }
    });
  });
});
