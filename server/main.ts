// The server's process: arguments, the one line on standard output, the log on standard error, signals and exit codes.
import { writeSync } from "node:fs";
import { limits } from "../protocol/limits.ts";
import { version } from "../package.json";
import { err, ok, type Result } from "../protocol/result.ts";
import type { AccessToken } from "./admission/accessToken.ts";
import { parseArguments, usage, type Arguments } from "./arguments.ts";
import { createServer } from "./createServer.ts";
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

const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

async function main(): Promise<void> {
  // Whoever reads the output may go away before the server does.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed.ok) {
    process.stderr.write(`${parsed.error}\n\n${usage}`);
    process.exitCode = exitCodes.usage;
    return;
  }
  const args = parsed.value;
  if (args.kind !== "serve") {
    process.stdout.write(args.kind === "help" ? usage : `${version}\n`);
    return;
  }

  const log = createLog({
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
    process.stderr.write(`${protection.error}\n`);
    process.exitCode = exitCodes.usage;
    return;
  }
  const { accessToken, tls } = protection.value;
  for (const reason of openDoors(exposureOf(args))) log("warn", "open-door", { reason });

  const opened =
    args.dataFolder === undefined ? ok(undefined) : openNameStore(args.dataFolder, log, Date.now);
  if (!opened.ok) {
    process.stderr.write(`${opened.error}\n`);
    process.exitCode = exitCodes.failed;
    return;
  }
  const names = opened.value;
  const server = await createServer({
    ...args,
    accessToken,
    tls,
    names,
    historyBytes: limits.historyBytes,
    clients: limits.clients,
    handshakeMs: limits.handshakeMs,
    heartbeatMs: limits.heartbeatMs,
    silenceMs: limits.silenceMs,
    log,
  });
  if (!server.ok) {
    names?.close();
    process.stderr.write(`${server.error}\n`);
    process.exitCode = exitCodes.failed;
    return;
  }
  const stop = (signal: string): void => {
    log("info", "stopping", { signal });
    void server.value.stop().then(() => {
      names?.close();
      process.exit(exitCodes.done);
    });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal));
  process.on("SIGHUP", () => {
    // A terminal that is closed sends it, too: with nothing to read again, that is what it means.
    if (args.tls === undefined) stop("SIGHUP");
    else reloadTls(args.tls, server.value.setTls, log);
  });
  process.stdout.write(`listening on ${server.value.url}\n`);
}

type ServeArguments = Extract<Arguments, { kind: "serve" }>;

/** What the arguments' files hold, and whether it is enough for where the server listens. The error is a sentence. */
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

/** Behind a proxy on this machine, clients come by the public URL, and its TLS is the proxy's. */
function exposureOf({ host, publicUrl, tokenFile, tls }: ServeArguments): Exposure {
  const behind = publicUrl !== undefined && isLocalName(host) ? publicUrl : { hostname: host, secure: false };
  return {
    host: behind.hostname,
    token: tokenFile !== undefined,
    tls: tls !== undefined || behind.secure,
  };
}

/** A certificate that was renewed; with one that cannot be used the former stays. */
function reloadTls(files: TlsFiles, use: (pair: TlsPair) => void, log: Log): void {
  const pair = readTls(files);
  if (pair.ok) use(pair.value);
  log(pair.ok ? "info" : "error", "tls-reloaded", pair.ok ? {} : { reason: pair.error });
}

/** Written synchronously, since the process ends after it; nobody may be there to read it. */
function writeLastLine(fields: Readonly<Record<string, string>>): void {
  try {
    writeSync(process.stderr.fd, `${JSON.stringify({ at: new Date().toISOString(), ...fields })}\n`);
  } catch {
    // There is nowhere left to say it.
  }
}

void main();
