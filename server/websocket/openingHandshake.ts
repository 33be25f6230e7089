// The opening handshake of a client's WebSocket, which `ws` makes. What is read and written on its connection afterwards is not
// left to `ws`: see frameReader.ts and outbox.ts.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";

/** What `ws` makes for each connection; it would begin to read in `setSocket`. */
class SocketWithoutReceiver extends WebSocket {
  setSocket(): void {
    // The socket stays as it is.
  }
}

/** `opened` is called at once, unless the request was refused: the answer is written by then. */
export type OpeningHandshake = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  opened: () => void,
) => void;

export function createOpeningHandshake(): OpeningHandshake {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: () => false,
    WebSocket: SocketWithoutReceiver,
  });
  return (request, socket, head, opened) => server.handleUpgrade(request, socket, head, opened);
}
