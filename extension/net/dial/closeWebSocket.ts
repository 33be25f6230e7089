// Closes a WebSocket properly, and with a deadline.
import { WebSocket } from "ws";

/** Sends a close frame, and destroys the socket if there is no answer within `graceMs`. */
export function closeWebSocket(ws: WebSocket, code: number, reason: string, graceMs: number): void {
  if (ws.readyState === WebSocket.CLOSED) return;
  const timer = setTimeout(() => {
    ws.terminate();
  }, graceMs);
  ws.once("close", () => {
    clearTimeout(timer);
  });
  ws.close(code, reason);
  // The answer is only seen on a socket that is being read.
  ws.resume();
}
