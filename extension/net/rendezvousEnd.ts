// Why there is no connection to the server (any more), in the core's terms. Called by rendezvousConnection only.
import { closeCodes, upgradeStatus } from "../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { CloseCause } from "../core/ports.ts";
import { dialFailureText, type DialFailure } from "./dialFailure.ts";

/** For a dial that came to nothing. `rejected` is what another try will not change. */
export function dialFailureCause(place: string, failure: DialFailure): CloseCause {
  const text = dialFailureText(place, failure, (status) => statusText(place, status));
  if (failure.kind === "not-websocket" || failure.kind === "not-tls") return { kind: "rejected", text };
  if (failure.kind === "untrusted") return { kind: "untrusted", text, fingerprint: failure.fingerprint };
  return { kind: failure.kind === "status" && !isPassing(failure.status) ? "rejected" : "unreachable", text };
}

/** For a server which speaks another version of the protocol. */
export function versionCause(theirs: number): CloseCause {
  const older = theirs < PROTOCOL_VERSION ? "the server" : "this extension";
  return {
    kind: "rejected",
    text:
      `the server speaks version ${String(theirs)} of the protocol and this extension version ` +
      `${String(PROTOCOL_VERSION)}: ${older} needs an update`,
  };
}

/**
 * For a connection that has been closed.
 * @param opened whether the challenge had come
 */
export function closeCause(place: string, opened: boolean, code: number): CloseCause {
  switch (code) {
    case closeCodes.goingAway:
      return { kind: "server-stopped", text: "the server has been stopped" };
    case closeCodes.replaced:
      return { kind: "replaced", text: "the same name has joined from another window" };
    case closeCodes.silent:
      return { kind: "dropped", text: "the server had heard nothing from this window for too long" };
    case closeCodes.tooManyErrors:
      return { kind: "dropped", text: "the server got too many faulty messages from this window" };
    case closeCodes.tooBig:
      return { kind: "dropped", text: "a message was larger than the server takes" };
    case closeCodes.handshakeTimeout:
      return { kind: "dropped", text: "joining took too long" };
    case closedWithoutFrame:
      return { kind: opened ? "dropped" : "unreachable", text: "the connection was cut off" };
    default:
      if (opened) return { kind: "dropped", text: "the server closed the connection" };
      return { kind: "unreachable", text: `${place} closed the connection` };
  }
}

/** What `ws` reports when a socket ended without a close frame (RFC 6455, section 7.1.5). */
const closedWithoutFrame = 1006;

function isPassing(status: number): boolean {
  return status === upgradeStatus.address || status >= 500;
}

function statusText(place: string, status: number): string {
  switch (status) {
    case upgradeStatus.ticket:
      return `the server at ${place} asks for credentials`;
    case upgradeStatus.host:
      return `the server does not know itself as ${place}; whoever runs it can tell it with --allow-host`;
    case upgradeStatus.origin:
      return `the server at ${place} does not let this window in`;
    case upgradeStatus.notFound:
    case upgradeStatus.upgradeRequired:
      return `what answers at ${place} is not a Fork Chat server`;
    case upgradeStatus.address:
      return `the server at ${place} has too many connections from this address`;
    case upgradeStatus.full:
      return `the server at ${place} is full`;
    default:
      return `${place} refused the connection (HTTP status ${String(status)})`;
  }
}
