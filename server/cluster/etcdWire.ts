// What goes over the wire to etcd's JSON gateway: 64-bit numbers are text, keys and values are in base64, and a field with its
// default value is left out.
import * as v from "valibot";
import type { Compare, Keys, Operation, RangeOptions } from "./etcd.ts";

const Id = v.pipe(v.string(), v.regex(/^-?\d{1,20}$/));

/** A revision or a size. JavaScript's numbers are exact up to 2^53; a revision gets there after a million years. */
const Count = v.pipe(v.string(), v.regex(/^\d{1,19}$/), v.transform(Number), v.safeInteger());

/** Bytes that are not text become other text, which no seal fits: a stranger who writes them must not stop a watch. */
const Base64 = v.pipe(
  v.string(),
  v.check((text) => text.length % 4 === 0),
  v.regex(/^[A-Za-z0-9+/]*={0,2}$/),
  v.transform((text) => Buffer.from(text, "base64").toString()),
);

const WireHeader = v.object({ revision: v.optional(Count, "0") });

const WireKeyValue = v.pipe(
  v.object({
    key: Base64,
    value: v.optional(Base64, ""),
    create_revision: Count,
    mod_revision: Count,
    lease: v.optional(Id),
  }),
  v.transform(({ key, value, create_revision, mod_revision, lease }) => ({
    ...{ key, value, createRevision: create_revision, modRevision: mod_revision },
    ...(lease === undefined ? {} : { lease }),
  })),
);

/** Puts are most of them, so they are tried first. */
const WireEvent = v.union([
  v.pipe(
    v.object({ type: v.optional(v.literal("PUT")), kv: WireKeyValue }),
    v.transform(({ kv }) => ({ kind: "put" as const, ...kv })),
  ),
  v.pipe(
    v.object({ type: v.literal("DELETE"), kv: v.object({ key: Base64, mod_revision: Count }) }),
    v.transform(({ kv }) => ({ kind: "delete" as const, key: kv.key, modRevision: kv.mod_revision })),
  ),
]);

export const RangeAnswer = v.object({ header: WireHeader, kvs: v.optional(v.array(WireKeyValue), []) });

export const TxnAnswer = v.object({ header: WireHeader, succeeded: v.optional(v.boolean(), false) });

export const GrantAnswer = v.object({ ID: Id });

export const KeepAliveAnswer = v.object({ result: v.object({ TTL: v.optional(Count, "0") }) });

/** An answer of which nothing is needed. */
export const EmptyAnswer = v.object({ header: WireHeader });

/** The token goes into a header. */
export const TokenAnswer = v.object({
  token: v.pipe(v.string(), v.maxLength(8192), v.regex(/^[\x21-\x7e]+$/)),
});

/** A line of a watch. */
export const WatchAnswer = v.object({
  result: v.object({
    header: WireHeader,
    created: v.optional(v.boolean(), false),
    canceled: v.optional(v.boolean(), false),
    cancel_reason: v.optional(v.string(), ""),
    compact_revision: v.optional(Count, "0"),
    fragment: v.optional(v.boolean(), false),
    events: v.optional(v.array(WireEvent), []),
  }),
});

/** The gateway reports an error in one way for a single answer, in another for a stream; etcd 3.6 has a third one. */
export const ErrorAnswer = v.union([
  v.object({ message: v.string(), code: v.number() }),
  v.pipe(
    v.object({ error: v.object({ message: v.string(), grpc_code: v.number() }) }),
    v.transform(({ error }) => ({ message: error.message, code: error.grpc_code })),
  ),
  v.pipe(
    v.object({ error: v.object({ message: v.string(), code: v.number() }) }),
    v.transform(({ error }) => error),
  ),
]);

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function wireKeys(keys: Keys): Record<string, string> {
  if ("key" in keys) return { key: encode(keys.key) };
  const end = Buffer.from(keys.prefix);
  // No byte of UTF-8 is 255.
  if (end.length > 0) end.writeUInt8(end.readUInt8(end.length - 1) + 1, end.length - 1);
  return end.length > 0
    ? { key: encode(keys.prefix), range_end: end.toString("base64") }
    : { key: encode("\0"), range_end: encode("\0") };
}

export function wireRange({ revision, ...keys }: Keys & RangeOptions): Record<string, string> {
  return {
    ...wireKeys(keys),
    ...(revision === undefined ? {} : { revision: String(revision) }),
  };
}

export function wireCompare(compare: Compare): Record<string, string> {
  const base = { key: encode(compare.key), result: "EQUAL" };
  return "createRevision" in compare
    ? { ...base, target: "CREATE", create_revision: String(compare.createRevision) }
    : { ...base, target: "MOD", mod_revision: String(compare.modRevision) };
}

export function wireOperation(operation: Operation): Record<string, unknown> {
  if ("delete" in operation) return { request_delete_range: wireKeys(operation.delete) };
  const { key, value, lease } = operation.put;
  return {
    request_put: {
      ...{ key: encode(key), value: encode(value) },
      ...(lease === undefined ? {} : { lease }),
    },
  };
}
