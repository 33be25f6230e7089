// Takes part in a lobby of several servers, with the engine and the secret that the options name.
import * as v from "valibot";
import type { Settings } from "../../protocol/cluster.ts";
import { upgradeStatus } from "../../protocol/errors.ts";
import { Epoch } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { ok, type Result } from "../../protocol/result.ts";
import type { Log } from "../base/log.ts";
import { randomId } from "../base/randomIds.ts";
import { Timers } from "../base/timers.ts";
import type { LobbyServer, Membership } from "../hall/hostedLobby.ts";
import { TicketHomes } from "./ticketHomes.ts";
import { ClusterNode } from "./clusterNode.ts";
import { openEtcd, type EtcdOptions } from "./etcdClient.ts";
import { NodeCalls } from "./nodeCalls.ts";
import { listenForNodes } from "./nodeListener.ts";
import { Seal } from "./seal.ts";

export type Engine = Omit<EtcdOptions, "log"> & {
  /** What only the servers of this lobby know. */
  readonly secret: string;
  /** `HOST:PORT` where other servers reach this one. */
  readonly link: string;
};

/** What the keys begin with. One engine has one lobby: it forgets what came before for all that it has. */
const LOBBY = "fork-chat";

/** For errands of many servers. */
const OTHER_CONNECTIONS = 256;

export type JoinOptions = {
  readonly historyBytes: number;
  readonly newcomerMessages: number;
  readonly framesPerSecond: number;
  readonly lobbyBytesPerSecond: number;
  /** Tells its token from others, to those who have the key. */
  readonly accessToken: { readonly mark: (key: Buffer) => string } | undefined;
  readonly relay: boolean;
  readonly log: Log;
};

/** Resolves when other servers can reach this one. The error is a sentence. */
export async function joinCluster(
  { secret, link, ...engine }: Engine,
  options: JoinOptions,
  server: LobbyServer,
): Promise<Result<Membership, string>> {
  const { log } = options;
  const etcd = openEtcd({ ...engine, log });
  const timers = new Timers();
  const seal = new Seal(secret);
  const key = seal.derive("node link");
  const homes = new TicketHomes(seal.derive("ticket homes"));
  const calls = new NodeCalls(key, log);
  const node = new ClusterNode({
    etcd,
    seal,
    lobby: LOBBY,
    settings: settingsOf(options),
    newEpoch: () => v.parse(Epoch, randomId()),
    random: Math.random,
    link,
    access: accessOf(options, seal),
    host: server.host,
    newTicket: (life) => homes.issue(life),
    ask: (place, errand) => calls.ask(place, errand),
    log,
    now: () => performance.now(),
    wallTime: () => Date.now(),
    nextTurn: (turn) => setImmediate(turn),
    later: (ms, call) => timers.later(ms, call),
  });
  const listener = await listenForNodes(link, {
    key,
    connections: 2 * limits.relayTunnels + OTHER_CONNECTIONS,
    asked: (errand) => node.asked(errand),
    relay: server.relay,
  });
  if (!listener.ok) return listener;
  return ok({
    opened: node.start(),
    lagSeconds: () => node.lagSeconds(),
    relay: (ticket, upgrade, outcome) => {
      const home = homes.homeOf(ticket);
      if (home === undefined || home === node.life) return false;
      const place = node.linkOf(home);
      if (place === undefined) outcome.refuse(upgradeStatus.ticket);
      else calls.relay(place, upgrade, outcome);
      return true;
    },
    stop: () => {
      listener.value.stop();
      node.stop();
      timers.clear();
      calls.stop();
      etcd.close();
    },
  });
}

/** What clients find here. Only the servers of this lobby can tell whether a token fits. */
function accessOf({ accessToken, relay }: JoinOptions, seal: Seal): string {
  const token = accessToken === undefined ? "no token" : `token ${accessToken.mark(seal.derive("token"))}`;
  return `${token}, ${relay ? "a relay" : "no relay"}`;
}

/** What decides about the lobby's state, and what clients are told of it. */
function settingsOf(options: JoinOptions): Settings {
  const { clients, historyMessages, historyChanges, authors, saidIds, saidIdsPerKey } = limits;
  const { heldNames, heldNamesPerKey, heldNameMs, pendingForks, openForks, openForksPerAddress } = limits;
  return {
    // Which names look alike depends on it.
    unicode: process.versions.unicode ?? "",
    history: options.newcomerMessages,
    "history-bytes": options.historyBytes,
    "messages-per-second": options.framesPerSecond,
    "lobby-bytes-per-second": options.lobbyBytesPerSecond,
    limits: Object.entries({
      ...{ clients, historyMessages, historyChanges, authors, saidIds, saidIdsPerKey },
      ...{ heldNames, heldNamesPerKey, heldNameMs, pendingForks, openForks, openForksPerAddress },
    })
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  };
}
