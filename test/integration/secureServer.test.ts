// A server that speaks TLS with a self-signed certificate: its fingerprint is shown, nothing is sent to it before the user
// trusts that, and then lobby and relay use it.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { otherScheme } from "../../extension/core/model/serverAddress.ts";
import { probeServer } from "../../extension/net/rendezvous/probeServer.ts";
import { Client } from "../support/client.ts";
import { RecordingProxy } from "../support/recordingProxy.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { cleanUp, fakeServer, rawServer, Stream, testNetwork } from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";
import { tlsPeer } from "./peerHarness.ts";

describe("a server with a certificate of its own", () => {
  let folder: string;
  let server: ServerProcess;
  let fingerprint: string;
  /** Sees what passes between windows and server. */
  let proxy: RecordingProxy;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-secure-"));
    const made = await generate([{ name: "commonName", value: "chat.example" }], {
      keyType: "ec",
      curve: "P-256",
    });
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    await Promise.all([writeFile(cert, made.cert), writeFile(key, made.private)]);
    fingerprint = new X509Certificate(made.cert).fingerprint256;
    proxy = await RecordingProxy.to(() => server.port);
    server = await ServerProcess.start("--tls-cert", cert, "--tls-key", key, ...reachedAt(proxy.port));
  });
  after(async () => {
    await server.stop();
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(cleanUp);

  it("is untrusted until its user decides otherwise; its fingerprint is shown", async () => {
    for (const certificate of [
      undefined,
      fingerprint.toLowerCase(),
      fingerprint.replaceAll(/[0-9]/g, "0"),
      "",
    ]) {
      const network = testNetwork(certificate === undefined ? {} : { certificate });
      network.connect(1, server.url, "tester");
      const { cause } = await network.event("rendezvous/closed");
      assert.equal(cause.kind, "untrusted");
      assert.equal(cause.fingerprint, fingerprint);
      assert.equal(
        cause.text,
        `the certificate of 127.0.0.1:${String(server.port)} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      );
      assert.deepEqual(network.types(), ["rendezvous/closed"]);
    }
  });

  it("is found behind a URL with ws instead of wss, and a plain one behind wss instead of ws", async () => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const plain = await ServerProcess.start();
    try {
      for (const { url } of [server, plain]) {
        const wrong = otherScheme(url) ?? "";
        assert.notEqual(await probeServer(wrong, log), "server", wrong);
        assert.equal(otherScheme(wrong), url);
        assert.equal(await probeServer(url, log), "server", url);
        const network = testNetwork();
        network.connect(1, wrong, "tester");
        const { cause } = await network.event("rendezvous/closed");
        assert.match(cause.kind, /^(rejected|unreachable)$/u, "the user is offered the other one");
      }
    } finally {
      await plain.stop();
    }
  });

  it("receives no byte inside TLS before that", async () => {
    const heard: Buffer[] = [];
    const gone = new Stream<true>();
    const { host, port } = await tlsPeer(
      new TestKey(),
      (socket) => socket.on("data", (bytes: Buffer) => heard.push(bytes)),
      { requestCert: false },
      () => gone.push(true),
    );
    const network = testNetwork({ certificate: fingerprint });
    network.connect(1, `wss://${host}:${String(port)}`, "tester");
    assert.equal((await network.event("rendezvous/closed")).cause.kind, "untrusted");
    await gone.count(1);
    assert.deepEqual(heard, []);
  });

  it("is joined with the fingerprint that its user trusts, and nothing is sent in the clear", async () => {
    const url = `wss://127.0.0.1:${String(proxy.port)}`;
    const anna = new Client({ settings: { connection: "relay" } });
    const bobby = new Client({ settings: { connection: "relay" } });
    try {
      const outcome = await anna.join("anna", url);
      assert.ok(!outcome.ok);
      assert.deepEqual([outcome.code, outcome.fingerprint], ["untrusted-server", fingerprint]);
      for (const [client, name] of [
        [anna, "anna"],
        [bobby, "bobby"],
      ] as const) {
        await client.people.trustCertificate(url, fingerprint);
        assert.deepEqual(await client.join(name, url), { ok: true });
      }
      await anna.type("hello, lobby");
      await bobby.untilShown("lobby", "hello, lobby");
      // The relay stands behind the same certificate.
      await anna.until("bobby", ({ users }) => users.includes("bobby"));
      assert.deepEqual(await anna.run("\\fork bobby"), { ok: true });
      await anna.type("hello, bobby");
      await bobby.untilShown("anna", "hello, bobby");
      assert.equal(anna.state.channels[0]?.link?.path, "relayed");
      for (const text of ["hello", "HTTP/1.1", "anna"]) assert.ok(!proxy.wire.includes(text), text);
    } finally {
      await Promise.all([anna.close(), bobby.close()]);
    }
  });

  it("is not confused with a plain one, either way round", async () => {
    const secure = testNetwork();
    secure.connect(1, `ws://127.0.0.1:${String(server.port)}`, "tester");
    const { cause } = await secure.event("rendezvous/closed");
    assert.match(cause.text, /closed the connection right away|something other than Fork Chat/);

    const clear = await fakeServer();
    const network = testNetwork({ certificate: fingerprint });
    network.connect(1, `wss://127.0.0.1:${String(clear.port)}`, "tester");
    const { cause: other } = await network.event("rendezvous/closed");
    assert.equal(other.text, `TLS handshake with 127.0.0.1:${String(clear.port)} failed`);
    assert.deepEqual(clear.clients.items, []);
  });

  it("is probed for as long as any other", async () => {
    const { port: silent } = await rawServer(() => undefined);
    for (const [port, text, limits] of [
      [silent, "isn't responding", { handshakeMs: 100 }],
      [await freePort(), "nothing is listening at", {}],
    ] as const) {
      const network = testNetwork({ limits });
      network.connect(1, `wss://127.0.0.1:${String(port)}`, "tester");
      const { cause } = await network.event("rendezvous/closed");
      assert.equal(cause.kind, "unreachable");
      assert.ok(cause.text.includes(text));
    }
  });
});
