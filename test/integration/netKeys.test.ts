// What a window's network says when its key is no good, or when TLS does not do here what the private sessions rest on.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import tls from "node:tls";
import * as v from "valibot";
import { Token } from "../../protocol/fields.ts";
import { TestKey } from "../support/testKey.ts";
import { atEnd, cleanUp, connected, fakeServer, rawServer, testNetwork } from "./netHarness.ts";
import { failureOf, listening, target } from "./peerHarness.ts";

const ticket = v.parse(Token, "t".repeat(32));

/** A key as PKCS #8 in PEM. */
function pemOf(make: () => { privateKey: ReturnType<typeof generateKeyPairSync>["privateKey"] }): string {
  return make().privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

const badKeys = {
  "of another curve": pemOf(() => generateKeyPairSync("ec", { namedCurve: "P-384" })),
  "of another kind": pemOf(() => generateKeyPairSync("ed25519")),
  "that is garbage": "-----BEGIN PRIVATE KEY-----\nZ2FyYmFnZQ==\n-----END PRIVATE KEY-----\n",
  "that is nothing": "",
};

describe("a network whose key cannot be used", () => {
  afterEach(cleanUp);

  for (const [what, pem] of Object.entries(badKeys)) {
    it(`reports a key ${what}, whatever needs it, and connects nowhere`, async () => {
      let knocks = 0;
      const { port } = await rawServer(() => knocks++);
      const relay = { server: `ws://127.0.0.1:${String(port)}`, ticket };
      const network = testNetwork({ pem });
      const damaged = "the key that VS Code stores for this name is damaged";

      network.listen("tester", "loopback", null);
      const { text } = await network.event("listener/failed");
      assert.equal(text, `Private sessions aren't working: ${damaged}. Retrying.`);
      network.meetAtRelay(relay, target(network).pin);
      network.dial("d1", { ...target(new TestKey(), { host: "127.0.0.1", port }), relay });
      assert.equal(await failureOf(network, "d1"), damaged);

      const server = await fakeServer();
      await connected(network, server);
      network.join(1, { name: "anna" });
      const { cause } = await network.event("rendezvous/closed");
      assert.deepEqual(cause, { kind: "rejected", text: "VS Code didn't provide the key to join with" });
      assert.equal(knocks, 0);
      assert.deepEqual(server.received.items, []);
      const secret = pem.split("\n")[1] ?? "";
      assert.ok(secret === "" || !network.logged.join().includes(secret));
    });
  }

  it("reports nothing more about a connection that was closed in the meantime", async () => {
    const server = await fakeServer();
    const network = testNetwork({ pem: "" });
    await connected(network, server);
    network.join(1, { name: "anna" });
    network.disconnect(1, "quit");
    network.listen("tester", "loopback", null);
    await network.event("listener/failed");
    assert.deepEqual(network.types(), ["rendezvous/opened", "listener/failed"]);
  });
});

describe("a network whose HTTP is redirected", () => {
  afterEach(cleanUp);

  it("sends no byte of a link there", async () => {
    let leaked = 0;
    const elsewhere = await rawServer((socket) => socket.on("data", (data) => (leaked += data.length)));
    const [anna, bobby] = [testNetwork(), testNetwork()];
    const address = await listening(bobby, anna);
    await listening(anna, bobby);
    const original = http.request;
    atEnd(() => void Object.assign(http, { request: original }));
    Object.assign(http, {
      request: ({ createConnection, socketPath, ...rest }: http.RequestOptions) => {
        assert.ok(createConnection);
        assert.ok(socketPath);
        return original({ ...rest, agent: new http.Agent(), host: "127.0.0.1", port: elsewhere.port });
      },
    });
    anna.dial("d1", target(bobby, address));
    assert.equal(
      await failureOf(anna, "d1"),
      `something other than Fork Chat is listening at 127.0.0.1:${String(address.port)}`,
    );
    assert.equal(leaked, 0);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });
});

describe("a network whose TLS does not work as required", () => {
  afterEach(cleanUp);

  /** Replaces `tls.connect`, as VS Code does in its extension host, by one that changes the options. */
  function replaceConnect(change: (options: tls.ConnectionOptions) => tls.ConnectionOptions): void {
    const original = tls.connect;
    Object.assign(tls, { connect: (options: tls.ConnectionOptions) => original(change(options)) });
    syncBuiltinESMExports();
    atEnd(() => {
      Object.assign(tls, { connect: original });
      syncBuiltinESMExports();
    });
  }

  for (const [what, context] of [
    ["shows no certificate", {}],
    ["speaks an old version", { maxVersion: "TLSv1.2" }],
  ] as const) {
    it(`reports it when TLS ${what}, and neither listens nor dials`, async () => {
      let knocks = 0;
      const { port } = await rawServer(() => knocks++);
      replaceConnect((options) => ({ ...options, secureContext: tls.createSecureContext(context) }));
      const network = testNetwork();
      network.listen("tester", "loopback", null);
      const { text } = await network.event("listener/failed");
      const sentence =
        /TLS 1\.3 with client certificates doesn't work in this VS Code \([^()]+(\([A-Z_]+\))?\)/;
      assert.match(text, new RegExp(`^Private sessions aren't working: ${sentence.source}\\. Retrying\\.$`));
      network.dial("d1", target(new TestKey(), { host: "127.0.0.1", port }));
      assert.match(await failureOf(network, "d1"), new RegExp(`^${sentence.source}$`));
      assert.equal(knocks, 0);
      assert.deepEqual(network.types(), ["listener/failed", "link/failed"]);
    });
  }

  it("retries automatically, and listens once it works", async () => {
    let attempts = 0;
    const broken = tls.createSecureContext({});
    replaceConnect((options) => (++attempts <= 3 ? { ...options, secureContext: broken } : options));
    const network = testNetwork({ limits: { listenRetryMs: 5 } });
    network.listen("tester", "loopback", null);
    await network.event("listener/ready");
    assert.deepEqual(network.types(), ["listener/failed", "listener/ready"], "it is said once");
    assert.equal(attempts, 4);
  });

  it("retries at the next fork, long before its timer, and then opens both listener and link", async () => {
    let works = false;
    const broken = tls.createSecureContext({});
    const bobby = testNetwork();
    const anna = testNetwork({ limits: { listenRetryMs: 3_600_000, longestListenRetryMs: 3_600_000 } });
    const address = await listening(bobby, anna.key);
    replaceConnect((options) => (works ? options : { ...options, secureContext: broken }));
    anna.listen("tester", "loopback", null);
    await anna.event("listener/failed");
    anna.dial("d1", target(bobby.key, address));
    assert.match(await failureOf(anna, "d1"), /^TLS 1\.3 with client certificates/u);
    works = true;
    anna.dial("d2", target(bobby.key, address));
    await anna.event("link/connected");
    await anna.event("listener/ready");
  });

  it("is not declared broken because the window was busy while its transports were tested", async () => {
    const stall = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
    let attempts = 0;
    replaceConnect((options) => {
      // The handshake begins, then this process blocks until the handshake has timed out.
      if (++attempts === 1) queueMicrotask(stall);
      return options;
    });
    const network = testNetwork({ limits: { selfTestMs: 500, listenRetryMs: 5 } });
    network.listen("tester", "loopback", null);
    const { text } = await network.event("listener/failed");
    assert.match(text, /it timed out/u);
    await network.event("listener/ready");
  });

  it("stops retrying when listening is no longer wanted", async () => {
    let attempts = 0;
    const broken = tls.createSecureContext({});
    replaceConnect((options) => {
      attempts += 1;
      return { ...options, secureContext: broken };
    });
    const network = testNetwork({ limits: { listenRetryMs: 5 } });
    network.listen("tester", "loopback", null);
    await network.event("listener/failed");
    network.stopListening();
    const before = attempts;
    await delay(100);
    assert.ok(attempts <= before + 1);
    await network.dispose();
  });
});
