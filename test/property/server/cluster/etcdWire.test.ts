import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { reportedFault } from "../../../../server/cluster/etcdFaults.ts";
import * as wire from "../../../../server/cluster/etcdWire.ts";
import { anyCharacter } from "../../../support/anyCharacter.ts";

/** Text that UTF-8 can express. */
const text = fc
  .array(
    anyCharacter.filter((character) => !/[\ud800-\udfff]/u.test(character)),
    { maxLength: 6 },
  )
  .map((characters) => characters.join(""));

const fromBase64 = (base64: string | undefined): Buffer => Buffer.from(base64 ?? "", "base64");
const ALL = Buffer.of(0);

describe("what goes to etcd", () => {
  it("names exactly the keys that start with a prefix", () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const range = wire.wireKeys({ prefix });
        const [start, end] = [fromBase64(range["key"]), fromBase64(range["range_end"])];
        for (const each of [other, prefix + other, prefix, prefix.slice(0, -1) + other]) {
          const key = Buffer.from(each);
          if (key.length === 0) continue;
          const isAfter = key.compare(start) >= 0;
          const isIn = isAfter && (end.equals(ALL) || key.compare(end) < 0);
          assert.equal(isIn, key.subarray(0, Buffer.byteLength(prefix)).equals(Buffer.from(prefix)));
        }
      }),
    );
  });

  it("comes back as it was", () => {
    const lease = fc.option(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String), { nil: undefined });
    const revision = fc.maxSafeNat();
    fc.assert(
      fc.property(text, text, revision, revision, lease, (key, value, createRevision, modRevision, id) => {
        const put = { key, value, ...(id === undefined ? {} : { lease: id }) };
        const { request_put } = wire.wireOperation({ put }) as { request_put: object };
        const kv = {
          ...{ ...request_put, create_revision: String(createRevision), mod_revision: String(modRevision) },
          version: "1",
        };
        const answer = v.parse(wire.RangeAnswer, { header: {}, kvs: [kv], count: "1" });
        assert.deepEqual(answer.kvs, [{ ...put, createRevision, modRevision }]);
      }),
    );
  });
});

describe("what comes from etcd", () => {
  const { RangeAnswer, TxnAnswer, GrantAnswer, KeepAliveAnswer, TokenAnswer, WatchAnswer } = wire;
  const schemas = [RangeAnswer, TxnAnswer, GrantAnswer, KeepAliveAnswer, TokenAnswer, WatchAnswer];
  const names = [
    "result",
    "header",
    "revision",
    "kvs",
    "key",
    "events",
    "kv",
    "mod_revision",
    "error",
    "message",
  ];
  const name = fc.constantFrom(...names, "code", "grpc_code", "responses", "TTL", "ID");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom("YQ==", "1", "-1", "99999999999999999999", true),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(name, tie("value"), { maxKeys: 6 }),
    ),
  }));

  it("is taken or refused, whatever it is", () => {
    fc.assert(
      fc.property(value, (answer) => {
        for (const schema of schemas) v.safeParse(schema, answer);
        reportedFault(answer);
      }),
    );
  });

  it("shows its error", () => {
    for (const [message, code, expected, uncertain] of [
      ["etcdserver: mvcc: required revision has been compacted", 11, "compacted", false],
      ["etcdserver: mvcc: required revision is a future revision", 11, "refused", false],
      ["etcdserver: mvcc: database space exceeded", 8, "no-space", false],
      ["etcdserver: requested lease not found", 5, "no-lease", false],
      ["etcdserver: invalid auth token", 16, "unauthenticated", false],
      ["etcdserver: revision of auth store is old", 3, "unauthenticated", false],
      ["etcdserver: permission denied", 7, "refused", false],
      ["etcdserver: request timed out", 14, "refused", true],
      ["etcdserver: leader changed", 14, "refused", true],
      ["context deadline exceeded", 4, "refused", true],
      ["context deadline exceeded", 2, "refused", true],
    ] as const) {
      const shown = { code: expected, message: `${message} (${code})`, uncertain };
      assert.deepEqual(reportedFault({ error: message, message, code }), shown);
      assert.deepEqual(reportedFault({ error: { grpc_code: code, http_code: 1, message } }), shown);
      assert.deepEqual(reportedFault({ error: { code, message, details: [] } }), shown);
    }
    for (const none of [{}, null, [], { result: {} }, { header: {}, errors: ["x"] }, { message: "x" }])
      assert.equal(reportedFault(none), undefined);
  });

  it("gives the log no endless text", () => {
    const message = "x".repeat(10_000);
    assert.ok((reportedFault({ message, code: 3 })?.message.length ?? 0) <= 200);
  });
});
