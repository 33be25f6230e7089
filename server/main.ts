// The server's process: options, the one line on standard output, the log on standard error, signals and exit codes.
import { writeSync } from "node:fs";
import { limits } from "../protocol/limits.ts";
import { version } from "../package.json";
import { err, ok, type Result } from "../protocol/result.ts";
import { openAdminListener } from "./admin/adminListener.ts";
import { metricsText } from "./admin/metricsText.ts";
import { watchProcess } from "./admin/processMetrics.ts";
import { serverMetrics } from "./admin/serverMetrics.ts";
import type { AccessToken } from "./admission/accessToken.ts";
import { parseArguments, usage, type Arguments } from "./arguments.ts";
import { isNodeUnreachable } from "./clusterArguments.ts";
import { shareLobby } from "./sharedLobby.ts";
import { createServer, type RunningServer } from "./createServer.ts";
import type { ListenPlace } from "./admission/hostArguments.ts";
import { isLocalName } from "./admission/hostNames.ts";
import { createLog, type Log } from "./base/log.ts";
import { openNameStore } from "./names/nameStore.ts";
import {
  exposureError,
  openDoors,
  readTls,
  readTokenFile,
  type Exposure,
  type TlsFiles,
  type TlsPair,
} from "./admission/protection.ts";

const exitCodes = { failed: 1, usage: 2 } as const;

async function main(): Promise<void> {
  // The reader of the output may close it before the server ends.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed.ok) {
    fail(`${parsed.error}\nFor all options: node server.js --help`, exitCodes.usage);
    return;
  }
  const args = parsed.value;
  if (args.kind !== "serve") {
    process.stdout.write(args.kind === "help" ? usage : `${version}\n`);
    return;
  }

  const log = createLog({
    least: args.logLevel,
    write: (line) => process.stderr.write(line),
    wallTime: () => Date.now(),
    later: (ms, call) => void setTimeout(call, ms).unref(),
  });
  process.on("uncaughtException", (error) => {
    writeLastLine({ level: "error", event: "uncaught-exception", stack: error.stack ?? error.message });
    process.exit(exitCodes.failed);
  });

  const protection = readProtection(args);
  if (!protection.ok) {
    fail(protection.error, exitCodes.usage);
    return;
  }
  const { accessToken, tls } = protection.value;
  for (const reason of openDoors(exposureOf(args))) log("warn", "open-door", { reason });
  if (isNodeUnreachable(args.host, args.cluster))
    log("warn", "loopback-node-url", { reason: "servers on other machines cannot reach it" });

  const shared = shareLobby(args.cluster, { ...args, accessToken, historyBytes: limits.historyBytes, log });
  if (!shared.ok) {
    fail(shared.error, exitCodes.failed);
    return;
  }
  const opened =
    args.dataFolder === undefined ? ok(undefined) : openNameStore(args.dataFolder, log, Date.now);
  if (!opened.ok) {
    fail(opened.error, exitCodes.failed);
    return;
  }
  const names = opened.value;
  const { tls: files } = args;
  const reloadClusterTls = shared.value?.reloadTls;
  const starting = createServer({
    ...args,
    accessToken,
    tls,
    names,
    joinLobby: shared.value?.join,
    historyBytes: limits.historyBytes,
    heldBytes: limits.heldBytes,
    clients: limits.clients,
    handshakeMs: limits.handshakeMs,
    heartbeatMs: limits.heartbeatMs,
    silenceMs: limits.silenceMs,
    log,
  });
  const end = async (): Promise<void> => {
    const started = await starting;
    if (started.ok) await started.value.stop();
    names?.close();
    process.exit();
  };
  const stop = (signal: string): void => {
    log("info", "stopping", { signal });
    void end();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal));
  process.on("SIGHUP", () => {
    // A closing terminal sends SIGHUP too. Without TLS files to reload, that is what it means.
    if (files === undefined && reloadClusterTls === undefined) stop("SIGHUP");
    if (reloadClusterTls !== undefined) logReload("cluster-tls-reloaded", reloadClusterTls(), log);
    if (files !== undefined)
      void starting.then((server) => server.ok && reloadTls(files, server.value.setTls, log));
  });
  const server = await starting;
  const url = server.ok ? await openAll(args, server.value, log) : server;
  if (!url.ok) {
    fail(url.error, exitCodes.failed);
    await end();
    return;
  }
  process.stdout.write(`listening on ${url.value}\n`);
}

/** The server cannot start, for a reason that the admin is to read. */
function fail(reason: string, code: number): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = code;
}

type ServeArguments = Extract<Arguments, { kind: "serve" }>;

/** Reads the token and TLS files, and checks that they suffice for the listening address. The error is a sentence. */
function readProtection(
  args: ServeArguments,
): Result<{ accessToken: AccessToken | undefined; tls: TlsPair | undefined }, string> {
  const token = args.tokenFile === undefined ? undefined : readTokenFile(args.tokenFile);
  if (token?.ok === false) return token;
  const tls = args.tls === undefined ? undefined : readTls(args.tls);
  if (tls?.ok === false) return tls;
  const problem = args.insecure ? undefined : exposureError(exposureOf(args));
  return problem === undefined ? ok({ accessToken: token?.value, tls: tls?.value }) : err(problem);
}

/** Behind a proxy on this machine, clients use the public URL, and the proxy provides TLS. */
function exposureOf({ host, publicUrl, tokenFile, tls }: ServeArguments): Exposure {
  const behind = publicUrl !== undefined && isLocalName(host) ? publicUrl : { hostname: host, secure: false };
  return {
    host: behind.hostname,
    token: tokenFile !== undefined,
    tls: tls !== undefined || behind.secure,
  };
}

/** Serves health and metrics, and then waits for the lobby. Resolves with the server's URL; the error is a sentence. */
async function openAll(
  { admin, allowedHosts }: ServeArguments,
  server: RunningServer,
  log: Log,
): Promise<Result<string, string>> {
  const served = admin === undefined ? ok(null) : await openAdmin(admin, allowedHosts, server, log);
  const opened = served.ok ? await server.opened : served;
  return opened.ok ? ok(server.url) : opened;
}

/** Serves health and metrics. The error is a sentence. */
async function openAdmin(
  place: ListenPlace,
  allowedHosts: ReadonlySet<string>,
  { isOpen, read }: RunningServer,
  log: Log,
): Promise<Result<null, string>> {
  const readProcess = watchProcess();
  const opened = await openAdminListener({
    ...place,
    allowedHosts,
    isReady: isOpen,
    metrics: () => metricsText([...serverMetrics(read()), ...readProcess()]),
  });
  if (!opened.ok) return opened;
  const { address, port } = opened.value;
  if (!isLocalName(place.host)) {
    log("warn", "open-door", { reason: "anyone who can reach the address of --admin can read the metrics" });
  }
  log("info", "admin-listening", { address, port });
  return ok(null);
}

/** Loads a renewed certificate. If it cannot be used, the former one stays. */
function reloadTls(files: TlsFiles, use: (pair: TlsPair) => void, log: Log): void {
  const pair = readTls(files);
  if (pair.ok) use(pair.value);
  logReload("tls-reloaded", pair, log);
}

function logReload(event: string, renewed: Result<unknown, string>, log: Log): void {
  log(renewed.ok ? "info" : "error", event, renewed.ok ? {} : { reason: renewed.error });
}

/** Writes synchronously, because the process ends after it. The reader may be gone. */
function writeLastLine(fields: Readonly<Record<string, string>>): void {
  try {
    writeSync(process.stderr.fd, `${JSON.stringify({ at: new Date().toISOString(), ...fields })}\n`);
  } catch {
    // Standard error is closed, too.
  }
}

void main();
