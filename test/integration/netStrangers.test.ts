// A stranger that reaches the peer listener without an expected key gets no answer and is not read: the connection is cut
// after the handshake, before HTTP. Each case is checked from both sides.
import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { once } from "node:events";
import type { ConnectionOptions } from "node:tls";
import type { Address } from "../../protocol/fields.ts";
import { TestKey } from "../support/testKey.ts";
import { atEnd, cleanUp, testNetwork, type TestNetwork } from "./netHarness.ts";
import { answerTo, knock, listening, stranger, target, tlsTo, upgradeRequest } from "./peerHarness.ts";

/** How many connections were handed to an HTTP server of this process since: each gets a parser of its own. */
function countParsers(): () => number {
  let count = 0;
  const hook = createHook({ init: (_id, type) => (count += Number(type === "HTTPINCOMINGMESSAGE")) });
  hook.enable();
  atEnd(() => void hook.disable());
  return () => count;
}

describe("a stranger at the peer listener", () => {
  const carmen = new TestKey();
  let bobby: TestNetwork;
  let address: Address;
  let parsers: () => number;

  beforeEach(async () => {
    bobby = testNetwork();
    address = await listening(bobby, carmen);
    parsers = countParsers();
  });

  afterEach(cleanUp);

  function refusals(): string[] {
    return bobby.logged.filter((line) => line.startsWith("Refused"));
  }

  /** Bobby's side: he refused for this reason, told the core nothing, read no HTTP, and still lets carmen in. */
  async function assertRefused(why: RegExp, times = 1): Promise<void> {
    assert.equal(refusals().length, times);
    for (const line of refusals()) assert.match(line, why);
    assert.equal(parsers(), 0);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
    await stranger(address, carmen);
    await bobby.event("link/connected");
    assert.equal(parsers(), 1);
  }

  /** What is heard inside TLS after asking for the upgrade. */
  async function heard(key: TestKey | null, options: ConnectionOptions = {}): Promise<string> {
    return answerTo(await tlsTo(address, key, options), upgradeRequest());
  }

  it("without a certificate is cut, and gets no byte in return", async () => {
    assert.equal(await heard(null), "");
    await assertRefused(/: no key$/);
  });

  it("with an unexpected key is cut, and gets no byte in return", async () => {
    assert.equal(await heard(new TestKey()), "");
    await assertRefused(/: not an expected key$/);
  });

  it("with a formerly expected key is cut as well", async () => {
    bobby.expect([]);
    assert.equal(await heard(carmen), "");
    bobby.expect([target(carmen).pin]);
    await assertRefused(/: not an expected key$/);
  });

  it("that does not offer the protocol in ALPN is cut, even with the right key", async () => {
    assert.equal(await heard(carmen, { ALPNProtocols: [] }), "");
    await assertRefused(/: another protocol$/);
  });

  for (const protocol of ["http/1.1", "h2", "fork-chat/1"]) {
    it(`that offers ${protocol} in ALPN gets no handshake, even with the right key`, async () => {
      await assert.rejects(heard(carmen, { ALPNProtocols: [protocol] }), /protocol/i);
      await assertRefused(/: no handshake \(ERR_SSL_NO_APPLICATION_PROTOCOL\)$/);
    });
  }

  it("that speaks only TLS 1.2 gets no handshake, even with the right key", async () => {
    const old = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
    await assert.rejects(heard(carmen, old), /protocol/i);
    await assertRefused(/: no handshake \(ERR_SSL_UNSUPPORTED_PROTOCOL\)$/);
  });

  it("that resumes a session is cut, although its first connection was accepted", async () => {
    const first = await tlsTo(address, carmen);
    const [session] = (await once(first, "session")) as [Buffer];
    first.destroy();
    const second = await tlsTo(address, carmen, { session });
    assert.ok(second.isSessionReused(), "the session was resumed");
    const seen = parsers();
    assert.equal(await answerTo(second, upgradeRequest()), "");
    assert.deepEqual(refusals(), ["Refused a peer connection: a resumed session"]);
    assert.equal(parsers(), seen);
    assert.deepEqual(bobby.types(), ["listener/ready"]);
  });

  it("without TLS gets no HTTP answer", async () => {
    const requests = [
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /peer HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost\r\nContent-Length: 0\r\n\r\n",
      upgradeRequest(),
      upgradeRequest({ Origin: "http://127.0.0.1" }),
      "SSH-2.0-x\r\n\r\n",
      "\u0016\u0003\u0001\u0000\u0005hello",
    ];
    for (const request of requests) {
      // At most an alert of TLS: what is wrong, in seven bytes.
      assert.match(await answerTo(await knock(address), request), /^(\u0015\u0003[^]{5})?$/);
    }
    await assertRefused(/: no handshake \(ERR_SSL_[A-Z0-9_]+\)$/, requests.length);
  });
});
