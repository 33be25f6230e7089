// `npm start`: builds and packs the extension, starts a server, and opens VS Code with both: desktop if `code` is on the
// PATH, otherwise the web host with a link for each of three people. Ctrl+C ends everything.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { desktopCommand, environmentOutsideVsCode } from "./desktopVsCode.ts";
import { makePackage, VSIX } from "./makePackage.ts";
import { PEOPLE, preparePerson } from "./people.ts";
import { startProcess } from "./processTree.ts";
import { runCommand } from "./runCommand.ts";
import { packTour } from "./tour.ts";
import { explain, log, openWeb, serverPort, settingsFor, startServer, TRY_HOME } from "./tryOut.ts";
import { describeFailure } from "./unavailable.ts";

async function main(): Promise<void> {
  await makePackage(log);
  const { url, ended } = await startServer("--port", String(await serverPort()));
  console.log(`
The Fork Chat server is listening at ${url}.`);
  // If the server stops, another one can be started from the palette.
  void ended.then(() => console.log("The Fork Chat server stopped."));

  // Allows the web host even if desktop VS Code is installed.
  const code = process.env["FORKCHAT_DESKTOP"] === "0" ? undefined : desktopCommand();
  if (code === undefined || !(await openDesktop(code, url))) await openWeb(url);
}

/** Opens two windows with their own profile. Returns false if this `code` cannot do that. */
async function openDesktop(code: string, serverUrl: string): Promise<boolean> {
  const profile = join(TRY_HOME, "desktop");
  const user = join(profile, "User");
  await mkdir(user, { recursive: true });
  await writeFile(join(user, "settings.json"), JSON.stringify(settingsFor(serverUrl), undefined, 2));
  const common = ["--user-data-dir", profile, "--extensions-dir", join(TRY_HOME, "extensions")];
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

try {
  await main();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
process.exit();
