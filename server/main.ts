// The server's process: arguments, the one line on standard output, the log on standard error, signals and exit
// codes. Bundled to dist/server.js and run as `node dist/server.js`.
import { writeSync } from "node:fs";
import { limits } from "../protocol/limits.ts";
import { version } from "../package.json";
import { parseArguments, usage } from "./arguments.ts";
import { createServer } from "./createServer.ts";
import { createLog } from "./log.ts";

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

  const log = createLog(
    (line) => process.stderr.write(line),
    () => Date.now(),
  );
  process.on("uncaughtException", (error) => {
    writeLastLine({ level: "error", event: "uncaught-exception", stack: error.stack ?? error.message });
    process.exit(exitCodes.failed);
  });

  const server = await createServer({
    ...args,
    clients: limits.clients,
    handshakeMs: limits.handshakeMs,
    heartbeatMs: limits.heartbeatMs,
    silenceMs: limits.silenceMs,
    log,
  });
  if (!server.ok) {
    process.stderr.write(`${server.error}\n`);
    process.exitCode = exitCodes.failed;
    return;
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      log("info", "stopping", { signal });
      void server.value.stop().then(() => process.exit(exitCodes.done));
    });
  }
  process.stdout.write(`listening on ${server.value.url}\n`);
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
