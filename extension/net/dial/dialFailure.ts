// How dialing can fail, and the texts for it.
import * as l10n from "@vscode/l10n";
import { assertNever } from "../../../protocol/result.ts";
import { addressKind } from "../../core/channels/addressKind.ts";

export type DialFailure =
  /** No TCP connection; `code` is the operating system's (`ECONNREFUSED`). */
  | { readonly kind: "network"; readonly code: string }
  /** No answer in time. */
  | { readonly kind: "timeout" }
  /** The connection ended before the answer. */
  | { readonly kind: "cut-off" }
  /** The other side does not use TLS, or not as required. */
  | { readonly kind: "not-tls" }
  /** The other side has a different key than expected. */
  | { readonly kind: "wrong-key" }
  /** The server's certificate is not trusted; its SHA-256, in hexadecimal with colons. */
  | { readonly kind: "untrusted"; readonly fingerprint: string; readonly code: string }
  /** An HTTP status other than 101. `seenHost`: the `Host` that a Fork Chat server saw, if one has answered. */
  | { readonly kind: "status"; readonly status: number; readonly seenHost?: string }
  /** The answer is not a WebSocket's. */
  | { readonly kind: "not-websocket" };

/** The error code from the operating system or a library; empty if there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * Says why dialing failed.
 * @param place `HOST:PORT`
 * @param statusText explains an HTTP status to the user
 * @returns a sentence part without a period
 */
export function dialFailureText(
  place: string,
  failure: DialFailure,
  statusText: (status: number) => string,
  platform = process.platform,
): string {
  switch (failure.kind) {
    case "network":
      return networkFailureText(place, failure.code, platform);
    case "timeout":
      return l10n.t("{0} isn't responding", place);
    case "cut-off":
      return l10n.t("{0} closed the connection right away", place);
    case "not-tls":
      return l10n.t("TLS handshake with {0} failed", place);
    case "wrong-key":
      return l10n.t("{0} presented a different key", place);
    case "untrusted":
      return l10n.t("the certificate of {0} is not trusted ({1})", place, failure.code);
    case "status":
      return statusText(failure.status);
    case "not-websocket":
      return l10n.t("something other than Fork Chat is listening at {0}", place);
    default:
      return assertNever(failure);
  }
}

function networkFailureText(place: string, code: string, platform: NodeJS.Platform): string {
  switch (code) {
    case "ECONNREFUSED":
      return l10n.t("nothing is listening at {0}", place);
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NONAME":
      return l10n.t("the host in {0} was not found", place);
    case "ETIMEDOUT":
      return l10n.t("{0} isn't responding", place);
    case "EHOSTUNREACH":
      if (platform === "darwin" && isInLocalNetwork(place))
        return l10n.t(
          "there is no network route to {0}, or macOS doesn't let VS Code use the local network (System Settings → Privacy & Security → Local Network)",
          place,
        );
      return l10n.t("there is no network route to {0}", place);
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
      return l10n.t("there is no network route to {0}", place);
    default:
      return code === ""
        ? l10n.t("{0} can't be reached", place)
        : l10n.t("{0} can't be reached ({1})", place, code);
  }
}

/** From version 15, macOS asks the user before an app may connect to such places. */
function isInLocalNetwork(place: string): boolean {
  const host = place.replace(/:\d+$/u, "").replace(/^\[|\]$/gu, "");
  return addressKind(host) === "private" || host.endsWith(".local");
}
