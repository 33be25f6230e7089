// The built server as a separate process, as a user runs it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export type Exit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Relative to the repository's folder, where tests run. */
const BUNDLE = "dist/server.js";

/** Arguments of a server that is also reached through proxies at these local ports. */
export function reachedAt(...ports: readonly number[]): string[] {
  return ports.flatMap((port) => ["--allow-host", `127.0.0.1:${String(port)}`]);
}

export class ServerProcess {
  readonly child: ChildProcess;
  /** Resolves when the process has ended and its output is complete. */
  readonly exit: Promise<Exit>;
  #stdout = "";
  #stderr = "";

  /**
   * Starts it with exactly these arguments, which may be invalid.
   * @param within words before the program, such as `ip netns exec NAME`
   */
  constructor(args: readonly string[], script = BUNDLE, within: readonly string[] = []) {
    const [command = process.execPath, ...words] = [...within, process.execPath, script, ...args];
    this.child = spawn(command, words, {
      stdio: ["ignore", "pipe", "pipe"],
      // In a desktop VS Code, an extension host's program is plain Node.js only with this variable.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.exit = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code, signal) =>
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  /** Starts it on a free port, unless the arguments name one, and resolves when it is listening. */
  static start(...args: readonly string[]): Promise<ServerProcess> {
    return ServerProcess.startScript(BUNDLE, ...args);
  }

  /** The same with the script's own path, for a test that does not run in the repository's folder. */
  static async startScript(script: string, ...args: readonly string[]): Promise<ServerProcess> {
    const server = new ServerProcess(["--port", "0", ...args], script);
    await server.listening();
    return server;
  }

  /** Resolves when it is listening; fails with its output otherwise. */
  async listening(): Promise<void> {
    const ended = this.exit.then(({ stderr }) => {
      throw new Error(`The server ended: ${stderr}`);
    });
    while (!this.#stdout.includes("\n")) {
      await Promise.race([once(this.child.stdout ?? this.child, "data"), ended]);
    }
    // From here on, a test may end it on purpose.
    ended.catch(() => undefined);
  }

  /** Known once it is listening. */
  get url(): string {
    const url = /^listening on (wss?:\/\/\S+)\n/.exec(this.#stdout)?.[1];
    if (url === undefined) throw new Error("The server does not listen yet.");
    return url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Its log so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when its log has this. */
  async logged(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#stderr)) await once(this.child.stderr ?? this.child, "data");
  }

  /** Sends it a signal, unless it has ended, and resolves when it has. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Exit> {
    this.child.kill(signal);
    return this.exit;
  }
}
