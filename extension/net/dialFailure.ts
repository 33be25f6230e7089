// How dialling can fail, and the words for it. Made by dialWebSocket, read by those who dial.
import { assertNever } from "../../protocol/result.ts";

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
  /** An HTTP answer other than 101. */
  | { readonly kind: "status"; readonly status: number }
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
      return `${place} does not answer`;
    case "cut-off":
      return `${place} ended the connection at once`;
    case "not-tls":
      return `what answers at ${place} does not speak TLS as it has to`;
    case "wrong-key":
      return `who answers at ${place} holds another key`;
    case "untrusted":
      return `nobody known here vouches for the certificate of ${place} (${failure.code})`;
    case "status":
      return statusText(failure.status);
    case "not-websocket":
      return `what answers at ${place} is not Fork Chat`;
    default:
      return assertNever(failure);
  }
}

function networkFailureText(place: string, code: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return `nothing listens at ${place}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NONAME":
      return `no machine is known by the name in ${place}`;
    case "ETIMEDOUT":
      return `${place} does not answer`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
      return `there is no way from here to ${place}`;
    default:
      return `${place} cannot be reached${code === "" ? "" : ` (${code})`}`;
  }
}
