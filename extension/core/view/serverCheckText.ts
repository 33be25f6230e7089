// The part of “Chat: Diagnose Connection” about a server that this window has not joined: each step of the connection,
// and the remedy for the first that fails. Markdown.
import * as l10n from "@vscode/l10n";
import { escaped, inlineCode } from "./markdownText.ts";
import { checkStages, type CheckedServer, type CheckStage, type ServerCheck } from "../model/serverCheck.ts";

/** Addresses shown per name. */
const ADDRESSES = 4;

/** Smaller differences between clocks are not noticeable. */
const CLOCK_MS = 5_000;

export function serverCheckText(check: ServerCheck): string {
  const { failure, server } = check;
  const failedAt = failure === null ? checkStages.length : checkStages.indexOf(failure.stage);
  const passed = checkStages.slice(0, failedAt).flatMap((stage) => passedText(stage, check));
  const lines = passed.map((text) => `- ✓ ${text}`);
  if (failure !== null)
    lines.push(`- ✗ ${escaped(sentence(failure.text))} ${nextStep(failure.stage, check)}`);
  if (server !== null) lines.push(...aboutServer(server).map((text) => `- ${text}`));
  return lines.join("\n");
}

function passedText(stage: CheckStage, { url, secure, addresses, server }: ServerCheck): string[] {
  switch (stage) {
    case "address":
      return [l10n.t("Address: {0}", inlineCode(url))];
    case "name":
      return addresses.length === 0
        ? []
        : [l10n.t("Name: resolves to {0}", addresses.slice(0, ADDRESSES).map(inlineCode).join(", "))];
    case "connection":
      return [l10n.t("Connection: the port is open")];
    case "tls":
      return secure ? [l10n.t("TLS: the certificate is trusted")] : [];
    case "server":
      return server === null
        ? []
        : [l10n.t("Fork Chat: the server responded (protocol version {0})", server.version)];
  }
}

function nextStep(stage: CheckStage, { secure }: ServerCheck): string {
  switch (stage) {
    case "address":
      return l10n.t("Correct the setting `forkchat.serverUrl`.");
    case "name":
      return l10n.t(
        "Check the spelling of the name and your network or VPN, or use the server's IP address.",
      );
    case "connection":
      return l10n.t(
        "Check that the server is running and that no firewall blocks the connection. On this machine, **Chat: Start Server** starts one.",
      );
    case "tls":
      return l10n.t(
        "If this is the right server, ask its admin for the certificate's fingerprint and join: you can then trust it. A server without TLS needs a URL that starts with `ws://`.",
      );
    case "server":
      return secure
        ? l10n.t(
            "Check the port and the path. If the server is behind a proxy, the proxy must forward WebSocket connections.",
          )
        : l10n.t("Check the port. If the server uses TLS, the URL must start with `wss://`.");
  }
}

function aboutServer({ needsToken, aheadMs }: CheckedServer): string[] {
  return [
    needsToken
      ? l10n.t("It requires a token. Ask its admin for the token, then run **Chat: Join as…**.")
      : l10n.t("It doesn't require a token."),
    ...(aheadMs === null ? [] : [clockText(aheadMs)]),
  ];
}

function clockText(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) < CLOCK_MS) return l10n.t("Its clock matches this machine's.");
  return aheadMs > 0
    ? l10n.t(
        "Its clock is {0} s ahead of this machine's. Messages show the server's time. Correct the clock that is wrong.",
        seconds,
      )
    : l10n.t(
        "Its clock is {0} s behind this machine's. Messages show the server's time. Correct the clock that is wrong.",
        seconds,
      );
}

/** Turns a sentence part into a sentence. */
function sentence(text: string): string {
  return `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`;
}
