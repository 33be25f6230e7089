// Dials the addresses of a peer's card in a staggered race. Called by network.ts only.
import type { WebSocket } from "ws";
import { upgradeStatus } from "../../protocol/errors.ts";
import type { Address, Card } from "../../protocol/fields.ts";
import { PEER_PATH } from "../../protocol/peer.ts";
import { dialFailureText } from "./dialFailure.ts";
import { dialWebSocket, type Dial } from "./dialWebSocket.ts";
import { addressKind, formatPlace } from "./ipAddress.ts";
import type { NetContext } from "./netContext.ts";

export type PeerDialHandlers = {
  /** Called in the tick of the 101, for the first address that answered with one. */
  readonly opened: (ws: WebSocket) => void;
  /** `text` names each address and what was wrong with it: a sentence part for people, without a period. */
  readonly failed: (text: string) => void;
};

/**
 * Dials, and calls one of the handlers, never before this function has returned.
 * @param overLoopback whether the peer may be on this very machine. A card comes from somebody else: without this
 *   it would make us knock at whatever listens on our own loopback interface.
 */
export function dialPeer(
  card: Card,
  overLoopback: boolean,
  context: NetContext,
  handlers: PeerDialHandlers,
): Dial {
  const waiting = dialable(card.addresses, overLoopback);
  const running = new Map<Dial, string>();
  const failures: string[] = [];
  let stagger: NodeJS.Timeout | undefined;
  let over = false;

  const stop = (): void => {
    over = true;
    clearTimeout(stagger);
    clearTimeout(deadline);
    for (const dial of running.keys()) dial.abort();
  };
  const fail = (text: string): void => {
    if (over) return;
    stop();
    handlers.failed(text);
  };
  const deadline = setTimeout(() => {
    const silent = [...running.values()].map((place) => dialFailureText(place, { kind: "timeout" }, String));
    fail([...failures, ...silent].join("; "));
  }, context.limits.introductionMs);

  const next = (): void => {
    clearTimeout(stagger);
    if (over) return;
    const address = waiting.shift();
    if (address !== undefined) {
      start(address);
      stagger = setTimeout(next, context.limits.staggerMs);
    } else if (running.size === 0) {
      fail(failures.length === 0 ? "no address of theirs can be reached from here" : failures.join("; "));
    }
  };
  const start = ({ host, port }: Address): void => {
    const place = formatPlace(host, port);
    const target = {
      host,
      port,
      place,
      path: PEER_PATH,
      headers: { Authorization: `Bearer ${card.token}` },
      maxPayload: context.limits.frameBytes,
      timeoutMs: context.limits.handshakeMs,
    };
    const dial = dialWebSocket(target, context.sockets, {
      opened: (ws) => {
        running.delete(dial);
        stop();
        handlers.opened(ws);
      },
      failed: (failure) => {
        running.delete(dial);
        failures.push(dialFailureText(place, failure, (status) => statusText(place, status)));
        next();
      },
    });
    running.set(dial, place);
  };

  stagger = setTimeout(next, 0);
  return { abort: stop };
}

function dialable(addresses: readonly Address[], overLoopback: boolean): Address[] {
  const seen = new Set<string>();
  return addresses.filter(({ host, port }) => {
    const kind = addressKind(host);
    const place = formatPlace(host, port);
    if (kind === "unusable" || (kind === "loopback" && !overLoopback) || seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

function statusText(place: string, status: number): string {
  return status === upgradeStatus.token
    ? `${place} did not expect this connection`
    : `${place} refused the connection (HTTP status ${String(status)})`;
}
