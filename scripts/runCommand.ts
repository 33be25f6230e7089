// Runs one command quietly and keeps the end of its output for an error message.
import { startProcess, type ProcessOptions } from "./processTree.ts";

export interface CommandResult {
  readonly code: number | null;
  /** The last lines of both output streams together. */
  readonly tail: string;
}

const TAIL_CHARACTERS = 4000;

/** Runs a command and waits for its end. Rejects if it cannot be started, but not for an exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: Omit<ProcessOptions, "stdio"> = {},
): Promise<CommandResult> {
  const { child, ended } = await startProcess(command, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let tail = "";
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString("utf8")).slice(-TAIL_CHARACTERS);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const code = await ended;
  return { code, tail };
}

/** npm's command line, also where it cannot be started without a shell. */
export function npmCommand(): { readonly command: string; readonly args: readonly string[] } {
  const script = process.env["npm_execpath"];
  if (script?.endsWith("npm-cli.js")) return { command: process.execPath, args: [script] };
  return process.platform === "win32"
    ? { command: "cmd.exe", args: ["/d", "/c", "npm"] }
    : { command: "npm", args: [] };
}
