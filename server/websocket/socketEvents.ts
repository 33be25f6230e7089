// The events of a client's socket. One function for all sockets: those of thousands would take more memory than everything else
// that is known of an idle client.
import type { Socket } from "node:net";

/** What is told of a socket's events. */
export interface SocketOwner {
  read(bytes: Buffer): void;
  /** The other end sends nothing any more. */
  halfClosed(): void;
  /** The socket is no more. */
  closed(): void;
}

const OWNER = Symbol("owner");
type OwnedSocket = Socket & { [OWNER]?: SocketOwner };

/** Tells the owner from now on. */
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
  // The system has ended the connection; the socket closes by itself.
}

function onClose(this: OwnedSocket): void {
  this[OWNER]?.closed();
}
