// Finds Chromium on this machine, or installs it if that needs no questions. For tests and screenshots.
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installDebianPackages, isExecutable } from "./debianPackages.ts";
import { runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];
const MAC_APPLICATIONS = ["Chromium", "Google Chrome", "Microsoft Edge", "Brave Browser"];
const WINDOWS_FILES = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
/** An emoji font: without it, minimal systems show boxes on screenshots. */
const DEBIAN_PACKAGES = ["chromium", "fonts-noto-color-emoji"];
/** The font whose letter heights the layout tests rely on. */
const FONT = { family: "DejaVu Sans", debianPackage: "fonts-dejavu-core" };
const OWN_BROWSERS = fileURLToPath(new URL("../.cache/browsers", import.meta.url));
const PLAYWRIGHT_CLI = fileURLToPath(new URL("../node_modules/playwright-core/cli.js", import.meta.url));
const WHAT_TO_DO =
  "Chromium was not found and could not be installed. Install Chromium or Google Chrome, " +
  "or set FORKCHAT_CHROMIUM to its path.";

/** The path of a working Chromium. Throws `Unavailable` with advice if there is none. */
export async function ensureChromium(log: (line: string) => void): Promise<string> {
  const named = process.env["FORKCHAT_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (await runs(named)) return named;
    throw new Unavailable(`FORKCHAT_CHROMIUM is ${named}, which is not a working Chromium.`);
  }
  const found = await firstThatRuns([...onPath(), ...usualPlaces()]);
  return (
    found ??
    (await firstThatRuns(await playwrightBrowsers())) ??
    (await installFromDebian(log)) ??
    (await installFromPlaywright(log)) ??
    fail(log)
  );
}

/** Installs the font for the browser tests if it is missing. Only Linux needs it. */
export async function ensureFont(log: (line: string) => void): Promise<void> {
  if (process.platform !== "linux" || (await hasFont())) return;
  // fc-list comes with fontconfig.
  await installDebianPackages(FONT.family, ["fontconfig", FONT.debianPackage], log);
  if (!(await hasFont())) log(`The font ${FONT.family} is missing, so layout tests may fail. Install it.`);
}

async function hasFont(): Promise<boolean> {
  const listed = await runCommand("fc-list", [FONT.family, "family"]).catch(() => undefined);
  return listed?.code === 0 && listed.tail.trim() !== "";
}

function fail(log: (line: string) => void): never {
  log("Neither apt-get (as root on Debian or Ubuntu) nor Playwright could install one.");
  throw new Unavailable(WHAT_TO_DO);
}

async function installFromDebian(log: (line: string) => void): Promise<string | undefined> {
  if (!(await installDebianPackages("Chromium", DEBIAN_PACKAGES, log))) return undefined;
  return firstThatRuns(["/usr/bin/chromium", ...onPath()]);
}

async function installFromPlaywright(log: (line: string) => void): Promise<string | undefined> {
  log("Downloading Chromium with Playwright (once, to .cache/browsers) …");
  const env = { ...process.env, PLAYWRIGHT_BROWSERS_PATH: OWN_BROWSERS };
  const { code, tail } = await runCommand(
    process.execPath,
    [PLAYWRIGHT_CLI, "install", "chromium", "--no-shell"],
    {
      env,
    },
  );
  if (code !== 0) {
    log(`Playwright could not download Chromium:\n${tail}`);
    return undefined;
  }
  return firstThatRuns(await playwrightBrowsers());
}

/** Where Playwright keeps its browser, in its cache and in ours. It reads the environment once. */
async function playwrightBrowsers(): Promise<string[]> {
  const code = "console.log(require('playwright-core').chromium.executablePath())";
  const paths: string[] = [];
  for (const env of [process.env, { ...process.env, PLAYWRIGHT_BROWSERS_PATH: OWN_BROWSERS }]) {
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const result = await runCommand(process.execPath, ["-e", code], { cwd, env });
    if (result.code === 0) paths.push(result.tail.trim());
  }
  return paths;
}

function onPath(): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const suffix = process.platform === "win32" ? ".exe" : "";
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
}

function usualPlaces(): string[] {
  if (process.platform === "darwin") {
    return MAC_APPLICATIONS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform !== "win32") return [];
  return ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((variable) => {
    const folder = process.env[variable];
    return folder === undefined ? [] : WINDOWS_FILES.map((file) => join(folder, file));
  });
}

async function firstThatRuns(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await runs(path)) return path;
  }
  return undefined;
}

/** Being executable is not enough: Ubuntu's `chromium-browser` may only print that there is none. */
async function runs(path: string): Promise<boolean> {
  if (!(await isExecutable(path))) return false;
  // On Windows, a browser that is asked for its version opens a window.
  if (process.platform === "win32") return true;
  const { code } = await runCommand(path, ["--version"]);
  return code === 0;
}
