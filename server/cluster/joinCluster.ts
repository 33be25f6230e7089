// Takes part in a lobby of several servers, with the engine and the secret that the options name.
import * as v from "valibot";
import type { Settings } from "../../protocol/cluster.ts";
import { Epoch } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { ok, type Result } from "../../protocol/result.ts";
import type { Log } from "../base/log.ts";
import { randomId } from "../base/randomIds.ts";
import { Timers } from "../base/timers.ts";
import type { Host, Membership } from "../hall/hostedLobby.ts";
import { ClusterNode } from "./clusterNode.ts";
import { openEtcd, type EtcdOptions } from "./etcdClient.ts";
import { Seal } from "./seal.ts";

export type Engine = Omit<EtcdOptions, "log"> & {
  /** The lobby's name in the engine. */
  readonly lobby: string;
  /** What only the servers of this lobby know. */
  readonly secret: string;
  /** `HOST:PORT` where other servers reach this one; empty: they cannot. */
  readonly link: string;
};

export type JoinOptions = {
  readonly historyBytes: number;
  readonly newcomerMessages: number;
  readonly framesPerSecond: number;
  readonly lobbyBytesPerSecond: number;
  readonly log: Log;
};

/** Resolves when the lobby is open. The error is a sentence. */
export async function joinCluster(
  { lobby, secret, link, ...engine }: Engine,
  options: JoinOptions,
  host: Host,
): Promise<Result<Membership, string>> {
  const { log } = options;
  const etcd = openEtcd({ ...engine, log });
  const timers = new Timers();
  const node = new ClusterNode({
    etcd,
    seal: new Seal(secret),
    lobby,
    settings: settingsOf(options),
    newEpoch: () => v.parse(Epoch, randomId()),
    link,
    host,
    log,
    now: () => performance.now(),
    wallTime: () => Date.now(),
    nextTurn: (turn) => setImmediate(turn),
    later: (ms, call) => timers.later(ms, call),
  });
  const stop = (): void => {
    node.stop();
    timers.clear();
    etcd.close();
  };
  const started = await node.start();
  if (!started.ok) {
    stop();
    return started;
  }
  return ok({ lagSeconds: () => node.lagSeconds(), stop });
}

/** What decides about the lobby's state, and what clients are told of it. */
function settingsOf(options: JoinOptions): Settings {
  const { historyMessages, historyChanges, authors, saidIds, saidIdsPerKey } = limits;
  const { heldNames, heldNamesPerKey, heldNameMs, pendingForks, openForks, openForksPerAddress } = limits;
  return {
    // Which names look alike depends on it.
    unicode: process.versions.unicode ?? "",
    history: options.newcomerMessages,
    "history-bytes": options.historyBytes,
    "messages-per-second": options.framesPerSecond,
    "lobby-bytes-per-second": options.lobbyBytesPerSecond,
    limits: Object.entries({
      ...{ historyMessages, historyChanges, authors, saidIds, saidIdsPerKey },
      ...{ heldNames, heldNamesPerKey, heldNameMs, pendingForks, openForks, openForksPerAddress },
    })
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  };
}
