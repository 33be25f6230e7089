// The one Chromium in which a test process opens its windows, each person in a profile of their own.
import { chromium, type Browser, type BrowserContext } from "playwright-core";
import { ensureChromium } from "../../../scripts/chromium.ts";
import { eventually, PATIENCE_MS } from "./eventually.ts";
import { VsCodeWindow, type Theme } from "./vscodeWindow.ts";

const QUIET = [
  ...["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
  // Windows that are not looked at work as fast as the one that is.
  ...["--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"],
];

/** A workspace that shows no folders after so long is loaded again. */
const FOLDERS_MS = 5_000;

const SIZE = { width: 1280, height: 800 };

export interface WindowOptions {
  /** Of the VS Code host. */
  readonly origin: string;
  /** Absolute path of the folder, or the .code-workspace file, to open; none opens an empty window. */
  readonly folder?: string;
  /** In CSS pixels; 1280 × 800 when absent. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly theme?: Theme;
  /** Pixels of a picture for each CSS pixel; 1 when absent. */
  readonly scale?: number;
  /** Pairs for the workbench's environment, such as `extensionTestsPath`; heeded by a host with `testDriver` only. */
  readonly payload?: readonly (readonly [name: string, value: string])[];
}

/** Starts the Chromium of this machine, headless; for the driver and for tests of pages alone. */
export async function launchChromium(log: (line: string) => void = console.log): Promise<Browser> {
  const executablePath = await ensureChromium(log);
  // As root, Chromium refuses to run with its sandbox.
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...root, ...QUIET] });
}

export class VsCodeBrowser {
  readonly #browser: Browser;
  /** Emptied profiles for reuse. They still have Chromium's caches of compiled scripts, which halves the time to open a window. */
  readonly #free: { readonly context: BrowserContext; readonly scale: number }[] = [];
  readonly #used: { readonly context: BrowserContext; readonly scale: number }[] = [];

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(log?: (line: string) => void): Promise<VsCodeBrowser> {
    return new VsCodeBrowser(await launchChromium(log));
  }

  /** Opens a window for a first-time user of this VS Code, and waits until it can be used. */
  async openWindow(options: WindowOptions): Promise<VsCodeWindow> {
    const context = await this.#profile(options.scale ?? 1);
    const page = await context.newPage();
    await page.setViewportSize(options.viewport ?? SIZE);
    await page.goto(windowUrl(options), { timeout: 2 * PATIENCE_MS });
    const window = new VsCodeWindow(page);
    await window.whenReady();
    if (isWorkspace(options.folder)) await untilFolders(window);
    if (options.theme !== undefined) await window.setTheme(options.theme);
    return window;
  }

  /** Opens another tab of the same user's browser on what a window shows. */
  async openBeside(window: VsCodeWindow): Promise<VsCodeWindow> {
    const page = await window.page.context().newPage();
    await page.goto(window.page.url(), { timeout: 2 * PATIENCE_MS });
    const beside = new VsCodeWindow(page);
    await beside.whenReady();
    return beside;
  }

  /** Closes all windows, and deletes what their profiles stored for this origin. */
  async clear(origin: string): Promise<void> {
    await Promise.all(
      this.#used.map(async ({ context }) => {
        await Promise.all(context.pages().map((page) => page.close()));
        await Promise.all([context.unrouteAll(), context.clearPermissions(), context.clearCookies()]);
        const page = await context.newPage();
        const devTools = await context.newCDPSession(page);
        await devTools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
        await page.close();
      }),
    );
    this.#free.push(...this.#used.splice(0).toReversed());
  }

  /** A new or an emptied profile. */
  async #profile(scale: number): Promise<BrowserContext> {
    const at = this.#free.findLastIndex((profile) => profile.scale === scale);
    const [free] = at < 0 ? [] : this.#free.splice(at, 1);
    const profile = free ?? { scale, context: await this.#newContext(scale) };
    this.#used.push(profile);
    return profile.context;
  }

  async #newContext(scale: number): Promise<BrowserContext> {
    const context = await this.#browser.newContext({
      viewport: SIZE,
      deviceScaleFactor: scale,
      locale: "en-US",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

function windowUrl({ origin, folder, payload }: WindowOptions): string {
  const url = new URL("/", origin);
  if (folder === undefined) url.searchParams.set("ew", "true");
  else url.searchParams.set(isWorkspace(folder) ? "workspace" : "folder", folder);
  if (payload !== undefined) url.searchParams.set("payload", JSON.stringify(payload));
  return url.href;
}

function isWorkspace(path = ""): boolean {
  return path.endsWith(".code-workspace");
}

/** On a busy machine, VS Code can take a workspace for one without folders, and does so until it is loaded again. */
async function untilFolders(window: VsCodeWindow): Promise<void> {
  const folders = window.page.getByRole("tree", { name: "Files Explorer" }).getByRole("treeitem");
  await eventually(
    "the folders of the workspace",
    async () => {
      try {
        await folders.first().waitFor({ timeout: FOLDERS_MS });
        return true;
      } catch {
        await window.page.reload();
        await window.whenReady();
        return false;
      }
    },
    3 * PATIENCE_MS,
  );
}
