// A real nginx in front of a server, with the configuration from a test.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureNginx } from "../../scripts/nginx.ts";

export class Nginx {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * @param servers the content of its `http` block
   * @param within words before the program, such as `ip netns exec NAME`
   */
  static async start(servers: string, within: readonly string[] = []): Promise<Nginx> {
    const path = await ensureNginx((line) => console.log(`      ${line}`));
    const folder = await mkdtemp(join(tmpdir(), "fork-chat-nginx-"));
    const scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(" ");
    const file = join(folder, "nginx.conf");
    await writeFile(
      file,
      `daemon off; pid ${folder}/nginx.pid; worker_processes 1; error_log stderr notice;
events { worker_connections 256; }
http { access_log off; ${scratch}
${servers}
}
`,
    );
    const words = [...within, path, "-p", folder, "-c", file];
    const child = spawn(words[0] ?? path, words.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
    const nginx = new Nginx(child, folder);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    while (!said.includes("start worker process ")) {
      const more = await Promise.race([
        once(child.stderr, "data").then(() => true),
        once(child, "exit").then(() => false),
      ]);
      if (!more) throw new Error(`nginx does not start: ${said}`);
    }
    return nginx;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, "exit");
    if (this.#child.exitCode === null && this.#child.kill("SIGTERM")) await exit;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
