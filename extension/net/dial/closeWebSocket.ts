// Ends a WebSocket politely, but surely.
import { WebSocket } from "ws";

/** Sends a close frame and cuts the socket when it is not answered within `graceMs`. */
export function closeWebSocket(ws: WebSocket, code: number, reason: string, graceMs: number): void {
  if (ws.readyState === WebSocket.CLOSED) return;
  const timer = setTimeout(() => {
    ws.terminate();
  }, graceMs);
  ws.once("close", () => {
    clearTimeout(timer);
  });
  ws.close(code, reason);
  // The answer can only be seen on a socket that is being read.
  ws.resume();
}
