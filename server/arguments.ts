// Parses the server's command line: options, defaults and the usage text.
import { parseArgs } from "node:util";
import { limits } from "../protocol/limits.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import {
  parseAdminPlace,
  parseAllowedHost,
  parseAllowedOrigin,
  parseListenHost,
  parsePublicUrl,
  parseTrustedProxy,
  type ListenPlace,
} from "./admission/hostArguments.ts";
import { logLevels, type LogLevel } from "./base/log.ts";
import { clusterOptions, clusterUsage, parseCluster, type ClusterArguments } from "./clusterArguments.ts";
import type { ServerOptions } from "./createServer.ts";

export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | (Pick<
      ServerOptions,
      | "host"
      | "port"
      | "allowedOrigins"
      | "maxBacklog"
      | "framesPerSecond"
      | "lobbyBytesPerSecond"
      | "clientsPerAddress"
      | "newcomerMessages"
      | "relay"
      | "allowedHosts"
      | "publicUrl"
      | "trustedProxies"
    > & {
      readonly kind: "serve";
      readonly tokenFile: string | undefined;
      /** Paths of the certificate and its key, in PEM. */
      readonly tls: { readonly cert: string; readonly key: string } | undefined;
      readonly dataFolder: string | undefined;
      readonly insecure: boolean;
      /** Where health and metrics are served; undefined: nowhere. */
      readonly admin: ListenPlace | undefined;
      readonly logLevel: LogLevel;
      /** Undefined: the server has a lobby of its own. */
      readonly cluster: ClusterArguments | undefined;
    });

export const usage = `Usage: node server.js [options]

  --host ADDRESS              address to listen on (default 127.0.0.1: this machine only)
  --port N                    port to listen on, 0 for any free port (default 43210)
  --token-file FILE           require the token in this file to join (at least 22 characters)
  --tls-cert FILE             serve TLS with this certificate (PEM); reloaded on SIGHUP
  --tls-key FILE              private key of the certificate (PEM)
  --insecure                  allow listening beyond this machine without a token and TLS
  --allow-host NAME[:PORT]    also accept this host name, such as this machine's name or the host of a port forward;
                              repeatable (default: the addresses it listens on and localhost, with its own port)
  --public-url URL            URL that clients use when the server is behind a reverse proxy
  --trust-proxy ADDRESS       trust the proxy at this IP address: the last entry of its X-Forwarded-For header is the
                              client's address; repeatable (default: none)
  --data FOLDER               remember who owns which name across restarts (default: forget)
  --no-relay                  do not relay private sessions between peers that cannot connect directly
  --allow-origin ORIGIN       let web pages of this origin connect; repeatable (default: none)
  --max-backlog BYTES         disconnect a client with more unread bytes than this (default ${limits.backlogBytes})
  --messages-per-second N     sustained messages per second from one client (default ${limits.framesPerSecond})
  --lobby-bytes-per-second N  maximum bytes of lobby messages per second to each client (default ${limits.lobbyBytesPerSecond},
                              maximum ${limits.lobbyBytesPerSecondMost})
  --clients-per-address N     maximum connections from one address (default ${limits.clientsPerAddress})
  --history N                 lobby messages sent to a client that joins (default ${limits.newcomerMessages}, 0 for none)
  --admin [HOST:]PORT         serve /healthz, /readyz and /metrics there (default: nowhere; host 127.0.0.1)
  --log-level LEVEL           least important lines to log: info, warn or error (default info)
  --help                      print this help and exit
  --version                   print the version and exit
${clusterUsage}`;

/** @param args without node and script. The error is a sentence, printed above the usage. */
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
  const admin = values.admin === undefined ? ok(undefined) : parseAdminPlace(values.admin);
  if (!admin.ok) return admin;
  const logLevel = logLevels.find((level) => level === values["log-level"]);
  if (logLevel === undefined) return err("--log-level must be info, warn or error.");
  for (const name of ["token-file", "tls-cert", "tls-key", "data"] as const) {
    if (values[name]?.trim() === "") return err(`--${name} needs a path.`);
  }
  const { "tls-cert": cert, "tls-key": key } = values;
  if ((cert === undefined) !== (key === undefined))
    return err("--tls-cert and --tls-key must be used together.");
  const cluster = parseCluster(values);
  if (!cluster.ok) return cluster;
  return ok({
    kind: "serve",
    cluster: cluster.value,
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
    admin: admin.value,
    logLevel,
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
        admin: { type: "string" },
        "log-level": { type: "string", default: "info" },
        help: { type: "boolean" },
        version: { type: "boolean" },
        ...clusterOptions,
      },
    });
    return ok(values);
  } catch (error) {
    return err(error instanceof Error ? error.message : "Cannot parse the arguments.");
  }
}

/** Parses each value of a repeatable option. The error is that of the first invalid one. */
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
  return err(`--${name} must be a whole number from ${min} to ${max}.`);
}
