// Connects to the server's relay with a ticket, and turns the connection into a byte stream.
import type { Duplex } from "node:stream";
import { RELAY_PATH } from "../../../protocol/rendezvous.ts";
import type { RelayMeeting } from "../../core/model/ports.ts";
import type { DialFailure } from "../dial/dialFailure.ts";
import { dialWebSocket, type Dial } from "../dial/dialWebSocket.ts";
import type { NetContext } from "../dial/netContext.ts";
import { relayDuplex } from "./relayDuplex.ts";
import { parseServerUrl } from "../dial/serverUrl.ts";

export type RelayHandlers = {
  readonly connected: (stream: Duplex) => void;
  readonly failed: (failure: DialFailure) => void;
};

/** Dials, and calls one of the handlers, never before this function has returned; `abort` also ends the stream. */
export function dialRelay(
  { server, ticket }: RelayMeeting,
  trusted: string | undefined,
  context: NetContext,
  handlers: RelayHandlers,
): Dial {
  const { limits, sockets } = context;
  const place = parseServerUrl(server);
  let stream: Duplex | undefined;
  if (!place.ok) {
    const soon = setImmediate(() => handlers.failed({ kind: "not-websocket" }));
    return { abort: () => clearImmediate(soon) };
  }
  const target = {
    ...place.value,
    trusted,
    path: relayPath(place.value.path),
    headers: { Authorization: `Bearer ${ticket}` },
    maxPayload: limits.relayFrameBytes,
    timeoutMs: limits.handshakeMs,
  };
  const dial = dialWebSocket(target, context, {
    failed: handlers.failed,
    opened: (opened) => {
      stream = relayDuplex(opened, context);
      sockets.track(stream);
      handlers.connected(stream);
    },
  });
  return {
    abort() {
      dial.abort();
      stream?.destroy();
    },
  };
}

/** Below the path of the server's URL, where a proxy may have put the server. A query is kept, for such a proxy. */
export function relayPath(path: string): string {
  const [pathname = "", ...query] = path.split(/(?=\?)/u);
  return pathname.replace(/\/+$/u, "") + RELAY_PATH + query.join("");
}
