// The reason for a failed or lost connection to the server, in the core's terms.
import * as l10n from "@vscode/l10n";
import { closeCodes, upgradeStatus } from "../../../protocol/errors.ts";
import { PROTOCOL_VERSION } from "../../../protocol/limits.ts";
import type { CloseCause } from "../../core/model/ports.ts";
import { dialFailureText, type DialFailure } from "../dial/dialFailure.ts";

/** The cause of a failed dial. `rejected`: a retry will not help. */
export function dialFailureCause(place: string, failure: DialFailure): CloseCause {
  const seenHost = failure.kind === "status" ? failure.seenHost : undefined;
  const text = dialFailureText(place, failure, (status) =>
    seenHost === undefined ? statusText(place, status) : proxyFaultText(place, status, seenHost),
  );
  if (failure.kind === "not-websocket" || failure.kind === "not-tls") return { kind: "rejected", text };
  if (failure.kind === "untrusted") return { kind: "untrusted", text, fingerprint: failure.fingerprint };
  return { kind: failure.kind === "status" && !isPassing(failure.status) ? "rejected" : "unreachable", text };
}

/** The cause if the server saw another `Host` than the dialed one; undefined if they are equal. */
export function changedHostCause(place: string, seenHost: string): CloseCause | undefined {
  if (isSameHost(seenHost, place)) return undefined;
  return { kind: "rejected", text: changedHostText(place, seenHost) };
}

/** The cause if the server uses another protocol version. */
export function versionCause(theirs: number): CloseCause {
  const text =
    theirs < PROTOCOL_VERSION
      ? l10n.t(
          "the server uses protocol version {0}, this extension uses version {1}: update the server",
          theirs,
          PROTOCOL_VERSION,
        )
      : l10n.t(
          "the server uses protocol version {0}, this extension uses version {1}: update this extension",
          theirs,
          PROTOCOL_VERSION,
        );
  return { kind: "rejected", text };
}

/**
 * The cause of a closed connection.
 * @param opened whether the challenge had arrived
 */
export function closeCause(place: string, opened: boolean, code: number): CloseCause {
  switch (code) {
    case closeCodes.goingAway:
      return { kind: "server-stopped", text: l10n.t("the server was stopped") };
    case closeCodes.tryAgainLater:
      return { kind: "dropped", text: l10n.t("the lobby is full, and someone else got your place") };
    case closeCodes.replaced:
      return { kind: "replaced", text: l10n.t("you joined with the same name from another window") };
    case closeCodes.silent:
      return { kind: "dropped", text: l10n.t("the server received nothing from this window for too long") };
    case closeCodes.tooManyErrors:
      return {
        kind: "fault",
        text: l10n.t("the server received too many invalid messages from this window"),
      };
    case closeCodes.tooBig:
      return { kind: "fault", text: l10n.t("a message was too large for the server") };
    case closeCodes.handshakeTimeout:
      return { kind: "dropped", text: l10n.t("joining timed out") };
    case closedWithoutFrame:
      return { kind: opened ? "dropped" : "unreachable", text: l10n.t("the connection was lost") };
    default:
      if (opened) {
        const kind = frameFaults.has(code) ? "fault" : "dropped";
        return { kind, text: l10n.t("the server closed the connection") };
      }
      return { kind: "unreachable", text: l10n.t("{0} closed the connection", place) };
  }
}

/** The server could not read a frame (RFC 6455, section 7.4.1). */
const frameFaults: ReadonlySet<number> = new Set([1002, closeCodes.binary, 1007, 1008]);

/** What `ws` reports if a socket ended without a close frame (RFC 6455, section 7.1.5). */
const closedWithoutFrame = 1006;

function isPassing(status: number): boolean {
  return status === upgradeStatus.address || status >= 500;
}

/** A default port may be dropped on the way. */
function isSameHost(seen: string, dialled: string): boolean {
  return [seen, `${seen}:443`, `${seen}:80`].includes(dialled.toLowerCase());
}

function changedHostText(place: string, seenHost: string): string {
  return l10n.t(
    "a proxy changed the host (the server saw {0}, you connected to {1}); the server's admin can make the proxy keep the Host header, or set --public-url",
    seenHost,
    place,
  );
}

/** The reason why a Fork Chat server refuses a proper request. */
function proxyFaultText(place: string, status: number, seenHost: string): string {
  switch (status) {
    case upgradeStatus.host:
      return isSameHost(seenHost, place) ? statusText(place, status) : changedHostText(place, seenHost);
    case upgradeStatus.notFound:
      return l10n.t(
        "the Fork Chat server at {0} isn't at this path; if it is behind a proxy, check the path in its --public-url",
        place,
      );
    case upgradeStatus.upgradeRequired:
      return l10n.t(
        "a proxy at {0} doesn't forward WebSocket connections: it has to keep the Upgrade and Connection headers",
        place,
      );
    default:
      return statusText(place, status);
  }
}

function statusText(place: string, status: number): string {
  switch (status) {
    case upgradeStatus.ticket:
      return l10n.t("the server at {0} requires credentials", place);
    case upgradeStatus.host:
      return l10n.t(
        "the server doesn't accept connections addressed to {0}; try its own IP address and port, or ask its admin to start it with --allow-host {0}",
        place,
      );
    case upgradeStatus.origin:
      return l10n.t("the server at {0} doesn't allow this window to connect", place);
    case upgradeStatus.notFound:
    case upgradeStatus.upgradeRequired:
      return l10n.t("something other than a Fork Chat server is listening at {0}", place);
    case upgradeStatus.address:
      return l10n.t("the server at {0} has too many connections from this address", place);
    case upgradeStatus.full:
      return l10n.t("the server at {0} is full", place);
    default:
      return l10n.t("{0} refused the connection (HTTP status {1})", place, status);
  }
}
