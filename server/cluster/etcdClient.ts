// A client for the JSON gateway of etcd 3.4 and later.
import type * as v from "valibot";
import { ok } from "../../protocol/result.ts";
import type { Log } from "../base/log.ts";
import type { Etcd, EtcdResult } from "./etcd.ts";
import { EtcdCalls, type EtcdUser } from "./etcdCalls.ts";
import { EtcdHttp, type CurrentTls } from "./etcdHttp.ts";
import { Watch } from "./etcdWatch.ts";
import * as wire from "./etcdWire.ts";

export type EtcdOptions = {
  /** `http://HOST:PORT` of each member, or `https://HOST:PORT` of each. */
  readonly endpoints: readonly [string, ...string[]];
  readonly tls: CurrentTls;
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
      const { header, kvs } = result.value;
      return ok({ ...header, items: kvs });
    },

    txn: async (compare, operations) => {
      const body = { compare: compare.map(wire.wireCompare), success: operations.map(wire.wireOperation) };
      const result = await call("/v3/kv/txn", body, wire.TxnAnswer, false);
      if (!result.ok) return result;
      const { header, succeeded } = result.value;
      return ok({ ...header, succeeded });
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
      const result = await call("/v3/kv/compaction", body, wire.EmptyAnswer);
      return result.ok || result.error.code === "compacted" ? ok(null) : result;
    },

    close: () => {
      for (const watch of watches) watch.stop();
      http.close();
    },
  };
}
