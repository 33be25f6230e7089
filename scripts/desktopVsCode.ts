// Finds a desktop VS Code by the `code` on the PATH. For `npm start` and `npm run test:desktop`.
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Where the application is, seen from the real folder of its `code`. */
const APPLICATION: Partial<Record<NodeJS.Platform, string>> = {
  linux: "../code",
  darwin: "../../../MacOS/Electron",
  win32: "../Code.exe",
};

/** The path of the command line `code`; undefined when there is none, or no screen to show a window on. */
export function desktopCommand(): string | undefined {
  if (!hasScreen()) return undefined;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The application itself behind that `code`, which the tests start without its command line. */
export function desktopApplication(): string | undefined {
  const command = desktopCommand();
  const relative = APPLICATION[process.platform];
  if (command === undefined || relative === undefined) return undefined;
  const path = join(dirname(realpathSync(command)), relative);
  return existsSync(path) ? path : undefined;
}

/** Whether a window can be shown: on Linux there may be no display, as on servers and in containers. */
export function hasScreen(): boolean {
  if (process.platform !== "linux") return true;
  return ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => (process.env[name] ?? "") !== "");
}

/** This process's environment without what a VS Code sets for the terminals inside it. */
export function environmentOutsideVsCode(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name)));
}
