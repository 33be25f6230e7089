// Servers that start, or refuse to: one clear line, and an exit code that tells what has to change: 1 for this machine, 2 for the
// command line. For each test of a suite, with a folder.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../support/serverProcess.ts";

/** Create it in a suite. */
export class StartTrial {
  folder = "";
  /** They are stopped after the test. */
  readonly servers: ServerProcess[] = [];

  constructor() {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), "fork-chat-start-"));
    });
    afterEach(async () => {
      await Promise.all(this.servers.splice(0).map((server) => server.stop("SIGKILL")));
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** How it ends; one that starts all the same is stopped, and has no exit code then. */
  exitOf = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const server = new ServerProcess(["--port", "0", ...args]);
    this.servers.push(server);
    const listens = await Promise.race([
      server.listening().then(
        () => true,
        () => false,
      ),
      server.exit.then(() => false),
    ]);
    return listens ? server.stop("SIGKILL") : server.exit;
  };

  refuses = async (line: RegExp, code: 1 | 2, ...args: string[]): Promise<void> => {
    const exit = await this.exitOf(...args);
    assert.deepEqual([exit.code, exit.stdout], [code, ""], `${args.join(" ")}: ${exit.stderr}`);
    assert.match(exit.stderr.split("\n")[0] ?? "", line, args.join(" "));
    if (code === 1) assert.match(exit.stderr, /^[^\n]+\.\n$/, "one line");
    else assert.match(exit.stderr, /^.+\nFor all options: node server\.js --help\n$/s);
  };
}
