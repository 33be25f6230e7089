// What `npm start` and `npm run cluster` share: a server as a process, and windows of VS Code's web host with the packed extension.
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VSIX } from "./makePackage.ts";
import { firstSteps, PEOPLE, preparePerson, TRY_SETTINGS } from "./people.ts";
import { startProcess } from "./processTree.ts";
import { packTour } from "./tour.ts";
import { Unavailable } from "./unavailable.ts";
import { ensureVsCodeHost, startVsCodeHost } from "./vscodeHost.ts";

/** The extension's default server port, and the next one, so that links stay the same. */
const SERVER_PORT = 43210;
const WEB_PORT = 43211;
export const TRY_HOME = fileURLToPath(new URL("../.cache/try/", import.meta.url));
const SERVER = fileURLToPath(new URL("../dist/server.js", import.meta.url));

export const log = (line: string): void => console.log(`  ${line}`);

export type TriedServer = {
  readonly url: string;
  readonly pid: number | undefined;
  readonly ended: Promise<unknown>;
};

/** Starts it at a free port, unless the arguments name one. Resolves when it is listening. */
export async function startServer(...args: readonly string[]): Promise<TriedServer> {
  const { child, ended } = await startProcess(process.execPath, [SERVER, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  const url = await new Promise<string | undefined>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-1000);
      const found = /^listening on (ws:\S+)$/m.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => resolve(undefined));
  });
  if (url === undefined)
    throw new Unavailable("The server did not start. Run `node dist/server.js` to see why.");
  return { url, pid: child.pid, ended };
}

/** The usual port of servers; 0 for any if it is in use. */
export async function serverPort(): Promise<number> {
  const port = await freePort(SERVER_PORT);
  if (port === 0) log(`Port ${SERVER_PORT} is in use. The server uses another one.`);
  return port;
}

/** Shows a link to a window for each person. Resolves when the windows' host has ended. */
export async function openWeb(serverUrl: string): Promise<void> {
  const host = await startVsCodeHost(await ensureVsCodeHost(log), {
    vsix: [VSIX, await packTour()],
    dataDir: join(TRY_HOME, "web"),
    machineSettings: settingsFor(serverUrl),
    port: await freePort(WEB_PORT),
  });
  console.log("\nOpen each link in its own tab. Each one is another person's window.\n");
  for (const name of PEOPLE) {
    const link = new URL(host.origin);
    link.searchParams.set("folder", await preparePerson(name));
    console.log(`  ${name.padEnd(8)} ${link.href}`);
  }
  explain();
  await host.ended;
}

export function explain(): void {
  console.log(`
In anna's window: ${firstSteps("anna")}
In the others, join the same way under their names. A window that was in the lobby before joins by itself.
\\help lists the commands. Ctrl+C here ends everything.`);
}

export function settingsFor(serverUrl: string): Record<string, unknown> {
  return { ...TRY_SETTINGS, "forkchat.serverUrl": serverUrl };
}

/** The wanted port if it is free, otherwise 0. Without a wish, some free port. */
export function freePort(wish = 0): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(wish, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : wish));
    });
  });
}
