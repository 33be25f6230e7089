// Where a server has to listen for clients to find it at a URL: only this machine's own names and addresses are
// allowed.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import * as l10n from "@vscode/l10n";
import { isLoopback } from "../../../protocol/ipAddress.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { listedInterfaces } from "../../core/channels/networkInterfaces.ts";
import { isLocalhost, readServerUrl } from "../../core/model/serverAddress.ts";
import { serverUrlProblemText } from "../../core/texts/serverUrlTexts.ts";

export type ListenPlace = {
  /** An IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The host name by which clients will reach the server; undefined for an address. */
  readonly name: string | undefined;
  /** Whether only this machine can reach it. */
  readonly isLocal: boolean;
};

/** Timeout of a name lookup in milliseconds. */
const LOOKUP_MS = 5_000;

/** The error is a sentence for people. */
export async function listenPlace(url: string): Promise<Result<ListenPlace, string>> {
  const read = readServerUrl(url);
  if (!read.ok) {
    return err(l10n.t("The server can't be started at “{0}”: {1}.", url, serverUrlProblemText(read.error)));
  }
  if (read.value.startsWith("wss:")) {
    return err(
      l10n.t(
        "A server with TLS needs a certificate. Start it from a command line with --tls-cert and --tls-key (see the README).",
      ),
    );
  }
  // The host as typed: 0.0.0.0 is dialed as this machine, but listens on every address.
  const written = withoutBrackets(new URL(url.trim()).hostname);
  const host = withoutBrackets(new URL(read.value).hostname);
  const port = portOf(read.value);
  if (written === "0.0.0.0" || written === "::") {
    return ok({ host: written, port, name: undefined, isLocal: false });
  }
  const own = ownAddress(isIP(host) === 0 ? await addressesOf(host) : [host]);
  if (own === undefined) {
    return err(
      l10n.t("The setting forkchat.serverUrl points to another machine ({0}). Start the server there.", host),
    );
  }
  return ok({ host: own, port, name: isIP(host) === 0 ? host : undefined, isLocal: isLoopback(own) });
}

/** The port of a valid URL. */
export function portOf(url: string): number {
  return Number(new URL(url).port || "80");
}

/** The first address of this machine, preferably one that others can reach. */
function ownAddress(addresses: readonly string[]): string | undefined {
  const interfaces = Object.values(listedInterfaces(networkInterfaces)).flatMap((list) => list ?? []);
  const own = addresses.filter(
    (address) => isLoopback(address) || interfaces.some((info) => info.address.toLowerCase() === address),
  );
  return own.find((address) => !isLoopback(address)) ?? own[0];
}

async function addressesOf(name: string): Promise<string[]> {
  if (isLocalhost(name)) return ["127.0.0.1"];
  const found = lookup(name, { all: true }).catch(() => []);
  const late = new AbortController();
  const timer = delay(LOOKUP_MS, [], { signal: late.signal }).catch(() => []);
  const addresses = await Promise.race([found, timer]);
  late.abort();
  return addresses.map(({ address }) => address.toLowerCase());
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/gu, "");
}
