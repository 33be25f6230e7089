// What the server reads of a ClientHello before TLS does: hellos of this Node's own client, whole and damaged.
import assert from "node:assert/strict";
import { mock } from "node:test";
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

/** What makes a hello long: reading it must cost little compared with its answer. */
const LONG: readonly (readonly [what: string, extensions: Buffer])[] = [
  ["thousands of extensions", Buffer.concat(Array.from({ length: 1_900 }, (_, n) => extension(20_000 + n)))],
  // X25519 each time; the length of the list comes first.
  [
    "thousands of groups",
    extension(10, Buffer.concat([Buffer.of(0x1c, 0x20), Buffer.alloc(0x1c20, "\0\x1d")])),
  ],
];

function extension(type: number, value = Buffer.alloc(0)): Buffer {
  return Buffer.concat([
    Buffer.from([type >> 8, type & 0xff, value.length >> 8, value.length & 0xff]),
    value,
  ]);
}

/** Appends extensions to a hello in one record. */
function withMore(hello: Buffer, extensions: Buffer): Buffer {
  const longer = Buffer.concat([hello, extensions]);
  // The lengths of the record, of the hello, and of its extensions, which follow the session ID, the suites and the compressions.
  let at = 43;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  longer.writeUInt16BE(hello.readUInt16BE(3) + extensions.length, 3);
  longer.writeUIntBE(hello.readUIntBE(6, 3) + extensions.length, 6, 3);
  longer.writeUInt16BE(hello.readUInt16BE(at) + extensions.length, at);
  return longer;
}

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

  for (const [what, extensions] of LONG) {
    it(`with ${what} is read without a view of each`, async () => {
      const hello = withMore(await recordHello(), extensions);
      assert.ok(hello.length > 7_000);
      const views = mock.method(Buffer.prototype as Buffer, "subarray");
      try {
        assert.ok(isAnsweredInFull(hello));
      } finally {
        views.mock.restore();
      }
      assert.ok(views.mock.callCount() < 100, `${views.mock.callCount()} views`);
    });
  }

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
