// Upgrades a connected socket to a WebSocket.
// VS Code replaces `http.request` in the extension host: with a `ws://` URL, our `createConnection` would be lost
// there, and the request with its token would go wherever a proxy setting says. Requests to a socket path are left
// alone. The path in the URL is never opened: the request is written only once it is on the very socket that was passed
// in, and on any other it is destroyed unwritten.
import type { Socket } from "node:net";
import * as v from "valibot";
import { WebSocket } from "ws";
import { Host } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { SEEN_HOST_HEADER } from "../../../protocol/rendezvous.ts";
import { errorCode, type DialFailure } from "./dialFailure.ts";
import type { OpenWebSocket } from "./pacedReading.ts";

export type UpgradeRequest = {
  /** For the `Host` header: `HOST:PORT`. */
  readonly place: string;
  /** Begins with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Maximum bytes of one message. */
  readonly maxPayload: number;
  /** Inside TLS to a peer nothing reads the frames on their way: masking many bytes would only take time. */
  readonly masks?: false;
};

export type UpgradeHandlers = {
  /** Called in the tick of the 101, so that listeners attached here miss no frame. */
  opened(opened: OpenWebSocket): void;
  failed(failure: DialFailure): void;
};

/**
 * Requests the upgrade and calls one of the handlers; destroying the socket before that is a failure.
 * @param socket a TCP socket, or TLS over any stream
 */
export function upgradeSocket(socket: Socket, request: UpgradeRequest, handlers: UpgradeHandlers): void {
  let settled = false;
  const fail = (failure: DialFailure): void => {
    if (settled) return;
    settled = true;
    socket.destroy();
    handlers.failed(failure);
  };
  // In such a URL, a colon would end the path.
  const path = request.path.replaceAll(":", "%3A");
  const ws = new WebSocket(`ws+unix:/unused:${path}`, {
    createConnection: () => socket,
    headers: { ...request.headers, Host: request.place },
    perMessageDeflate: false,
    maxPayload: request.maxPayload,
    maxFragments: limits.fragments,
    ...(request.masks === false ? { generateMask: (mask: Buffer) => mask.fill(0) } : {}),
    finishRequest: (upgrade) => {
      upgrade.once("socket", (used) => {
        if (used === socket) upgrade.end();
        else upgrade.destroy(new Error("The request is on a socket that is not ours."));
      });
    },
  });
  ws.once("open", () => {
    if (settled) return;
    settled = true;
    handlers.opened({ ws, stream: socket });
  });
  ws.on("unexpected-response", (upgrade, response) => {
    const seenHost = response.headers[SEEN_HOST_HEADER.toLowerCase()];
    fail({
      kind: "status",
      status: response.statusCode ?? 0,
      ...(v.is(Host, seenHost) ? { seenHost } : {}),
    });
    upgrade.destroy();
  });
  // Stays for the life of the WebSocket: an `error` event without a listener would end the process.
  ws.on("error", (error) => {
    fail(isConnectionError(error) ? { kind: "cut-off" } : { kind: "not-websocket" });
  });
}

function isConnectionError(error: Error): boolean {
  return ["ECONNRESET", "EPIPE", "ECONNABORTED", "ETIMEDOUT"].includes(errorCode(error));
}
