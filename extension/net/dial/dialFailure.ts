// How dialling can fail, and the words for it. Made by dialWebSocket, read by those who dial.
import * as l10n from "@vscode/l10n";
import { assertNever } from "../../../protocol/result.ts";

export type DialFailure =
  /** No TCP connection; `code` is that of the operating system (`ECONNREFUSED`). */
  | { readonly kind: "network"; readonly code: string }
  /** No answer in time. */
  | { readonly kind: "timeout" }
  /** The connection ended before the answer. */
  | { readonly kind: "cut-off" }
  /** TLS was spoken to something that does not speak it, or not as it has to. */
  | { readonly kind: "not-tls" }
  /** Somebody answers, who holds another key than the expected one. */
  | { readonly kind: "wrong-key" }
  /** TLS of a server whose certificate nobody vouches for; its SHA-256, hexadecimal with colons. */
  | { readonly kind: "untrusted"; readonly fingerprint: string; readonly code: string }
  /** An HTTP answer other than 101. `seenHost`: the `Host` that a Fork Chat server saw, where one has answered. */
  | { readonly kind: "status"; readonly status: number; readonly seenHost?: string }
  /** An answer that is no WebSocket's. */
  | { readonly kind: "not-websocket" };

/** The code that the operating system or a library gave an error; empty when there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * Says why dialling failed.
 * @param place `HOST:PORT`
 * @param statusText says what an HTTP status means to the one who dialled
 * @returns a sentence part without a period
 */
export function dialFailureText(
  place: string,
  failure: DialFailure,
  statusText: (status: number) => string,
): string {
  switch (failure.kind) {
    case "network":
      return networkFailureText(place, failure.code);
    case "timeout":
      return l10n.t("{0} does not answer", place);
    case "cut-off":
      return l10n.t("{0} ended the connection at once", place);
    case "not-tls":
      return l10n.t("what answers at {0} does not speak TLS as it has to", place);
    case "wrong-key":
      return l10n.t("who answers at {0} holds another key", place);
    case "untrusted":
      return l10n.t("nobody known here vouches for the certificate of {0} ({1})", place, failure.code);
    case "status":
      return statusText(failure.status);
    case "not-websocket":
      return l10n.t("what answers at {0} is not Fork Chat", place);
    default:
      return assertNever(failure);
  }
}

function networkFailureText(place: string, code: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return l10n.t("nothing listens at {0}", place);
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NONAME":
      return l10n.t("no machine is known by the name in {0}", place);
    case "ETIMEDOUT":
      return l10n.t("{0} does not answer", place);
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
      return l10n.t("there is no way from here to {0}", place);
    default:
      return code === ""
        ? l10n.t("{0} cannot be reached", place)
        : l10n.t("{0} cannot be reached ({1})", place, code);
  }
}
