// Dials a peer on all possible paths in a race: its addresses one after the other, at fixed times, and the relay a
// moment later.
import type { Duplex } from "node:stream";
import * as l10n from "@vscode/l10n";
import type { Address } from "../../../protocol/fields.ts";
import type { DialTarget, LinkPath, Way } from "../../core/model/ports.ts";
import { dialFailureText, type DialFailure } from "../dial/dialFailure.ts";
import { dialSocket } from "../dial/dialSocket.ts";
import type { Dial } from "../dial/dialWebSocket.ts";
import type { Identity } from "../identity/identity.ts";
import { formatPlace } from "../dial/ipAddress.ts";
import type { NetContext } from "../dial/netContext.ts";
import type { OpenWebSocket } from "../dial/pacedReading.ts";
import { dialTls } from "../identity/peerTls.ts";
import { dialRelay } from "../relay/relayDialler.ts";
import { upgradeSocket, type UpgradeRequest } from "../dial/upgradeSocket.ts";

export type PeerDialHandlers = {
  /** Called in the tick of the 101, for the first path that succeeds. */
  readonly opened: (opened: OpenWebSocket, path: LinkPath, ways: readonly Way[]) => void;
  /** `text` names each path and its failure: a sentence part for people, without a period. */
  readonly failed: (text: string, ways: readonly Way[]) => void;
};

export type PeerRequest = Pick<UpgradeRequest, "path" | "maxPayload" | "masks">;

/** The relay's name in sentences. */
const AT_RELAY = l10n.t("the server's relay");

/**
 * Dials, and calls one of the handlers, never before this function has returned.
 * @param trusted SHA-256 of the relay server's certificate that the user trusts, if any
 * @param request what is asked for at the peer
 */
export function dialPeer(
  target: DialTarget,
  identity: Identity,
  trusted: string | undefined,
  context: NetContext,
  request: PeerRequest,
  handlers: PeerDialHandlers,
): Dial {
  const { limits } = context;
  const waiting = [...target.addresses];
  const running = new Map<Dial, Started>();
  /** In the order of their start. */
  const started: Started[] = [];
  let relayWaits = target.relay !== null;
  let allStarted = false;
  let over = false;

  const stop = (): void => {
    over = true;
    for (const timer of [stagger, deadline, relayTimer]) clearTimeout(timer);
    for (const dial of running.keys()) dial.abort();
  };
  const failures = (): Way[] =>
    started.flatMap(({ address, failure }) => (failure === null ? [] : [{ address, failure }]));
  const fail = (): void => {
    if (over) return;
    stop();
    const ways = failures();
    const text = ways.map(({ failure }) => failure).join("; ");
    handlers.failed(text, ways);
  };
  const failIfDone = (): void => {
    if (allStarted && !relayWaits && running.size === 0) fail();
  };
  const deadline = setTimeout(() => {
    for (const way of running.values()) {
      way.failure = dialFailureText(placeText(way.address), { kind: "timeout" }, String);
    }
    fail();
  }, limits.dialMs);

  const run = (address: Address | null, connect: (handlers: StreamHandlers) => Dial): void => {
    const way: Started = { address, failure: null };
    started.push(way);
    const leg = startLeg(connect, target, identity, context, request, {
      opened: (opened) => {
        running.delete(leg);
        for (const slower of running.values()) {
          slower.failure = l10n.t(
            "{0} hadn't responded when another connection succeeded",
            placeText(slower.address),
          );
        }
        stop();
        const path = address === null ? "relayed" : "direct";
        handlers.opened(opened, path, [...failures(), { address, failure: null }]);
      },
      failed: (failure) => {
        running.delete(leg);
        way.failure = failureText(placeText(address), failure);
        failIfDone();
      },
    });
    running.set(leg, way);
  };
  const callRelay = (): void => {
    const { relay } = target;
    relayWaits = false;
    if (!over && relay !== null) run(null, (stream) => dialRelay(relay, trusted, context, stream));
    failIfDone();
  };
  // At fixed times, whatever happened to earlier ones: the start of a later dial must not reveal whether an earlier
  // address is open.
  const next = (): void => {
    const address = waiting.shift();
    if (address === undefined) {
      allStarted = true;
      failIfDone();
      return;
    }
    stagger = setTimeout(next, limits.staggerMs);
    run(address, (stream) => dialTcp(address, context, stream));
  };
  const relayTimer = setTimeout(callRelay, waiting.length === 0 ? 0 : limits.relayDelayMs);
  let stagger = setTimeout(next, 0);
  return { abort: stop };
}

/** A path that was started; `failure` is set once it has failed. */
type Started = { readonly address: Address | null; failure: string | null };

type LegHandlers = {
  readonly opened: (opened: OpenWebSocket) => void;
  readonly failed: (failure: DialFailure) => void;
};

type StreamHandlers = {
  readonly connected: (stream: Duplex) => void;
  readonly failed: (failure: DialFailure) => void;
};

/** One path, from its byte stream to the 101, within the time of a handshake. */
function startLeg(
  connect: (handlers: StreamHandlers) => Dial,
  { pin }: DialTarget,
  identity: Identity,
  context: NetContext,
  wanted: PeerRequest,
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
          const request = { place: "peer", headers: {}, ...wanted };
          upgradeSocket(socket, request, {
            failed,
            opened: (opened) => {
              if (settle()) handlers.opened(opened);
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
    return l10n.t(
      "{0} closed the connection: it doesn't expect this window, or too many windows are connecting to it at once",
      place,
    );
  if (place === AT_RELAY && failure.kind === "timeout")
    return l10n.t("the other window didn't connect to the server's relay");
  return dialFailureText(place, failure, (status) =>
    l10n.t("{0} refused the connection (HTTP status {1})", place, status),
  );
}
