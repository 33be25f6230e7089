// All links of this window to peers, by their ids: dialed, accepted, closed.
import { closeCodes } from "../../../protocol/errors.ts";
import type { Address, Pin } from "../../../protocol/fields.ts";
import { PEER_PATH, type PeerMessage } from "../../../protocol/peer.ts";
import type { DialTarget, LinkId, LinkPath, NetworkEvent, Way } from "../../core/model/ports.ts";
import { closeWebSocket } from "../dial/closeWebSocket.ts";
import type { Dial } from "../dial/dialWebSocket.ts";
import type { Identity } from "../identity/identity.ts";
import type { NetContext } from "../dial/netContext.ts";
import { warnOfFailure } from "../dial/netLog.ts";
import type { OpenWebSocket } from "../dial/pacedReading.ts";
import { dialPeer } from "./peerDialler.ts";
import { startPeerLink, type PeerLink } from "./peerLink.ts";
import { testTransports } from "../identity/transportSelfTest.ts";
import { verificationNumber } from "../identity/verificationNumber.ts";

export type PeerLinks = {
  /** @param trusted see dialPeer */
  dial(link: LinkId, self: Promise<Identity>, target: DialTarget, trusted: string | undefined): void;
  /** A peer with an expected key has connected. `from`: its address, if it connected directly. */
  addCaller(opened: OpenWebSocket, pin: Pin, own: Pin, path: LinkPath, from: string | undefined): void;
  send(link: LinkId, frame: PeerMessage): void;
  close(link: LinkId, code: number): void;
  /** The address at which a link was dialed; null for any other link. */
  dialledAt(link: LinkId): Address | null;
  /** Measures a round trip on a link, unless one is being measured. */
  measure(link: LinkId, done: (ms: number) => void): void;
  /** Sends `bye` on every link. */
  dispose(): void;
};

export function createPeerLinks(context: NetContext, emit: (event: NetworkEvent) => void): PeerLinks {
  const { limits } = context;
  const links = new Map<LinkId, PeerLink>();
  const dials = new Map<LinkId, Dial>();
  const addresses = new Map<LinkId, Address>();
  /** By key: its incoming links. A half-open one and its successors are few. */
  const callers = new Map<Pin, Set<LinkId>>();
  let incomingLinks = 0;
  let disposed = false;

  const forget = (link: LinkId): void => {
    links.delete(link);
    addresses.delete(link);
    for (const [pin, own] of callers) if (own.delete(link) && own.size === 0) callers.delete(pin);
  };
  const start = (
    opened: OpenWebSocket,
    link: LinkId,
    about: Omit<Extract<NetworkEvent, { type: "link/connected" }>, "type" | "link">,
  ): void => {
    links.set(
      link,
      startPeerLink(opened, context, {
        frame: (frame) => emit({ type: "link/frame", link, frame }),
        closed: (end) => {
          forget(link);
          emit({ type: "link/closed", link, end });
        },
      }),
    );
    emit({ type: "link/connected", link, ...about });
    warnOfFailure(
      context.log,
      numberOf(about.ownPin, about.pin).then((number) => {
        if (!disposed) emit({ type: "peer/number", pin: about.pin, number });
      }),
    );
  };
  /** Cached, because they are expensive to compute and the same for each link of two keys. */
  const numbers = new Map<string, Promise<string>>();
  const numberOf = (own: Pin, pin: Pin): Promise<string> => {
    const known = numbers.get(`${own} ${pin}`);
    if (known !== undefined) return known;
    const number = verificationNumber(own, pin);
    const [oldest] = numbers.keys();
    if (numbers.size >= limits.sessions && oldest !== undefined) numbers.delete(oldest);
    numbers.set(`${own} ${pin}`, number);
    return number;
  };

  return {
    dial(link, self, target, trusted) {
      // Until the key is loaded, closing the link is only recorded.
      let aborted = false;
      dials.set(link, { abort: () => (aborted = true) });
      const fail = (text: string, ways: readonly Way[] = []): void => {
        if (!dials.delete(link) || disposed) return;
        emit({ type: "link/failed", link, text, ways });
      };
      self
        .then(async (identity) => {
          await testTransports(identity, context);
          if (aborted || disposed) return;
          const request = { path: PEER_PATH, maxPayload: limits.frameBytes };
          const dial = dialPeer(target, identity, trusted, context, request, {
            opened: (opened, path, ways) => {
              dials.delete(link);
              const address = ways.find(({ failure }) => failure === null)?.address;
              if (address != null) addresses.set(link, address);
              start(opened, link, { role: "dialler", pin: target.pin, ownPin: identity.pin, path, ways });
            },
            failed: fail,
          });
          dials.set(link, dial);
        })
        .catch((error: unknown) => {
          if (!aborted) fail(error instanceof Error ? error.message : String(error));
        });
    },
    addCaller(opened, pin, own, path, from) {
      const ofKey = callers.get(pin) ?? new Set();
      const isFull = links.size >= limits.sessions + limits.pendingPeers || ofKey.size >= limits.linksPerPeer;
      if (disposed || isFull) {
        closeWebSocket(opened.ws, closeCodes.goingAway, "", limits.closeMs);
        return;
      }
      incomingLinks += 1;
      callers.set(pin, ofKey.add(`i${incomingLinks}`));
      start(opened, `i${incomingLinks}`, {
        ...{ role: "listener", pin, ownPin: own, path, ways: [] },
        ...(from === undefined ? {} : { from }),
      });
    },
    send(link, frame) {
      links.get(link)?.send(frame);
    },
    close(link, code) {
      dials.get(link)?.abort();
      dials.delete(link);
      links.get(link)?.close(code);
      forget(link);
    },
    dialledAt: (link) => addresses.get(link) ?? null,
    measure(link, done) {
      links.get(link)?.measure(done);
    },
    dispose() {
      disposed = true;
      for (const dial of dials.values()) dial.abort();
      for (const link of links.values()) {
        link.send({ type: "bye", reason: "closed" });
        link.close(closeCodes.goingAway);
      }
      dials.clear();
      links.clear();
    },
  };
}
