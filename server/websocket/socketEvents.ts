// Events of client sockets, with one shared function for all: closures for thousands would take more memory than everything
// else about an idle client.
import type { Socket } from "node:net";

/** Handlers of a socket's events. */
export interface SocketOwner {
  read(bytes: Buffer): void;
  /** The other end has ended its side. */
  halfClosed(): void;
  /** The socket has closed. */
  closed(): void;
}

const OWNER = Symbol("owner");
type OwnedSocket = Socket & { [OWNER]?: SocketOwner };

/** Reports events to the owner from now on. */
export function ownSocket(socket: Socket, owner: SocketOwner): void {
  const owned: OwnedSocket = socket;
  owned[OWNER] = owner;
  owned.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
}

function onData(this: OwnedSocket, bytes: Buffer): void {
  this[OWNER]?.read(bytes);
}

function onEnd(this: OwnedSocket): void {
  this[OWNER]?.halfClosed();
}

function onError(): void {
  // The system has ended the connection, and the socket closes by itself.
}

function onClose(this: OwnedSocket): void {
  this[OWNER]?.closed();
}
