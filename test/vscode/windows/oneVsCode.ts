// The VS Code host and the Chromium of one test process. What is expensive is shared by all test files of the process: the
// installed extension, the port, the browser and its compiled scripts. User data is not: each file gets a host with an empty
// data folder.
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ensureVsCodeHost, startVsCodeHost, type VsCodeHost } from "../../../scripts/vscodeHost.ts";
import { freePort } from "../../support/freePort.ts";
import { VsCodeBrowser } from "../driver/vscodeBrowser.ts";

/** The built-in extensions that the tests use. With all of them, opening a window takes about a third more CPU time. */
const BUILTIN_EXTENSIONS = [
  ...["theme-defaults", "theme-seti", "javascript", "typescript-basics", "json", "markdown-basics"],
  // For the Markdown preview and for a debug session.
  ...["markdown-language-features", "ms-vscode.js-debug"],
];

type Settings = Readonly<Record<string, unknown>>;

export type HostNeeds = { readonly extensions?: readonly string[]; readonly asksForTrust?: boolean };

export class OneVsCode {
  readonly folder: string;
  readonly browser: VsCodeBrowser;
  /** Always the same: Chromium caches compiled scripts by URL. */
  readonly #port: number;
  #host: VsCodeHost | undefined;
  #isInstalled = false;

  private constructor(folder: string, browser: VsCodeBrowser, port: number) {
    this.folder = folder;
    this.browser = browser;
    this.#port = port;
  }

  static async launch(): Promise<OneVsCode> {
    const folder = await mkdtemp(join(tmpdir(), "fork-chat-vscode-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
    return new OneVsCode(folder, await VsCodeBrowser.launch(), await freePort());
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /**
   * Starts the host with the user data it had before, or without any.
   * @param more built-in extensions, and whether VS Code asks whether to trust a folder
   */
  async start(
    machineSettings: Settings,
    memory: "kept" | "new",
    { extensions = [], asksForTrust = false }: HostNeeds = {},
  ): Promise<void> {
    await this.stop();
    if (memory === "new") await rm(join(this.folder, "data"), { recursive: true, force: true });
    this.#host = await startVsCodeHost(await ensureVsCodeHost(console.log), {
      dataDir: this.folder,
      builtinExtensions: [...BUILTIN_EXTENSIONS, ...extensions],
      vsix: this.#isInstalled ? [] : [resolve("dist/fork-chat.vsix")],
      port: this.#port,
      asksForTrust,
      machineSettings,
    });
    this.#isInstalled = true;
  }

  /** Ends the host and everything it started: extension hosts, terminals, debugged programs. */
  async stop(): Promise<void> {
    await this.#host?.stop();
    this.#host = undefined;
  }
}
