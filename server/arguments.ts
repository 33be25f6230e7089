// The command line of the server: what it may say, its defaults, and the usage text. Used by main.ts.
import { parseArgs } from "node:util";
import { limits } from "../protocol/limits.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import {
  parseAllowedHost,
  parseAllowedOrigin,
  parseListenHost,
  parsePublicUrl,
  parseTrustedProxy,
  type PublicUrl,
} from "./admission/hostArguments.ts";

export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
      readonly kind: "serve";
      readonly host: string;
      readonly port: number;
      readonly allowedOrigins: ReadonlySet<string>;
      readonly maxBacklog: number;
      readonly framesPerSecond: number;
      /** What the lobby gives each reader for long. */
      readonly lobbyBytesPerSecond: number;
      readonly clientsPerAddress: number;
      /** Lobby messages that a newcomer gets. */
      readonly newcomerMessages: number;
      readonly tokenFile: string | undefined;
      /** Paths of the certificate and its key, in PEM. */
      readonly tls: { readonly cert: string; readonly key: string } | undefined;
      readonly dataFolder: string | undefined;
      readonly relay: boolean;
      /** Hosts that this server answers to beyond its own addresses, as in a `Host` header, in lower case. */
      readonly allowedHosts: ReadonlySet<string>;
      /** How clients reach it by a reverse proxy; undefined: they come as it listens. */
      readonly publicUrl: PublicUrl | undefined;
      /** Addresses of proxies whose X-Forwarded-For names their clients, each in its plain form. */
      readonly trustedProxies: ReadonlySet<string>;
      readonly insecure: boolean;
    };

export const usage = `Usage: node server.js [options]

  --host ADDRESS              address to listen on (default 127.0.0.1: this machine only)
  --port N                    port to listen on, 0 for any free one (default 43210)
  --token-file FILE           let in only who shows the token that this file holds (at least 22 characters)
  --tls-cert FILE             speak TLS with this certificate (PEM); read again on SIGHUP
  --tls-key FILE              and its key
  --insecure                  listen beyond this machine without token and TLS
  --allow-host NAME[:PORT]    answer to this host as well, such as this machine's name or that of a port forward; may be
                              repeated (default: the addresses that it listens on and localhost, with its own port)
  --public-url URL            the URL that clients use, when a reverse proxy stands before the server
  --trust-proxy ADDRESS       believe the proxy at this IP address who its clients are: the last entry of X-Forwarded-For
                              counts as the client's address; may be repeated (default: none)
  --data FOLDER               keep people's names for them over a restart (default: they are forgotten)
  --no-relay                  do not pass on private sessions between who cannot reach each other
  --allow-origin ORIGIN       let web pages of this origin connect; may be repeated (default: none)
  --max-backlog BYTES         drop a client that leaves more than this unread (default ${limits.backlogBytes})
  --messages-per-second N     messages that one client may send for long (default ${limits.framesPerSecond})
  --lobby-bytes-per-second N  bytes of lobby messages that each reader gets at most (default ${limits.lobbyBytesPerSecond},
                              at most ${limits.lobbyBytesPerSecondMost})
  --clients-per-address N     connections that one address may hold (default ${limits.clientsPerAddress})
  --history N                 messages of the lobby that a newcomer gets (default ${limits.newcomerMessages}, 0 for none)
  --help                      show this and end
  --version                   show the version and end
`;

/** `args` without node and script. The error is a sentence; the usage is shown after it. */
export function parseArguments(args: readonly string[]): Result<Arguments, string> {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const values = parsed.value;
  if (values.help === true) return ok({ kind: "help" });
  if (values.version === true) return ok({ kind: "version" });
  const port = wholeNumber("port", values.port, 0, 65_535);
  if (!port.ok) return port;
  const maxBacklog = wholeNumber("max-backlog", values["max-backlog"], 1, 2 ** 30);
  if (!maxBacklog.ok) return maxBacklog;
  const framesPerSecond = wholeNumber("messages-per-second", values["messages-per-second"], 1, 1_000_000);
  if (!framesPerSecond.ok) return framesPerSecond;
  const lobbyBytes = wholeNumber(
    "lobby-bytes-per-second",
    values["lobby-bytes-per-second"],
    1_024,
    limits.lobbyBytesPerSecondMost,
  );
  if (!lobbyBytes.ok) return lobbyBytes;
  const clientsPerAddress = wholeNumber(
    "clients-per-address",
    values["clients-per-address"],
    1,
    limits.clients,
  );
  if (!clientsPerAddress.ok) return clientsPerAddress;
  const newcomerMessages = wholeNumber("history", values.history, 0, limits.historyMessages);
  if (!newcomerMessages.ok) return newcomerMessages;
  const host = parseListenHost(values.host);
  if (!host.ok) return host;
  const origins = all(values["allow-origin"], parseAllowedOrigin);
  if (!origins.ok) return origins;
  const allowedHosts = all(values["allow-host"], parseAllowedHost);
  if (!allowedHosts.ok) return allowedHosts;
  const url = values["public-url"];
  const publicUrl = url === undefined ? ok(undefined) : parsePublicUrl(url);
  if (!publicUrl.ok) return publicUrl;
  const trustedProxies = all(values["trust-proxy"], parseTrustedProxy);
  if (!trustedProxies.ok) return trustedProxies;
  for (const name of ["token-file", "tls-cert", "tls-key", "data"] as const) {
    if (values[name]?.trim() === "") return err(`--${name} needs a path.`);
  }
  const { "tls-cert": cert, "tls-key": key } = values;
  if ((cert === undefined) !== (key === undefined)) return err("--tls-cert and --tls-key belong together.");
  return ok({
    kind: "serve",
    host: host.value,
    tokenFile: values["token-file"],
    tls: cert === undefined || key === undefined ? undefined : { cert, key },
    dataFolder: values.data,
    relay: values["no-relay"] !== true,
    allowedHosts: allowedHosts.value,
    publicUrl: publicUrl.value,
    trustedProxies: trustedProxies.value,
    insecure: values.insecure === true,
    port: port.value,
    allowedOrigins: origins.value,
    maxBacklog: maxBacklog.value,
    framesPerSecond: framesPerSecond.value,
    lobbyBytesPerSecond: lobbyBytes.value,
    clientsPerAddress: clientsPerAddress.value,
    newcomerMessages: newcomerMessages.value,
  });
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "43210" },
        "token-file": { type: "string" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        insecure: { type: "boolean" },
        "allow-host": { type: "string", multiple: true, default: [] },
        "public-url": { type: "string" },
        "trust-proxy": { type: "string", multiple: true, default: [] },
        data: { type: "string" },
        "no-relay": { type: "boolean" },
        "allow-origin": { type: "string", multiple: true, default: [] },
        "max-backlog": { type: "string", default: String(limits.backlogBytes) },
        "messages-per-second": { type: "string", default: String(limits.framesPerSecond) },
        "lobby-bytes-per-second": { type: "string", default: String(limits.lobbyBytesPerSecond) },
        "clients-per-address": { type: "string", default: String(limits.clientsPerAddress) },
        history: { type: "string", default: String(limits.newcomerMessages) },
        help: { type: "boolean" },
        version: { type: "boolean" },
      },
    });
    return ok(values);
  } catch (error) {
    return err(error instanceof Error ? error.message : "The arguments cannot be read.");
  }
}

/** Each of the values of a repeated argument; the error is that of the first which cannot be. */
function all(
  texts: readonly string[],
  parse: (text: string) => Result<string, string>,
): Result<ReadonlySet<string>, string> {
  const values = new Set<string>();
  for (const text of texts) {
    const value = parse(text);
    if (!value.ok) return value;
    values.add(value.value);
  }
  return ok(values);
}

function wholeNumber(name: string, text: string, min: number, max: number): Result<number, string> {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return ok(value);
  return err(`--${name} needs a whole number from ${min} to ${max}.`);
}
