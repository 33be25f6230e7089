// What each window test file uses: a VS Code host with the packed extension and no user data, and windows in it.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import type { WindowOptions } from "../driver/vscodeBrowser.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatPanel } from "../driver/chatPanel.ts";
import { eventually, PATIENCE_MS } from "../driver/eventually.ts";
import { OneVsCode, type HostNeeds } from "./oneVsCode.ts";

/** What was pressed has had no effect after so long. */
const AGAIN_MS = 1_000;
/** What is there already is found within this time. */
const LOOK_MS = 2_000;

export type Person = { readonly name: string; readonly window: VsCodeWindow };

/** Mocha's workers run many files, and are ended from outside. */
const isWorker = process.env["MOCHA_WORKER_ID"] !== undefined;
let launched: Promise<OneVsCode> | undefined;

export class ChatWindows {
  readonly serverUrl: string;
  readonly #vsCode: OneVsCode;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #needs: HostNeeds;
  readonly #opened: VsCodeWindow[] = [];
  readonly #folder: string;

  private constructor(
    vsCode: OneVsCode,
    serverUrl: string,
    settings: Readonly<Record<string, unknown>>,
    needs: HostNeeds,
    folder: string,
  ) {
    this.#vsCode = vsCode;
    this.serverUrl = serverUrl;
    this.#settings = settings;
    this.#needs = needs;
    this.#folder = folder;
  }

  /**
   * Starts VS Code without any user data. Its windows join at `serverUrl`; `settings` are the machine's, for all windows,
   * `extensions` built-in ones that most tests do without. With `asked`, VS Code does not trust the windows' folders by itself.
   * Only one may run at a time in a process.
   */
  static async start(
    serverUrl: string,
    settings: Readonly<Record<string, unknown>> = {},
    extensions: readonly string[] = [],
    trust: "given" | "asked" = "given",
  ): Promise<ChatWindows> {
    const needs = { extensions, asksForTrust: trust === "asked" };
    const vsCode = await (launched ??= OneVsCode.launch());
    const folder = await mkdtemp(join(tmpdir(), "fork-chat-windows-"));
    const windows = new ChatWindows(
      vsCode,
      serverUrl,
      {
        "forkchat.serverUrl": serverUrl,
        // Other processes of this machine open ports: no notification may tell about them.
        "remote.autoForwardPorts": false,
        // The first note would open a view over half of the window.
        "comments.openView": "never",
        // Drawing what moves is half of what a palette's command costs.
        "workbench.reduceMotion": "on",
        ...settings,
      },
      needs,
      folder,
    );
    await vsCode.start(windows.#settings, "new", needs);
    return windows;
  }

  /** Ends VS Code with all its windows' extension hosts, starts it, and opens the windows as they were. */
  async quitAndStart(): Promise<void> {
    const open = this.#opened.filter(({ page }) => !page.isClosed());
    const pages = open.map(({ page }) => ({ page, url: page.url() }));
    // Windows go before their VS Code does, and keep how they were.
    for (const { page } of pages) await page.goto("about:blank");
    await this.#vsCode.stop();
    await this.#vsCode.start(this.#settings, "kept", this.#needs);
    for (const { page, url } of pages) await page.goto(url);
    for (const window of open) await window.whenReady();
  }

  /** Opens a window on a folder of its own, or on a workspace file in it, in an empty browser profile. */
  async open(
    name: string,
    {
      workspace,
      ...options
    }: Pick<WindowOptions, "theme" | "viewport" | "scale"> & { workspace?: string } = {},
  ): Promise<VsCodeWindow> {
    const folder = this.folderOf(name);
    await mkdir(folder, { recursive: true });
    const { browser, origin } = this.#vsCode;
    const opened = workspace === undefined ? folder : join(folder, workspace);
    const window = await browser.openWindow({ origin, folder: opened, ...options });
    this.#opened.push(window);
    return window;
  }

  /** Opens a second tab of the same browser on a window's folder. */
  async openBeside(window: VsCodeWindow): Promise<VsCodeWindow> {
    const beside = await this.#vsCode.browser.openBeside(window);
    this.#opened.push(beside);
    return beside;
  }

  /** Where the extension keeps what outlives a window. */
  get keptFolder(): string {
    return join(this.#userFolder, "globalStorage", "fork-chat.fork-chat", "windows");
  }

  /** The extension host of the window that has joined under this name, as its journal says. */
  async processOf(name: string): Promise<number> {
    for (const file of await readdir(this.keptFolder)) {
      const [first = ""] = (await readFile(join(this.keptFolder, file), "utf8")).split("\n");
      const owner = /"owner":(\d+)/.exec(first)?.[1];
      if (owner !== undefined && new RegExp(`"me":\\{[^}]*"name":"${name}"`).test(first))
        return Number(owner);
    }
    throw new Error(`No window of ${name} is kept`);
  }

  get #userFolder(): string {
    return join(this.#vsCode.folder, "data", "User");
  }

  get #machineSettingsPath(): string {
    return join(this.#vsCode.folder, "data", "Machine", "settings.json");
  }

  /** The settings of the machine, as they are now. */
  async machineSettings(): Promise<Readonly<Record<string, unknown>>> {
    const text = await readFile(this.#machineSettingsPath, "utf8");
    return v.parse(v.record(v.string(), v.unknown()), JSON.parse(text));
  }

  /** Changes some of them. Open windows see the change later. */
  async changeMachineSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const changed = { ...(await this.machineSettings()), ...settings };
    await writeFile(this.#machineSettingsPath, JSON.stringify(changed));
  }

  /** Sets the user's settings before their first window opens: an open window does not see the change. */
  async setUserSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await mkdir(this.#userFolder, { recursive: true });
    await writeFile(join(this.#userFolder, "settings.json"), JSON.stringify(settings));
  }

  /** The folder that the window of this name has open. */
  folderOf(name: string): string {
    return join(this.#folder, name);
  }

  /** Closes the windows, ends VS Code, and empties the browser profiles. */
  async stop(): Promise<void> {
    const { browser, origin } = this.#vsCode;
    try {
      await browser.clear(origin);
    } finally {
      await this.#vsCode.stop();
    }
    await rm(this.#folder, { recursive: true, force: true });
    if (isWorker) return;
    launched = undefined;
    await browser.close();
  }
}

/** Joins by the palette, as a newcomer does, and resolves with the panel that this opens. */
export async function joinByPalette(window: VsCodeWindow, name: string): Promise<ChatPanel> {
  let tries = 0;
  return eventually(
    `${name} to have joined`,
    async () => {
      // A webview that gets the focus late closes the palette, or the box, before it has taken effect.
      if (tries++ > 0) {
        const panel = await ChatPanel.of(window, LOOK_MS).catch(() => undefined);
        if (panel !== undefined) return panel;
      }
      await window.runCommand("Chat: Join as…");
      // Run again while the box is on its way, the command's Enter would answer the box, with the name that stands there.
      await window.quickInput.waitFor("Join Fork Chat", PATIENCE_MS / 2);
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
