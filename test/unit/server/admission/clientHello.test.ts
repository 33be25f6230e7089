// What the server reads of a ClientHello before TLS does: hellos of this Node's own client, whole and damaged.
import assert from "node:assert/strict";
import type { ConnectionOptions } from "node:tls";
import { isAnsweredInFull, isFirstRecordComplete } from "../../../../server/admission/clientHello.ts";
import { recordHello } from "../../../support/recordedHello.ts";

const HELLOS: readonly (readonly [what: string, options: ConnectionOptions, inFull: boolean])[] = [
  ["of TLS 1.3 with X25519", { ecdhCurve: "X25519" }, true],
  ["of TLS 1.3 with P-256", { ecdhCurve: "P-256" }, true],
  ["of TLS 1.3 alone", { minVersion: "TLSv1.3" }, true],
  ["with a server name and a protocol", { servername: "chat.example", ALPNProtocols: ["http/1.1"] }, true],
  ["of TLS 1.2", { maxVersion: "TLSv1.2" }, false],
  ["with a key share of no group in use", { ecdhCurve: "X448:X25519" }, false],
  ["with a key share of a group that the server likes less", { ecdhCurve: "P-256:X25519" }, false],
  ["of no group in use", { ecdhCurve: "X448" }, false],
];

describe("a ClientHello", () => {
  for (const [what, options, inFull] of HELLOS) {
    it(`${what} is ${inFull ? "" : "not "}answered in full`, async () => {
      assert.equal(isAnsweredInFull(await recordHello(options)), inFull);
    });
  }

  it("is complete with its last byte", async () => {
    const hello = await recordHello();
    for (let n = 0; n < hello.length; n++) assert.ok(!isFirstRecordComplete(hello.subarray(0, n)), String(n));
    assert.ok(isFirstRecordComplete(hello));
    assert.ok(isFirstRecordComplete(Buffer.concat([hello, hello])));
  });

  it("is not waited for when something else comes", () => {
    assert.ok(isFirstRecordComplete(Buffer.from("GET / HTTP/1.1\r\n")));
    assert.ok(!isAnsweredInFull(Buffer.from("GET / HTTP/1.1\r\n")));
  });

  it("that is cut short anywhere, or goes on in a second record, is not answered in full", async () => {
    const hello = await recordHello();
    const body = hello.subarray(5);
    for (let n = 0; n < body.length; n++) {
      const head = Buffer.from([22, 3, 1, n >> 8, n & 0xff]);
      assert.ok(!isAnsweredInFull(Buffer.concat([head, body.subarray(0, n)])), String(n));
      assert.ok(!isAnsweredInFull(hello.subarray(0, n)), String(n));
    }
  });

  it("with a key share but without TLS 1.3 is not answered in full", async () => {
    const hello = await recordHello({ minVersion: "TLSv1.3" });
    // The extension: its type, its length, the length of the list, TLS 1.3.
    const versions = hello.indexOf(Buffer.from([0, 43, 0, 3, 2, 3, 4]));
    hello[versions + 6] = 3;
    assert.ok(!isAnsweredInFull(hello));
  });

  it("with any byte changed is read without an error", async () => {
    const hello = await recordHello();
    for (let n = 0; n < hello.length; n++) {
      for (const value of [0, 0x7f, 0xff]) {
        const changed = Buffer.from(hello);
        changed[n] = value;
        isFirstRecordComplete(changed);
        isAnsweredInFull(changed);
      }
    }
  });
});
