// The network of one window: connections to the rendezvous server, the listener for peers, and links to them.
import { performance } from "node:perf_hooks";
import * as l10n from "@vscode/l10n";
import { closeCodes } from "../../protocol/errors.ts";
import type { Pin } from "../../protocol/fields.ts";
import { addressKind } from "../core/channels/addressKind.ts";
import type { ConnectionId, Network, NetworkEvent } from "../core/model/ports.ts";
import type { BulkEvent, BulkLinks } from "../core/model/transferPorts.ts";
import { createBulkLinks } from "./bulk/bulkLinks.ts";
import type { Dial } from "./dial/dialWebSocket.ts";
import { createTurns } from "./dial/handshakeGuard.ts";
import { makeIdentity, type Identity } from "./identity/identity.ts";
import type { NetContext } from "./dial/netContext.ts";
import { netLimits, type NetLimits } from "./dial/netLimits.ts";
import { type NetLog, warnOfFailure } from "./dial/netLog.ts";
import { createPeerLinks } from "./peers/peerLinks.ts";
import { createPeerReception, type PeerSettings } from "./listener/peerReception.ts";
import { dialRelay } from "./relay/relayDialler.ts";
import { openRendezvousConnection, type RendezvousConnection } from "./rendezvous/rendezvousConnection.ts";
import { machineTrust, type ServerTrust } from "./dial/serverTrust.ts";
import { createSocketRegistry } from "./dial/socketRegistry.ts";
import { testTransports } from "./identity/transportSelfTest.ts";

/** What the host keeps for its user in VS Code's secret storage. */
export type Credentials = {
  /** The P-256 key of an identity as PKCS #8 in PEM; created if there is none. */
  readonly key: (identity: string) => Promise<string>;
  /** A server's token, if the user has entered it. */
  readonly token: (server: string) => Promise<string | undefined>;
  /** SHA-256 (in hexadecimal with colons) of a server's certificate that the user trusts. */
  readonly certificate: (server: string) => string | undefined;
};

export type NetworkOptions = {
  /** Called with every event, in order, and never during a call of the network's own methods. */
  readonly emit: (event: NetworkEvent) => void;
  /** Called with what comes over bulk links, in order. */
  readonly emitBulk: (event: BulkEvent) => void;
  /** Called each time the listener starts. */
  readonly settings: () => PeerSettings;
  readonly credentials: Credentials;
  readonly log: NetLog;
  /** Monotonic milliseconds; the process's own clock by default. */
  readonly clock?: () => number;
  /** Shorter times for tests. */
  readonly limits?: NetLimits;
  /** By default this machine's. */
  readonly trust?: ServerTrust;
};

type Server = { readonly connection: RendezvousConnection; readonly url: string; readonly identity: string };

export type WindowNetwork = Network & { readonly bulk: BulkLinks };

export function createNetwork(options: NetworkOptions): WindowNetwork {
  const { emit, settings, credentials, log } = options;
  const context: NetContext = {
    limits: options.limits ?? netLimits,
    log,
    sockets: createSocketRegistry(),
    turns: createTurns(),
    trust: options.trust ?? machineTrust,
    clock: options.clock ?? (() => performance.now()),
  };
  const { limits } = context;
  const servers = new Map<ConnectionId, Server>();
  const identities = new Map<string, Promise<Identity>>();
  const meetings = new Set<Dial>();
  let expected: ReadonlySet<Pin> = new Set();
  /** The key of the latest `connect` or `listen`. */
  let self: Promise<Identity> | undefined;
  /** Counts requests for the listener, so that a key that loads late does not open it after it was closed. */
  let wishes = 0;
  /** The listener's next attempt after a failure. */
  let retry: { readonly attempt: () => void; readonly timer: NodeJS.Timeout } | undefined;
  let overLoopback = false;
  /** Where peers last connected from, by key. */
  const peerAddresses = new Map<Pin, string>();
  let disposed: Promise<void> | undefined;

  /** The key of a name, loaded once. */
  const identityOf = (name: string): Promise<Identity> => {
    let identity = identities.get(name);
    if (identity === undefined) {
      identity = credentials.key(name).then(makeIdentity);
      identities.set(name, identity);
      // A key that could not be loaded is requested again the next time.
      identity.catch(() => identities.delete(name));
    }
    return identity;
  };
  const links = createPeerLinks(context, emit);
  const bulk = createBulkLinks({
    ...{ context, links, identity: () => self, emit: options.emitBulk, trusted: credentials.certificate },
    needsTicket: (session) => emit({ type: "bulk/needsTicket", session }),
  });
  const reception = createPeerReception(context, {
    expects: (pin) => expected.has(pin),
    came: (pin, address) => {
      peerAddresses.delete(pin);
      peerAddresses.set(pin, address);
      const [oldest] = peerAddresses.keys();
      if (peerAddresses.size > limits.knownPeers && oldest !== undefined) peerAddresses.delete(oldest);
    },
    accepted: (opened, pin, own, path) =>
      links.addCaller(opened, pin, own, path, path === "direct" ? peerAddresses.get(pin) : undefined),
    mayOpenBulk: (pin) => bulk.mayOpen(pin),
    bulkAccepted: (opened, pin) => bulk.accept(opened, pin),
    ready: (port, addresses) => emit({ type: "listener/ready", port, addresses }),
    failed: (text) => emit({ type: "listener/failed", text, isHopeless: false }),
    lost: (address) => {
      log.info("An address of this machine is gone; its connections were closed");
      context.sockets.destroyAt(address);
    },
  });

  const nextWish = (): number => {
    clearTimeout(retry?.timer);
    retry = undefined;
    return ++wishes;
  };
  const retryNow = (): void => {
    const due = retry;
    clearTimeout(due?.timer);
    retry = undefined;
    due?.attempt();
  };
  const retryMs = (failures: number): number =>
    Math.min(limits.longestListenRetryMs, limits.listenRetryMs * 4 ** failures);

  const disposeAll = async (): Promise<void> => {
    nextWish();
    const deaf = reception.close();
    for (const { connection } of servers.values()) connection.close(closeCodes.goingAway);
    for (const meeting of meetings) meeting.abort();
    bulk.dispose();
    links.dispose();
    servers.clear();
    meetings.clear();
    await Promise.all([deaf, context.sockets.drain(limits.closeMs * 0.8)]);
  };

  return {
    bulk,
    connect(id, url, identity) {
      if (disposed !== undefined || servers.has(id)) return;
      self = identityOf(identity);
      const connection = openRendezvousConnection(url, credentials.certificate(url), context, {
        opened: (challenge, address) => {
          overLoopback = addressKind(address) === "loopback";
          emit({ type: "rendezvous/opened", connection: id, challenge, overLoopback, server: address });
        },
        message: (message) => emit({ type: "rendezvous/message", connection: id, message }),
        closed: (cause) => {
          servers.delete(id);
          log.info(`Disconnected from the server: ${cause.kind}, ${cause.text}`);
          emit({ type: "rendezvous/closed", connection: id, cause });
        },
      });
      servers.set(id, { connection, url, identity });
    },
    join(id, request) {
      const server = servers.get(id);
      if (server === undefined) return;
      const joined = Promise.all([identityOf(server.identity), credentials.token(server.url)]).then(
        ([identity, token]) => server.connection.join(request, identity, token),
        (error: unknown) => {
          log.warn(`No key to join with: ${String(error)}`);
          if (servers.get(id) !== server) return;
          server.connection.close(closeCodes.goingAway);
          servers.delete(id);
          const cause = {
            kind: "rejected",
            text: l10n.t("VS Code didn't provide the key to join with"),
          } as const;
          emit({ type: "rendezvous/closed", connection: id, cause });
        },
      );
      warnOfFailure(log, joined);
    },
    send(id, message) {
      servers.get(id)?.connection.send(message);
    },
    disconnect(id, why) {
      servers.get(id)?.connection.close(why === "quit" ? closeCodes.quit : closeCodes.goingAway);
      servers.delete(id);
    },

    listen(name, reach, port) {
      if (disposed !== undefined) return;
      const wish = nextWish();
      let failures = 0;
      const attempt = (): void => {
        self = identityOf(name);
        const started = self
          .then(async (identity) => {
            await testTransports(identity, context);
            if (wish !== wishes) return;
            reception.open(identity, { reach, port, settings: settings(), overLoopback });
          })
          .catch((error: unknown) => {
            if (wish !== wishes) return;
            const why = error instanceof Error ? error.message : String(error);
            log.warn(`The peer listener did not start: ${why}`);
            retry = { attempt, timer: setTimeout(retryNow, retryMs(failures)) };
            failures += 1;
            if (failures > 1) return;
            const text = l10n.t("Private sessions aren't working: {0}. Retrying.", why);
            emit({ type: "listener/failed", text, isHopeless: true });
          });
        warnOfFailure(log, started);
      };
      attempt();
    },
    stopListening() {
      nextWish();
      warnOfFailure(log, reception.close());
    },
    expect(pins) {
      expected = new Set(pins);
    },

    dial(link, target) {
      if (disposed !== undefined || self === undefined) return;
      // A fork does not wait for the listener's retry timer.
      retryNow();
      const trusted = target.relay === null ? undefined : credentials.certificate(target.relay.server);
      links.dial(link, self, target, trusted);
    },
    meetAtRelay(meeting) {
      if (disposed !== undefined || self === undefined) return;
      self
        .then(async (identity) => {
          await testTransports(identity, context);
          if (disposed !== undefined) return;
          const dial = dialRelay(meeting, credentials.certificate(meeting.server), context, {
            // From here on the door enforces the time limit, and the registry tracks the stream.
            connected: (stream) => {
              meetings.delete(dial);
              reception.door(identity).enter(stream, "relayed");
            },
            failed: (failure) => {
              meetings.delete(dial);
              log.debug(`No connection through the relay: ${failure.kind}`);
            },
          });
          meetings.add(dial);
        })
        .catch((error: unknown) => log.debug(`No connection through the relay: ${String(error)}`));
    },
    sendLink(link, frame) {
      links.send(link, frame);
    },
    closeLink(link, code) {
      links.close(link, code);
    },

    dispose() {
      disposed ??= disposeAll();
      return disposed;
    },
  };
}
