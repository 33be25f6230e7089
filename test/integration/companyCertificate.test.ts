// A server whose certificate is under an authority that only this machine's system trusts, such as a company's: it is joined
// without a question. The system's authorities are read once, and only for a server that is not trusted without them.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { generate } from "selfsigned";
import { netLimits } from "../../extension/net/dial/netLimits.ts";
import { createServerTrust, type ServerTrust } from "../../extension/net/dial/serverTrust.ts";
import { makeAuthority, type Authority } from "../support/authority.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess } from "../support/windowProcess.ts";
import { cleanUp, rawServer, stopTime, Stream, testNetwork, type TestNetwork } from "./netHarness.ts";

type Made = Awaited<ReturnType<typeof generate>>;

describe("a server with a certificate of a company", () => {
  let folder: string;
  let company: Authority;
  let server: ServerProcess;
  /** Certificates that were read. */
  let reads: number;
  const servers: ServerProcess[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-company-"));
    company = await makeAuthority();
    server = await start(await company.issue("a server", "127.0.0.1"));
  });
  after(async () => {
    await Promise.all(servers.map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    reads = 0;
  });
  afterEach(cleanUp);

  async function start(made: Made): Promise<ServerProcess> {
    const [cert, key] = [made.fingerprint, `${made.fingerprint}.key`].map((name) =>
      join(folder, name.replaceAll(":", "")),
    ) as [string, string];
    await Promise.all([writeFile(cert, made.cert), writeFile(key, made.private)]);
    const started = await ServerProcess.start("--tls-cert", cert, "--tls-key", key);
    servers.push(started);
    return started;
  }

  /** A machine that trusts these. */
  function machine(...certificates: readonly string[]): ServerTrust {
    return createServerTrust(() => {
      reads += 1;
      return Promise.resolve(certificates);
    });
  }

  async function untrusted(network: TestNetwork): Promise<string> {
    const { cause } = await network.event("rendezvous/closed");
    assert.equal(cause.kind, "untrusted");
    return cause.text;
  }

  it("is joined without a question", async () => {
    const network = testNetwork({ trust: machine(company.certificate) });
    network.connect(1, server.url, "tester");
    await network.event("rendezvous/opened");
    assert.deepEqual(network.types(), ["rendezvous/opened"]);
  });

  it("is untrusted where the system does not know the company, or cannot be asked", async () => {
    const namesake = await makeAuthority();
    const broken = createServerTrust(() => Promise.reject(new Error("no keychain")));
    for (const [trust, code] of [
      [machine(), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
      [machine(namesake.certificate), "CERT_SIGNATURE_FAILURE"],
      [broken, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ] as const) {
      const network = testNetwork({ trust });
      network.connect(1, server.url, "tester");
      assert.match(await untrusted(network), new RegExp(code, "u"));
      const warnings = network.logged.filter((line) => line.includes("no keychain"));
      assert.equal(warnings.length, trust === broken ? 1 : 0);
    }
  });

  it("is untrusted with a certificate for another place, or of its own", async () => {
    const elsewhere = await start(await company.issue("elsewhere", "192.0.2.1"));
    const own = await start(await generate([{ name: "commonName", value: "a server" }], { keyType: "ec" }));
    for (const [{ url }, code] of [
      [elsewhere, /ERR_TLS_CERT_ALTNAME_INVALID/u],
      [own, /DEPTH_ZERO_SELF_SIGNED_CERT/u],
    ] as const) {
      const network = testNetwork({ trust: machine(company.certificate) });
      network.connect(1, url, "tester");
      assert.match(await untrusted(network), code);
    }
  });

  it("is untrusted, not silent, if reading takes longer than a dial may", async () => {
    const time = stopTime();
    const asked = new Stream<true>();
    const trust = createServerTrust(() => {
      asked.push(true);
      return new Promise(() => undefined);
    });
    const network = testNetwork({ trust });
    network.connect(1, server.url, "tester");
    await asked.count(1);
    time.pass(netLimits.handshakeMs);
    await untrusted(network);
  });

  it("is not dialed again once its window has left", async () => {
    const { cert, private: key } = await company.issue("a server", "127.0.0.1");
    const door = tls.createServer({ cert, key }, (socket) => socket.destroy());
    let dials = 0;
    const { port } = await rawServer((socket) => {
      dials += 1;
      door.emit("connection", socket);
    });
    const url = `wss://127.0.0.1:${String(port)}`;
    const asked = new Stream<(certificates: readonly string[]) => void>();
    const trust = createServerTrust(() => new Promise((resolve) => asked.push(resolve)));
    const network = testNetwork({ trust });
    network.connect(1, url, "tester");
    await asked.count(1);
    network.disconnect(1, "quit");
    asked.items[0]?.([company.certificate]);
    await trust.full();
    // What the first one had dialed would come before this.
    const next = testNetwork({ trust });
    next.connect(1, url, "tester");
    assert.notEqual((await next.event("rendezvous/closed")).cause.kind, "untrusted");
    assert.deepEqual([dials, network.types()], [2, []]);
  });

  it("costs one reading, for all connections", async () => {
    const trust = machine(company.certificate);
    const networks = [1, 2].map(() => testNetwork({ trust }));
    for (const network of networks) network.connect(1, server.url, "tester");
    for (const network of networks) await network.event("rendezvous/opened");
    assert.equal(reads, 1);
  });

  it("costs none where its user trusts that certificate anyway, or without TLS", async () => {
    const made = await generate([{ name: "commonName", value: "a server" }], { keyType: "ec" });
    const own = await start(made);
    const plain = await ServerProcess.start();
    servers.push(plain);
    for (const { url } of [own, plain]) {
      const { fingerprint256: certificate } = new X509Certificate(made.cert);
      const network = testNetwork({ trust: machine(company.certificate), certificate });
      network.connect(1, url, "tester");
      await network.event("rendezvous/opened");
    }
    assert.equal(reads, 0);
  });

  it("is joined by a window whose system knows the company (skipped before Node 22.15, and off Linux)", async function () {
    if (process.platform !== "linux" || !("getCACertificates" in tls)) return this.skip();
    const known = join(folder, "company.pem");
    await writeFile(known, company.certificate);
    const stranger = await WindowProcess.start();
    const window = await WindowProcess.start({}, ["env", `SSL_CERT_FILE=${known}`]);
    try {
      assert.equal((await stranger.join("anna", server.url)).code, "untrusted-server");
      assert.deepEqual(await window.join("anna", server.url), { ok: true });
    } finally {
      await Promise.all([stranger.close(), window.close()]);
    }
  });
});
