// A window's identity: what its certificate reveals, and what the transports' self-test finds when something is wrong.
import assert from "node:assert/strict";
import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { createTurns } from "../../../../extension/net/dial/handshakeGuard.ts";
import { makeIdentity, pinOf } from "../../../../extension/net/identity/identity.ts";
import { netLimits } from "../../../../extension/net/dial/netLimits.ts";
import type { TlsContext } from "../../../../extension/net/identity/peerTls.ts";
import { testTransports } from "../../../../extension/net/identity/transportSelfTest.ts";
import { TestKey } from "../../../support/testKey.ts";

describe("an identity", () => {
  it("is defined by its key, and signs with it", async () => {
    const key = new TestKey();
    const identity = await makeIdentity(key.pem);
    assert.deepEqual([identity.pin, identity.spki], [key.pin, key.spki]);
    assert.equal(pinOf(Buffer.from(key.spki, "base64url")), key.pin);
    const signature = Buffer.from(identity.sign("Grüße"), "base64url");
    const publicKey = { key: createPublicKey(key.publicPem), dsaEncoding: "ieee-p1363" } as const;
    assert.ok(verify("sha256", Buffer.from("Grüße"), publicKey, signature));
  });

  it("shows a certificate without user or machine names, and a different one each time", async () => {
    const key = new TestKey();
    const [first, second] = [await makeIdentity(key.pem), await makeIdentity(key.pem)];
    const shown = new X509Certificate(first.certificate);
    assert.deepEqual([shown.subject, shown.issuer], ["CN=fork-chat", "CN=fork-chat"]);
    assert.equal(shown.subjectAltName, undefined);
    assert.deepEqual([shown.publicKey.asymmetricKeyType, shown.ca], ["ec", false]);
    assert.ok(shown.verify(shown.publicKey), "it is signed with its own key");
    assert.ok(Date.parse(shown.validFrom) < Date.now() - 3_600_000, "a clock may be an hour behind");
    assert.notEqual(first.certificate, second.certificate);
    assert.equal(pinOf(shown.publicKey.export({ type: "spki", format: "der" })), key.pin);
  });
});

const within = (selfTestMs: number): TlsContext => ({
  limits: { ...netLimits, selfTestMs },
  turns: createTurns(),
});
const TIME = within(10_000);

describe("the transport self-test", () => {
  const failure = "TLS 1.3 with client certificates doesn't work in this VS Code";

  it("runs once per identity", async () => {
    const identity = await makeIdentity(new TestKey().pem);
    const test = testTransports(identity, TIME);
    assert.equal(testTransports(identity, TIME), test);
    await test;
    assert.equal(testTransports(identity, TIME), test);
  });

  it("runs again after a failure", async () => {
    const identity = await makeIdentity(new TestKey().pem);
    await assert.rejects(testTransports(identity, within(0)), { message: `${failure} (it timed out)` });
    await testTransports(identity, TIME);
  });

  it("fails when the certificate does not belong to the key", async () => {
    const [identity, other] = [await makeIdentity(new TestKey().pem), await makeIdentity(new TestKey().pem)];
    const client = { ...identity, context: other.context };
    const server = { ...identity, key: other.key, certificate: other.certificate };
    await assert.rejects(testTransports(client, TIME), { message: `${failure} (not an expected key)` });
    await assert.rejects(testTransports(server, TIME), { message: `${failure} (wrong-key)` });
  });
});
