// Finds desktop VS Code by the `code` on the PATH.
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** The application, relative to the real folder of its `code`. */
const APPLICATION: Partial<Record<NodeJS.Platform, string>> = {
  linux: "../code",
  darwin: "../../../MacOS/Electron",
  win32: "../Code.exe",
};

/** The path of `code`; undefined if there is none, or no screen. */
export function desktopCommand(): string | undefined {
  if (!hasScreen()) return undefined;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The application behind that `code`, which the tests start directly. */
export function desktopApplication(): string | undefined {
  const command = desktopCommand();
  const relative = APPLICATION[process.platform];
  if (command === undefined || relative === undefined) return undefined;
  const path = join(dirname(realpathSync(command)), relative);
  return existsSync(path) ? path : undefined;
}

/** Whether a window can be shown. On Linux, servers and containers may lack a display. */
export function hasScreen(): boolean {
  if (process.platform !== "linux") return true;
  return ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => (process.env[name] ?? "") !== "");
}

/** This process's environment without the variables that VS Code sets for its terminals. */
export function environmentOutsideVsCode(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name)));
}
