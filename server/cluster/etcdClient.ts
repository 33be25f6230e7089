// A client for the JSON gateway of etcd 3.4 and later.
import type * as v from "valibot";
import { ok } from "../../protocol/result.ts";
import type { Log } from "../base/log.ts";
import type { Etcd, EtcdResult, Header } from "./etcd.ts";
import { EtcdCalls, type EtcdUser } from "./etcdCalls.ts";
import { EtcdHttp, type EtcdTls } from "./etcdHttp.ts";
import { Watch } from "./etcdWatch.ts";
import * as wire from "./etcdWire.ts";

export type EtcdOptions = {
  /** `http://HOST:PORT` of each member, or `https://HOST:PORT` of each. */
  readonly endpoints: readonly [string, ...string[]];
  readonly tls?: EtcdTls;
  readonly user?: EtcdUser;
  readonly log: Log;
};

/** A call on its way to a leader that dies has no answer. The others, made during an election, wait for its end. */
const CALL_MS = 1_500;

/** Short, so that several members can be asked before a lease ends. */
const KEEP_ALIVE_MS = 1_000;

export function openEtcd({ endpoints, tls, user, log }: EtcdOptions): Etcd {
  const http = new EtcdHttp(endpoints[0].startsWith("https:"), tls);
  const calls = new EtcdCalls({ endpoints, http, user, log });
  const watches = new Set<Watch>();
  const call = <Schema extends v.GenericSchema>(
    path: string,
    body: unknown,
    schema: Schema,
    isRepeatable = true,
    timeoutMs = CALL_MS,
  ): Promise<EtcdResult<v.InferOutput<Schema>>> =>
    calls.call({ path, body, schema, isRepeatable, timeoutMs });

  return {
    range: async (keys, options = {}) => {
      const result = await call("/v3/kv/range", wire.wireRange({ ...keys, ...options }), wire.RangeAnswer);
      if (!result.ok) return result;
      const { header, kvs, more } = result.value;
      return ok({ ...header, items: kvs, more });
    },

    txn: async (compare, success, failure = []) => {
      const body = {
        compare: compare.map(wire.wireCompare),
        success: success.map(wire.wireOperation),
        failure: failure.map(wire.wireOperation),
      };
      const onlyReads = [...success, ...failure].every((operation) => "range" in operation);
      const result = await call("/v3/kv/txn", body, wire.TxnAnswer, onlyReads);
      if (!result.ok) return result;
      const { header, succeeded, responses } = result.value;
      const ranges = responses.flatMap(({ response_range }) =>
        response_range === undefined ? [] : [response_range.kvs],
      );
      return ok({ ...header, succeeded, ranges });
    },

    grantLease: async (ttlSeconds) => {
      const result = await call("/v3/lease/grant", { TTL: String(ttlSeconds) }, wire.GrantAnswer, false);
      return result.ok ? ok(result.value.ID) : result;
    },

    keepAlive: async (lease) => {
      const body = { ID: lease };
      const result = await call("/v3/lease/keepalive", body, wire.KeepAliveAnswer, true, KEEP_ALIVE_MS);
      return result.ok ? ok(result.value.result.TTL) : result;
    },

    revokeLease: async (lease) =>
      nullUnless("no-lease", await call("/v3/lease/revoke", { ID: lease }, wire.EmptyAnswer)),

    watch: (keys, fromRevision, handlers) => {
      const watch = new Watch(calls, keys, fromRevision, {
        ...handlers,
        onEnd: (end) => {
          watches.delete(watch);
          handlers.onEnd(end);
        },
      });
      watches.add(watch);
      return () => {
        watches.delete(watch);
        watch.stop();
      };
    },

    compact: async (revision) => {
      const body = { revision: String(revision) };
      return nullUnless("compacted", await call("/v3/kv/compaction", body, wire.EmptyAnswer));
    },

    status: async () => {
      const result = await call("/v3/maintenance/status", {}, wire.StatusAnswer);
      if (!result.ok) return result;
      const { header, version, leader, dbSize, errors } = result.value;
      return ok({ ...header, version, dbBytes: dbSize, errors, ...(leader === undefined ? {} : { leader }) });
    },

    close: () => {
      for (const watch of watches) watch.stop();
      http.close();
    },
  };
}

/** Success without a value, also for the error that says that the work was done before. */
function nullUnless(
  done: "no-lease" | "compacted",
  result: EtcdResult<{ readonly header: Header }>,
): EtcdResult<null> {
  return result.ok || result.error.code === done ? ok(null) : result;
}
