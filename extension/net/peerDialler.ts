// Dials a peer on every way that may lead to it, in a race: its addresses one after the other, the relay a moment later.
// Called by network.ts only.
import type { Duplex } from "node:stream";
import * as l10n from "@vscode/l10n";
import type { WebSocket } from "ws";
import type { Address } from "../../protocol/fields.ts";
import { PEER_PATH } from "../../protocol/peer.ts";
import type { DialTarget, LinkPath, Way } from "../core/ports.ts";
import { dialableAddresses } from "./dialableAddresses.ts";
import { dialFailureText, type DialFailure } from "./dialFailure.ts";
import { dialSocket } from "./dialSocket.ts";
import type { Dial } from "./dialWebSocket.ts";
import type { Identity } from "./identity.ts";
import { formatPlace } from "./ipAddress.ts";
import type { NetContext } from "./netContext.ts";
import { dialTls } from "./peerTls.ts";
import { dialRelay } from "./relayDialler.ts";
import { upgradeSocket } from "./upgradeSocket.ts";

export type PeerDialHandlers = {
  /** Called in the tick of the 101, for the first way that led to one. */
  readonly opened: (ws: WebSocket, path: LinkPath, ways: readonly Way[]) => void;
  /** `text` names each way and what was wrong with it: a sentence part for people, without a period. */
  readonly failed: (text: string, ways: readonly Way[]) => void;
};

/** The relay as a place in sentences. */
const AT_RELAY = l10n.t("the server’s relay");

/**
 * Dials, and calls one of the handlers, never before this function has returned.
 * @param trusted SHA-256 of the certificate of the relay's server that the user has decided to trust, if any
 */
export function dialPeer(
  target: DialTarget,
  identity: Identity,
  trusted: string | undefined,
  context: NetContext,
  handlers: PeerDialHandlers,
): Dial {
  const { limits } = context;
  const waiting = dialableAddresses(target);
  const running = new Map<Dial, Address | null>();
  const failures: { readonly address: Address | null; readonly failure: string }[] = [];
  let relayWaits = target.relay !== null;
  let stagger: NodeJS.Timeout | undefined;
  let over = false;

  const stop = (): void => {
    over = true;
    for (const timer of [stagger, deadline, relayTimer]) clearTimeout(timer);
    for (const dial of running.keys()) dial.abort();
  };
  const fail = (): void => {
    if (over) return;
    stop();
    const texts = failures.map(({ failure }) => failure);
    handlers.failed(texts.join("; ") || l10n.t("no address of theirs can be reached from here"), failures);
  };
  const deadline = setTimeout(() => {
    for (const address of running.values()) {
      const failure = dialFailureText(placeText(address), { kind: "timeout" }, String);
      failures.push({ address, failure });
    }
    fail();
  }, limits.dialMs);

  const run = (address: Address | null, start: (handlers: LegHandlers) => Dial): void => {
    const leg = start({
      opened: (ws) => {
        running.delete(leg);
        stop();
        const path = address === null ? "relayed" : "direct";
        const slower = [...running.values()].map((other) => ({
          address: other,
          failure: l10n.t("{0} had not answered by the time that another way did", placeText(other)),
        }));
        handlers.opened(ws, path, [...failures, ...slower, { address, failure: null }]);
      },
      failed: (failure) => {
        running.delete(leg);
        failures.push({ address, failure: failureText(placeText(address), failure) });
        next();
      },
    });
    running.set(leg, address);
  };
  const callRelay = (): void => {
    const { relay } = target;
    if (over || relay === null || !relayWaits) return;
    relayWaits = false;
    run(null, (leg) =>
      startLeg((stream) => dialRelay(relay, trusted, context, stream), target, identity, context, leg),
    );
  };
  const next = (): void => {
    clearTimeout(stagger);
    if (over) return;
    const address = waiting.shift();
    if (address !== undefined) {
      run(address, (leg) =>
        startLeg((stream) => dialTcp(address, context, stream), target, identity, context, leg),
      );
      stagger = setTimeout(next, limits.staggerMs);
    } else if (running.size === 0) {
      if (relayWaits) callRelay();
      else fail();
    }
  };
  const relayTimer = setTimeout(callRelay, waiting.length === 0 ? 0 : limits.relayDelayMs);
  stagger = setTimeout(next, 0);
  return { abort: stop };
}

type LegHandlers = {
  readonly opened: (ws: WebSocket) => void;
  readonly failed: (failure: DialFailure) => void;
};

type StreamHandlers = {
  readonly connected: (stream: Duplex) => void;
  readonly failed: (failure: DialFailure) => void;
};

/** One way, from its stream of bytes to the 101, within the time of a handshake. */
function startLeg(
  connect: (handlers: StreamHandlers) => Dial,
  { pin }: DialTarget,
  identity: Identity,
  context: NetContext,
  handlers: LegHandlers,
): Dial {
  const { limits } = context;
  let settled = false;
  let secured: Duplex | undefined;
  const settle = (): boolean => {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    return true;
  };
  const end = (): void => {
    dial.abort();
    secured?.destroy();
  };
  const failed = (failure: DialFailure): void => {
    if (!settle()) return;
    end();
    handlers.failed(failure);
  };
  const timer = setTimeout(() => failed({ kind: "timeout" }), limits.handshakeMs);
  const dial = connect({
    failed,
    connected: (stream) => {
      secured = dialTls(stream, identity, pin, context, {
        failed,
        secured: (socket) => {
          const request = { place: "peer", path: PEER_PATH, headers: {}, maxPayload: limits.frameBytes };
          upgradeSocket(socket, request, {
            failed,
            opened: (ws) => {
              if (settle()) handlers.opened(ws);
            },
          });
        },
      });
      secured.once("close", () => stream.destroy());
    },
  });
  return {
    abort() {
      if (settle()) end();
    },
  };
}

function dialTcp({ host, port }: Address, { sockets }: NetContext, handlers: StreamHandlers): Dial {
  const socket = dialSocket(host, port, handlers);
  socket.setNoDelay(true);
  sockets.track(socket);
  return { abort: () => socket.destroy() };
}

function placeText(address: Address | null): string {
  return address === null ? AT_RELAY : formatPlace(address.host, address.port);
}

function failureText(place: string, failure: DialFailure): string {
  if (failure.kind === "cut-off")
    return l10n.t("{0} ended the connection: it does not expect this window there", place);
  if (place === AT_RELAY && failure.kind === "timeout")
    return l10n.t("at the server’s relay the other side did not come");
  return dialFailureText(place, failure, (status) =>
    l10n.t("{0} refused the connection (HTTP status {1})", place, status),
  );
}
