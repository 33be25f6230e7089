// Performs the opening handshake of a client's WebSocket with `ws`. Reading and writing afterwards does not use `ws`; see
// frameReader.ts and outbox.ts.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";

/** The object that `ws` creates per connection, which would start to read in `setSocket`. */
class SocketWithoutReceiver extends WebSocket {
  setSocket(): void {
    // Leaves the socket as it is.
  }
}

/** `opened` is called at once, unless the request was refused; then the answer has been written. */
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
