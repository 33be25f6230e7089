// `npm start`: builds and packs the extension, starts a server, and opens VS Code with both: desktop if `code` is on the
// PATH, otherwise the web host with a link for each of three people. Ctrl+C ends everything.
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { desktopCommand, environmentOutsideVsCode } from "./desktopVsCode.ts";
import { makePackage, VSIX } from "./makePackage.ts";
import { firstSteps, PEOPLE, preparePerson, TRY_SETTINGS } from "./people.ts";
import { startProcess } from "./processTree.ts";
import { runCommand } from "./runCommand.ts";
import { packTour } from "./tour.ts";
import { describeFailure, Unavailable } from "./unavailable.ts";
import { ensureVsCodeHost, startVsCodeHost } from "./vscodeHost.ts";

/** The extension's default server port, and the next one, so that links stay the same. */
const SERVER_PORT = 43210;
const WEB_PORT = 43211;
const HOME = fileURLToPath(new URL("../.cache/try/", import.meta.url));
const SERVER = fileURLToPath(new URL("../dist/server.js", import.meta.url));

const log = (line: string): void => console.log(`  ${line}`);

async function main(): Promise<void> {
  await makePackage(log);
  const { url, ended } = await startServer();
  console.log(`
The Fork Chat server is listening at ${url}.`);
  // If the server stops, another one can be started from the palette.
  void ended.then(() => console.log("The Fork Chat server stopped."));

  // Allows the web host even if desktop VS Code is installed.
  const code = process.env["FORKCHAT_DESKTOP"] === "0" ? undefined : desktopCommand();
  if (code === undefined || !(await openDesktop(code, url))) await openWeb(url);
}

/** Resolves when it is listening: at the usual port, or at another one if that is in use. */
async function startServer(): Promise<{ url: string; ended: Promise<unknown> }> {
  const port = await freePort(SERVER_PORT);
  if (port === 0) log(`Port ${SERVER_PORT} is in use. The server uses another one.`);
  const { child, ended } = await startProcess(process.execPath, [SERVER, "--port", String(port)], {
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
  return { url, ended };
}

async function openWeb(serverUrl: string): Promise<void> {
  const host = await startVsCodeHost(await ensureVsCodeHost(log), {
    vsix: [VSIX, await packTour()],
    dataDir: join(HOME, "web"),
    machineSettings: settings(serverUrl),
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

/** Opens two windows with their own profile. Returns false if this `code` cannot do that. */
async function openDesktop(code: string, serverUrl: string): Promise<boolean> {
  const profile = join(HOME, "desktop");
  const user = join(profile, "User");
  await mkdir(user, { recursive: true });
  await writeFile(join(user, "settings.json"), JSON.stringify(settings(serverUrl), undefined, 2));
  const common = ["--user-data-dir", profile, "--extensions-dir", join(HOME, "extensions")];
  // As root, VS Code does not run with its sandbox.
  if (process.getuid?.() === 0) common.push("--no-sandbox");
  const shell = process.platform === "win32" ? ["cmd.exe", "/d", "/c", code] : [code];
  const [command = code, ...before] = shell;
  const env = environmentOutsideVsCode();
  const extensions = [VSIX, await packTour()].flatMap((vsix) => ["--install-extension", vsix]);
  const install = await runCommand(command, [...before, ...common, ...extensions, "--force"], { env });
  if (install.code !== 0) {
    log(
      "The `code` on the PATH cannot install the extension into its own profile. Using the web host instead.",
    );
    return false;
  }
  // With --verbose, the command lives as long as its window, so Ctrl+C ends both.
  const windows = PEOPLE.slice(0, 2).map(async (name) => {
    const folder = await preparePerson(name);
    const args = [...before, ...common, "--verbose", "--new-window", folder];
    return startProcess(command, args, { env, stdio: "ignore" });
  });
  console.log("\nTwo VS Code windows are opening, one for anna and one for bobby.");
  explain();
  await Promise.all((await Promise.all(windows)).map((tree) => tree.ended));
  return true;
}

function explain(): void {
  console.log(`
In anna's window: ${firstSteps("anna")}
In the others, join the same way under their names. \\help lists the commands. Ctrl+C here ends everything.`);
}

function settings(serverUrl: string): Record<string, unknown> {
  return { ...TRY_SETTINGS, "forkchat.serverUrl": serverUrl };
}

/** The wanted port if it is free, otherwise 0 for any. */
function freePort(wish: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(wish, "127.0.0.1", () => probe.close(() => resolve(wish)));
  });
}

try {
  await main();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
process.exit();
