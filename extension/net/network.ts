// The network of one window: connections to the rendezvous server, the listener for peers, links to them. The
// composition root makes one; the core's effects call it, and what happens goes to `emit`.
import { networkInterfaces } from "node:os";
import { performance } from "node:perf_hooks";
import type { WebSocket } from "ws";
import { closeCodes } from "../../protocol/errors.ts";
import type { Card, SessionId } from "../../protocol/fields.ts";
import type { ConnectionId, Network, NetworkEvent } from "../core/ports.ts";
import { cardAddresses } from "./cardAddresses.ts";
import { closeWebSocket } from "./closeWebSocket.ts";
import type { Dial } from "./dialWebSocket.ts";
import type { NetContext } from "./netContext.ts";
import { netLimits, type NetLimits } from "./netLimits.ts";
import type { NetLog } from "./netLog.ts";
import { dialPeer } from "./peerDialler.ts";
import { startPeerLink, type PeerLink, type PeerRole } from "./peerLink.ts";
import { createPeerReception, type PeerSettings } from "./peerReception.ts";
import { openRendezvousConnection, type RendezvousConnection } from "./rendezvousConnection.ts";
import { createSocketRegistry } from "./socketRegistry.ts";

export type NetworkOptions = {
  /** Gets every event, in order, never during a call of the network's own methods. */
  readonly emit: (event: NetworkEvent) => void;
  /** Asked each time the listener starts. */
  readonly settings: () => PeerSettings;
  readonly log: NetLog;
  /** Milliseconds that never run backwards; the process's own clock unless a test has another. */
  readonly clock?: () => number;
  /** Shorter times for tests. */
  readonly limits?: NetLimits;
};

export function createNetwork(options: NetworkOptions): Network {
  const { emit, settings, log } = options;
  const context: NetContext = {
    limits: options.limits ?? netLimits,
    log,
    sockets: createSocketRegistry(),
    clock: options.clock ?? (() => performance.now()),
  };
  const { limits } = context;
  const connections = new Map<ConnectionId, RendezvousConnection>();
  const dials = new Map<SessionId, Dial>();
  const links = new Map<SessionId, PeerLink>();
  /** Whether the server of the newest connection runs on this very machine: then peers may, too. */
  let overLoopback = false;
  let disposed: Promise<void> | undefined;

  const isBusy = (sid: SessionId): boolean => links.has(sid) || dials.has(sid);

  const startLink = (ws: WebSocket, sid: SessionId, role: PeerRole): void => {
    let opened = false;
    const link = startPeerLink(ws, sid, role, context, {
      opened: () => {
        opened = true;
        emit({ type: "peer/opened", sid });
      },
      frame: (frame) => emit({ type: "peer/frame", sid, frame }),
      closed: (end, text) => {
        links.delete(sid);
        if (opened) emit({ type: "peer/closed", sid, end });
        else if (role === "dialler") emit({ type: "peer/failed", sid, text });
      },
    });
    links.set(sid, link);
  };
  const reception = createPeerReception(context, {
    accepted: (ws, sid) => {
      if (isBusy(sid)) closeWebSocket(ws, closeCodes.protocol, "connected already", limits.closeMs);
      else startLink(ws, sid, "listener");
    },
    failed: (text) => emit({ type: "listener/failed", text }),
  });

  const ownCard = async (sid: SessionId, expiresMs: number): Promise<Card | undefined> => {
    const bound = await reception.bound();
    if (bound === undefined || isBusy(sid) || links.size >= limits.sessions) return undefined;
    const addresses = cardAddresses(bound, networkInterfaces(), overLoopback, limits.addresses);
    if (addresses.length === 0) return undefined;
    const token = reception.issue(sid, Math.min(expiresMs, limits.introductionMs));
    return token === undefined ? undefined : { addresses: [...addresses], token };
  };

  const disposeAll = async (): Promise<void> => {
    const deaf = reception.close();
    for (const connection of connections.values()) connection.close(closeCodes.goingAway);
    for (const dial of dials.values()) dial.abort();
    for (const link of links.values()) link.close("closed", closeCodes.goingAway);
    connections.clear();
    dials.clear();
    links.clear();
    await Promise.all([deaf, context.sockets.drain(limits.closeMs * 0.8)]);
  };

  return {
    connect(id, url) {
      if (disposed !== undefined || connections.has(id)) return;
      const connection = openRendezvousConnection(url, context, {
        opened: (challenge, isLoopback) => {
          overLoopback = isLoopback;
          emit({ type: "rendezvous/opened", connection: id, challenge });
        },
        message: (message) => emit({ type: "rendezvous/message", connection: id, message }),
        closed: (cause) => {
          connections.delete(id);
          log.info(`No connection to the server: ${cause.kind}, ${cause.text}`);
          emit({ type: "rendezvous/closed", connection: id, cause });
        },
      });
      connections.set(id, connection);
    },
    send(id, message) {
      connections.get(id)?.send(message);
    },
    disconnect(id, why) {
      connections.get(id)?.close(why === "quit" ? closeCodes.quit : closeCodes.goingAway);
      connections.delete(id);
    },

    listen(reach) {
      if (disposed === undefined) reception.open(reach, settings());
    },
    stopListening() {
      void reception.close();
    },
    accept(id, sid, expiresMs) {
      void ownCard(sid, expiresMs).then((card) => {
        const connection = connections.get(id);
        if (connection === undefined) reception.revoke(sid);
        else if (card !== undefined) connection.send({ type: "accept", sid, card });
        else connection.send({ type: "decline", sid, reason: "unavailable" });
      });
    },
    dial(sid, card) {
      if (disposed !== undefined || isBusy(sid)) return;
      const dial = dialPeer(card, overLoopback, context, {
        opened: (ws) => {
          dials.delete(sid);
          startLink(ws, sid, "dialler");
        },
        failed: (text) => {
          dials.delete(sid);
          emit({ type: "peer/failed", sid, text });
        },
      });
      dials.set(sid, dial);
    },

    sendPeer(sid, frame) {
      links.get(sid)?.send(frame);
    },
    closePeer(sid, reason) {
      reception.revoke(sid);
      dials.get(sid)?.abort();
      dials.delete(sid);
      links.get(sid)?.close(reason, closeCodes.quit);
      links.delete(sid);
    },
    rejectPeer(sid) {
      links.get(sid)?.reject();
      links.delete(sid);
    },

    dispose() {
      disposed ??= disposeAll();
      return disposed;
    },
  };
}
