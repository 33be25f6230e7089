// What the window tests share: the VS Code host with the packed extension, a browser, and windows in it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { ensureVsCodeHost, startVsCodeHost, type VsCodeHost } from "../../../scripts/vscodeHost.ts";
import { VsCodeBrowser, type WindowOptions } from "../driver/vscodeBrowser.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually, PATIENCE_MS } from "../driver/eventually.ts";

/** What was pressed has had no effect after so long. */
const AGAIN_MS = 1_000;
/** What is there already is found within this time. */
const LOOK_MS = 2_000;

export type Person = { readonly name: string; readonly window: VsCodeWindow };

export class ChatWindows {
  readonly serverUrl: string;
  #host: VsCodeHost;
  readonly #start: () => Promise<VsCodeHost>;
  readonly #opened: VsCodeWindow[] = [];
  readonly #browser: VsCodeBrowser;
  readonly #folder: string;

  private constructor(
    serverUrl: string,
    host: VsCodeHost,
    start: () => Promise<VsCodeHost>,
    browser: VsCodeBrowser,
    folder: string,
  ) {
    this.serverUrl = serverUrl;
    this.#host = host;
    this.#start = start;
    this.#browser = browser;
    this.#folder = folder;
  }

  /** Starts everything, with windows set to join at `serverUrl`; `settings` are those of the machine, for all windows. */
  static async start(
    serverUrl: string,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<ChatWindows> {
    const folder = await mkdtemp(join(tmpdir(), "fork-chat-windows-"));
    const install = await ensureVsCodeHost(console.log);
    const options = {
      vsix: [resolve("dist/fork-chat.vsix")],
      dataDir: join(folder, "data"),
      machineSettings: { "forkchat.serverUrl": serverUrl, ...settings },
    };
    const host = await startVsCodeHost(install, options);
    const again = () => startVsCodeHost(install, { ...options, vsix: [], port: host.port });
    return new ChatWindows(serverUrl, host, again, await VsCodeBrowser.launch(), folder);
  }

  /** Ends VS Code with all its windows' extension hosts, starts it, and opens the windows as they were. */
  async quitAndStart(): Promise<void> {
    const pages = this.#opened.map(({ page }) => ({ page, url: page.url() }));
    // Windows go before their VS Code does, and keep how they were.
    for (const { page } of pages) await page.goto("about:blank");
    await this.#host.stop();
    this.#host = await this.#start();
    for (const { page, url } of pages) await page.goto(url);
    for (const window of this.#opened) await window.whenReady();
  }

  /** Opens a window on a folder of its own. */
  async open(
    name: string,
    options: Pick<WindowOptions, "theme" | "viewport" | "scale"> = {},
  ): Promise<VsCodeWindow> {
    const folder = this.folderOf(name);
    await mkdir(folder, { recursive: true });
    const window = await this.#browser.openWindow({ origin: this.#host.origin, folder, ...options });
    this.#opened.push(window);
    return window;
  }

  /** Opens a second tab of the same browser on a window's folder. */
  async openBeside(window: VsCodeWindow): Promise<VsCodeWindow> {
    const beside = await this.#browser.openBeside(window);
    this.#opened.push(beside);
    return beside;
  }

  /** Where the extension keeps what outlives a window. */
  get keptFolder(): string {
    return join(this.#folder, "data", "data", "User", "globalStorage", "fork-chat.fork-chat", "windows");
  }

  /** The settings of the machine, as they are now. */
  async machineSettings(): Promise<Readonly<Record<string, unknown>>> {
    const path = join(this.#folder, "data", "data", "Machine", "settings.json");
    return v.parse(v.record(v.string(), v.unknown()), JSON.parse(await readFile(path, "utf8")));
  }

  /** Gives the user these settings before their first window is opened. */
  async setUserSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const folder = join(this.#folder, "data", "data", "User");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "settings.json"), JSON.stringify(settings));
  }

  /** The folder that the window of this name has open. */
  folderOf(name: string): string {
    return join(this.#folder, name);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#host.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Joins by the palette, as a newcomer does, and resolves with the panel that this opens. */
export async function joinByPalette(window: VsCodeWindow, name: string): Promise<ChatPanel> {
  let tries = 0;
  return eventually(
    `${name} to have joined`,
    async () => {
      // A webview that is given the focus late closes the palette, or the box, before anything came of it.
      if (tries++ > 0) {
        const panel = await ChatPanel.of(window, LOOK_MS).catch(() => undefined);
        if (panel !== undefined) return panel;
      }
      await window.runCommand("Chat: Join as…");
      await window.quickInput.waitFor("Join Fork Chat", 5_000);
      await giveName(window, name);
      return ChatPanel.of(window, PATIENCE_MS / 2);
    },
    3 * PATIENCE_MS,
  );
}

/** Answers the box that asks for a name, which comes again when something took its focus: Enter may fall in between. */
async function giveName(window: VsCodeWindow, name: string): Promise<void> {
  let [gone, triedAt] = [0, -Infinity];
  await eventually("the name to be taken", async () => {
    const isAsked =
      (await window.quickInput.visible()) && (await window.quickInput.title()) === "Join Fork Chat";
    gone = isAsked ? 0 : gone + 1;
    if (isAsked && performance.now() - triedAt > AGAIN_MS) {
      triedAt = performance.now();
      await window.quickInput.accept(name, AGAIN_MS).catch(() => undefined);
    }
    return gone > 2;
  });
}

/**
 * Waits until the extension host has heard of all that was done in the window before, such as hiding the panel: what VS Code
 * tells it comes in order, so that it knows by the time in which it answers a command. All editors are closed then.
 */
export async function untilHostKnows(window: VsCodeWindow): Promise<void> {
  await window.runCommand("Chat: Diagnose Connection");
  await eventually("the diagnosis", async () =>
    (await window.editorTitles()).some((title) => title.includes("Fork Chat connections")),
  );
  await window.runCommand("View: Close All Editors");
  await eventually("no editor", async () => (await window.editorTitles()).length === 0);
}

/** What a rendered Markdown document shows; empty until one does. */
export async function previewText(window: VsCodeWindow): Promise<string> {
  for (const frame of window.page.frames()) {
    const body = frame.locator("body.vscode-body .markdown-body, body.vscode-body.markdown-body");
    const texts = await body.allInnerTexts().catch(() => []);
    if (texts.length > 0) return texts.join("\n");
  }
  return "";
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port is free");
  return address.port;
}
