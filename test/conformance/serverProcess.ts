// Runs the built server as a process of its own, as a user would. For the conformance tests.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = fileURLToPath(new URL("../../dist/server.js", import.meta.url));

export type Exit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export class ServerProcess {
  readonly child: ChildProcess;
  /** When the process has ended and its output is complete. */
  readonly exit: Promise<Exit>;
  #stdout = "";
  #stderr = "";

  /** Starts it with exactly these arguments. */
  constructor(args: readonly string[]) {
    assert.ok(existsSync(bundle), "dist/server.js is missing: run `npm run build` first");
    this.child = spawn(process.execPath, [bundle, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.exit = new Promise((resolve) => {
      this.child.once("close", (code, signal) =>
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  /** Starts it on a free port and waits until it listens. */
  static async start(...args: readonly string[]): Promise<ServerProcess> {
    const server = new ServerProcess(["--port", "0", ...args]);
    const ended = server.exit.then(({ stderr }) => assert.fail(`the server ended: ${stderr}`));
    while (!server.#stdout.includes("\n")) {
      await Promise.race([once(server.child.stdout ?? server.child, "data"), ended]);
    }
    return server;
  }

  get url(): string {
    const url = /^listening on (ws:\/\/\S+)\n/.exec(this.#stdout)?.[1];
    return url ?? assert.fail("the server does not listen yet");
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get stderr(): string {
    return this.#stderr;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Exit> {
    this.child.kill(signal);
    return this.exit;
  }
}
