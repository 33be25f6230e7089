// What the cluster needs of etcd: revisions, conditional transactions, leases and watches.
import type { Result } from "../../protocol/result.ts";

/** `revision`: the engine's, when it answered. */
export type Header = { readonly revision: number };

export type EtcdErrorCode =
  /** No connection, or it broke before the answer. */
  | "unreachable"
  /** No answer in time. */
  | "timeout"
  /** etcd answered with an error. */
  | "refused"
  /** The answer is too large, or is not one of etcd's. */
  | "invalid"
  /** The name and password, or the certificate, are not accepted. */
  | "unauthenticated"
  /** The revision is older than the last compaction. */
  | "compacted"
  /** The lease of a put has expired or was revoked. */
  | "no-lease"
  /** The engine's disk quota is used up: it takes no puts until an administrator clears the alarm. */
  | "no-space";

export type EtcdError = {
  readonly code: EtcdErrorCode;
  /** For the log. Holds no keys, values or passwords. */
  readonly message: string;
  /** Whether the engine may have made the change, or may still make it. Always false for a call that only reads. */
  readonly inDoubt: boolean;
};

export type EtcdResult<T> = Result<T, EtcdError>;

export type KeyValue = {
  readonly key: string;
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  /** A 64-bit number as text; undefined: none. */
  readonly lease?: string;
};

/** The one key, or every key that starts with the prefix. */
export type Keys = { readonly key: string } | { readonly prefix: string };

export type RangeOptions = {
  /** Reads the keys as they were at this revision. */
  readonly revision?: number;
};

export type Range = Header & { readonly items: readonly KeyValue[] };

/** True if all is equal. A key that does not exist has the revisions 0. */
export type Compare = { readonly key: string } & (
  { readonly createRevision: number } | { readonly modRevision: number }
);

export type Operation =
  | { readonly put: { readonly key: string; readonly value: string; readonly lease?: string } }
  | { readonly delete: Keys };

/** `succeeded`: whether every comparison was true, so that the operations were done. */
export type Txn = Header & { readonly succeeded: boolean };

export type WatchEvent =
  | ({ readonly kind: "put" } & KeyValue)
  | { readonly kind: "delete"; readonly key: string; readonly modRevision: number };

export type WatchEnd =
  /** The events from the asked revision on are gone. `revision` is the first one that still can be watched. */
  | { readonly reason: "compacted"; readonly revision: number }
  /** The engine ended it, or does not permit it. */
  | { readonly reason: "canceled"; readonly message: string }
  /** The connection broke, the engine fell silent or lost its leader, or its answer was invalid. Watch again. */
  | { readonly reason: "lost"; readonly error: EtcdError };

export type WatchHandlers = {
  /** All events of one revision. Revisions increase from call to call. */
  readonly onEvents: (revision: number, events: readonly WatchEvent[]) => void;
  /**
   * The engine answered: when the watch begins, and then after each silence. Its revision says nothing about which events
   * were delivered. A revision below one that is known means that this member is behind, or that the engine lost data.
   */
  readonly onAlive?: (header: Header) => void;
  /** Called once, unless the watch was stopped. Nothing is called after it. */
  readonly onEnd: (end: WatchEnd) => void;
};

export type Etcd = {
  readonly range: (keys: Keys, options?: RangeOptions) => Promise<EtcdResult<Range>>;
  readonly txn: (compare: readonly Compare[], operations: readonly Operation[]) => Promise<EtcdResult<Txn>>;
  /** The lease's ID. */
  readonly grantLease: (ttlSeconds: number) => Promise<EtcdResult<string>>;
  /** The seconds it has left; 0: it is gone. */
  readonly keepAlive: (lease: string) => Promise<EtcdResult<number>>;
  /** Calls with the events from this revision on. Returns a function that stops it. */
  readonly watch: (keys: Keys, fromRevision: number, handlers: WatchHandlers) => () => void;
  /** Forgets what was before this revision. Succeeds if that was forgotten before. */
  readonly compact: (revision: number) => Promise<EtcdResult<null>>;
  /** Ends all connections. Calls that wait end as `unreachable`, and watches stop. */
  readonly close: () => void;
};
