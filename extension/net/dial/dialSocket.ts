// Opens a TCP connection.
// VS Code replaces `net.connect` in the extension host with a function that waits for certificates first. A socket
// whose own `connect` is called is left alone.
import { Socket } from "node:net";
import { errorCode, type DialFailure } from "./dialFailure.ts";

export type SocketHandlers = {
  connected(socket: Socket): void;
  failed(failure: DialFailure): void;
};

/** Milliseconds for each address of a name but the last. Node's 250 would abort every attempt at a distant server. */
const ATTEMPT_MS = 2_500;

/** Dials, and calls one of the handlers, unless the returned socket is destroyed before that. */
export function dialSocket(host: string, port: number, handlers: SocketHandlers): Socket {
  const socket = new Socket();
  let failure: DialFailure = { kind: "network", code: "" };
  const remember = (error: Error): void => {
    failure = { kind: "network", code: errorCode(error) };
  };
  const fail = (): void => {
    handlers.failed(failure);
  };
  socket.once("error", remember);
  // The caller attaches its listeners a tick later, and an error without a listener would end the process.
  socket.on("error", () => undefined);
  socket.once("close", fail);
  socket.once("connect", () => {
    socket.off("error", remember);
    socket.off("close", fail);
    handlers.connected(socket);
  });
  socket.connect({ host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT_MS });
  return socket;
}
