// The built server as a process of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export class ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.port = Number(new URL(url).port);
    this.#child = child;
  }

  /** Starts `dist/server.js` and resolves when it says that it listens. */
  static start(...args: string[]): Promise<ServerProcess> {
    return ServerProcess.startScript("dist/server.js", ...args);
  }

  /** The same with the script's own path, for a process that does not run in the repository. */
  static async startScript(script: string, ...args: string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [script, "--port", "0", ...args], {
      stdio: ["ignore", "pipe", "ignore"],
      // In a desktop VS Code, the program of an extension host is a plain Node only with this.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const match = /^listening on (ws:\S+)$/m.exec(text);
        if (match?.[1] !== undefined) resolve(match[1]);
      });
      child.once("exit", (code) => reject(new Error(`The server ended with ${String(code)}`)));
    });
    return new ServerProcess(url, child);
  }

  /** Ends the process and resolves with its exit code, or null after `SIGKILL`. */
  async stop(signal: "SIGTERM" | "SIGINT" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const exit = once(this.#child, "exit");
    this.#child.kill(signal);
    await exit;
    return this.#child.exitCode;
  }
}
