// What passes the gate between a wire and its messages, and what does not.
import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, utf8Length, validate } from "../../../protocol/codec.ts";
import { PeerMessage } from "../../../protocol/peer.ts";
import { ClientMessage } from "../../../protocol/rendezvous.ts";
import { PageMessage } from "../../../protocol/webview.ts";
import { sid, TOKEN } from "../../support/core.ts";
import { channels, type Schema } from "../../support/messageSamples.ts";
import { page } from "../../support/pageSamples.ts";
import { peer } from "../../support/peerSamples.ts";
import { client } from "../../support/rendezvousSamples.ts";

/** Bytes arrive at the page's host as they are. */
const withBytes = (key: string, value: unknown): unknown =>
  key === "bytes" && typeof value === "object" && value !== null
    ? Uint8Array.from(Object.values(value).map(Number))
    : value;

for (const [channel, schema, samples] of channels) {
  /** Between the page and its host, messages are objects, without the bounds of a wire. */
  const read = (raw: string): ReturnType<typeof decode> =>
    channel.endsWith("the page") ? validate(schema, JSON.parse(raw, withBytes)) : decode(schema, raw);

  describe(`messages ${channel}`, () => {
    for (const [type, messages] of Object.entries(samples)) {
      it(`${type} arrives as it was sent`, () => {
        for (const sample of messages) {
          assert.deepEqual(read(JSON.stringify(sample)), { ok: true, value: sample });
        }
      });

      it(`${type} arrives without undeclared fields`, () => {
        for (const sample of messages) {
          const raw = JSON.stringify({ ...sample, surplus: 1, constructor: 2 });
          assert.deepEqual(read(raw.replace("{", '{"__proto__":{"admin":true},')), {
            ok: true,
            value: sample,
          });
        }
      });

      it(`${type} with a field of the wrong type is rejected`, () => {
        for (const sample of messages) {
          for (const field of Object.keys(sample)) {
            // A part that is none here is dropped.
            if (field === "type" || field === "part") continue;
            const result = validate(schema, { ...sample, [field]: Symbol.iterator });
            assert.ok(!result.ok && result.error.code === "bad-message", field);
          }
        }
      });
    }

    it("of an unknown type are not reported as invalid", () => {
      const codes = ['{"type":"nothing"}', '{"type":7}', "{}", "[]", "null", "7", '"text"', "{", ""].map(
        (raw) => {
          const result = decode(schema, raw);
          return result.ok ? "ok" : result.error.code;
        },
      );
      assert.deepEqual(codes, [
        "unknown-type",
        ...Array.from({ length: 6 }, () => "bad-message"),
        "bad-json",
        "bad-json",
      ]);
    });

    it("never throw on any text", () => {
      const texts = fc.oneof(fc.string(), fc.json());
      fc.assert(fc.property(texts, (raw) => !decode(schema, raw).ok));
    });
  });
}

describe("a field out of its bounds is rejected", () => {
  for (const [what, schema, value] of [
    ["a number of a message that is no whole one", PeerMessage, { ...peer.message[0], seq: 1.5 }],
    ["a number below 1", PeerMessage, { ...peer.message[0], seq: 0 }],
    ["a number beyond the safe ones", PeerMessage, { ...peer.ack[0], received: 2 ** 53 }],
    ["a time before 1970", PeerMessage, { ...peer.message[0], at: -1 }],
    ["an id with a blank", ClientMessage, { ...client.say[0], id: "a b" }],
    ["an id that is too long", ClientMessage, { ...client.say[0], id: "a".repeat(65) }],
    ["an id that goes on in another line", ClientMessage, { ...client.say[0], id: "a\n" }],
    ["a session id that is too short", PeerMessage, { ...peer.hello[0], sid: "short" }],
    ["a token that could be guessed", ClientMessage, { ...client.join[0], resume: "guess" }],
    ["a host name in a card", ClientMessage, accept([{ host: "example.org", port: 1 }])],
    ["port 0 in a card", ClientMessage, accept([{ host: "127.0.0.1", port: 0 }])],
    [
      "a card with too many addresses",
      ClientMessage,
      accept(Array.from({ length: 17 }, () => ({ host: "127.0.0.1", port: 1 }))),
    ],
    ["an optional field that is null", ClientMessage, { ...client.join[0], resume: null }],
    ["a negative session number", PageMessage, { ...page.activate[0], session: -1 }],
    ["a command that the page may not run", PageMessage, { type: "run", command: "quit" }],
  ] as const) {
    it(what, () => {
      const result = decode<Schema>(schema, JSON.stringify(value));
      assert.equal(!result.ok && result.error.code, "bad-message");
    });
  }

  it("and the error does not quote what was received", () => {
    const secret = "s3cret";
    for (const raw of [
      JSON.stringify({ ...client.say[0], id: `${secret} ${secret}` }),
      JSON.stringify({ type: secret }),
      `{"type":"say","text":"${secret}`,
    ]) {
      const result = decode(ClientMessage, raw);
      assert.equal(!result.ok && result.error.detail.includes(secret), false);
      assert.equal(result.ok, false);
    }
  });
});

describe("the length of a text in UTF-8", () => {
  const text = (units: fc.Arbitrary<number>): fc.Arbitrary<string> =>
    fc.array(units, { maxLength: 50 }).map((codes) => String.fromCharCode(...codes));

  it("equals its encoded length, for any text", () => {
    const anything = text(fc.integer({ min: 0, max: 0xffff }));
    fc.assert(fc.property(anything, (sample) => utf8Length(sample) === Buffer.byteLength(sample)));
  });

  it("counts lone surrogates as their replacement", () => {
    const halves = text(fc.integer({ min: 0xd7fe, max: 0xe001 }));
    fc.assert(fc.property(halves, (sample) => utf8Length(sample) === Buffer.byteLength(sample)));
    assert.equal(utf8Length("\ud800"), 3);
    assert.equal(utf8Length("\udc00\ud800"), 6);
    assert.equal(utf8Length("🙂"), 4);
  });
});

function accept(addresses: unknown[]): unknown {
  return { type: "accept", sid: sid("bobby"), card: { addresses, token: TOKEN } };
}
