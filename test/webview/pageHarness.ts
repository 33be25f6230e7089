// The built page in a real Chromium, under the Content-Security-Policy of the extension, with a host played by the test.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import * as v from "valibot";
import {
  ENTRIES_PER_PAGE,
  PageMessage,
  type DraftChange,
  type Entry,
  type HostMessage,
  type PanelState,
  type SessionNumber,
} from "../../protocol/webview.ts";
import { panelHtml } from "../../extension/host/panelHtml.ts";
import { launchChromium } from "../vscode/driver/vscodeBrowser.ts";
import { LOBBY, panelState } from "./pageData.ts";
import { DEFAULT_STYLES, palettes, type PaletteName } from "./palettes.ts";

const DIST = fileURLToPath(new URL("../../dist/webview/", import.meta.url));
const PATIENCE_MS = 10_000;
export const WINDOW_ID = "0123456789abcdef0123456789abcdef";
const NONCE = "bm9uY2Vmb3J0ZXN0cw==";

const types: Readonly<Record<string, string>> = { "panel.js": "text/javascript", "panel.css": "text/css" };

type Surroundings = { readonly browser: Browser; readonly server: Server; readonly origin: string };
/** By name. */
const documents = new Map<string, string>();
let surroundings: Promise<Surroundings> | undefined;

/** A page of the browser, for one panel after the other: a new one for each would take longer than most tests. */
type Stage = { readonly page: Page; panel: PanelPage | undefined };
/** Those without a panel, by what cannot be changed about them. */
const spare = new Map<string, Stage[]>();

type PageOptions = {
  readonly palette?: PaletteName;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  /** A screen that is touched. */
  readonly touch?: boolean;
  readonly reducedMotion?: boolean;
  /** Of the document; English without texts for it. */
  readonly language?: string;
  readonly bundle?: Readonly<Record<string, string>>;
  /** In a page that no other panel has before or after it: for tests that change the page itself. */
  readonly alone?: boolean;
};

type Snapshot = Partial<Omit<Extract<HostMessage, { type: "snapshot" }>, "type">>;

/** One page, and the host's side of its conversation. */
export class PanelPage {
  readonly page: Page;
  readonly #posted: PageMessage[] = [];
  readonly #waiting = new Set<() => void>();
  /** What the page has complained about: its console's errors, refusals of its policy and exceptions. */
  readonly complaints: string[] = [];
  persisted: unknown;
  revision = 0;

  /** Gives the page to the next panel, or ends it. */
  readonly #release: () => Promise<void>;

  private constructor(page: Page, release: () => Promise<void>) {
    this.page = page;
    this.#release = release;
  }

  static async open(options: PageOptions = {}): Promise<PanelPage> {
    surroundings ??= setUp();
    const { browser, origin } = await surroundings;
    const { palette = "dark", width = 700, height = 600, scale = 1 } = options;
    const { touch = false, reducedMotion = false, alone = false } = options;
    const kind = JSON.stringify({ scale, touch, reducedMotion });
    const waiting = alone ? undefined : spare.get(kind)?.pop();
    const stage = waiting ?? (await newStage(browser, { scale, touch, reducedMotion }));
    await stage.page.setViewportSize({ width, height });
    const panel = new PanelPage(stage.page, async () => {
      stage.panel = undefined;
      if (alone) return stage.page.context().close();
      await stage.page.mouse.move(-1, -1);
      spare.set(kind, [...(spare.get(kind) ?? []), stage]);
    });
    stage.panel = panel;
    await panel.#load(origin + addDocument(options), palette);
    return panel;
  }

  /** Everything that the page has posted of one type. */
  posted<T extends PageMessage["type"]>(type: T): Extract<PageMessage, { type: T }>[] {
    return this.#posted.filter(
      (message): message is Extract<PageMessage, { type: T }> => message.type === type,
    );
  }

  /** Waits until the page has posted `count` messages of a type, and returns the last of them. */
  async next<T extends PageMessage["type"]>(
    type: T,
    count: number,
  ): Promise<Extract<PageMessage, { type: T }>> {
    for (;;) {
      const message = this.posted(type)[count - 1];
      if (message !== undefined) return message;
      await this.#posting(`${type} number ${count}`);
    }
  }

  /** Resolves once the page has taken it: its own listener comes first. */
  async post(message: HostMessage): Promise<void> {
    await this.page.evaluate(
      (data) =>
        new Promise((resolve) => {
          window.addEventListener("message", resolve, { once: true });
          window.postMessage(data, window.origin);
        }).then(() => undefined),
      message,
    );
  }

  async snapshot(parts: Snapshot = {}): Promise<void> {
    this.revision = parts.revision ?? this.revision + 1;
    const whole = { state: panelState(), entries: [], drafts: [], windowId: WINDOW_ID, ...parts };
    await this.post({ type: "snapshot", ...whole, revision: this.revision });
    await this.page.locator(".panel").waitFor();
  }

  /** A snapshot of a lobby that holds `entries`, as the host sends it: the newest of them. */
  async lobby(entries: readonly Entry[], state: Partial<PanelState> = {}): Promise<void> {
    const index = Math.max(0, entries.length - ENTRIES_PER_PAGE);
    const whole = panelState(state);
    const sessions = whole.sessions.map((one) => (one.number === 0 ? { ...one, end: entries.length } : one));
    const newest = { session: LOBBY, index, entries: entries.slice(index) };
    await this.snapshot({ state: { ...whole, sessions }, entries: [newest] });
  }

  async patch(state: Partial<PanelState>, index = 0, entries: Entry[] = [], number: SessionNumber = LOBBY) {
    this.revision += 1;
    const added = entries.length === 0 ? [] : [{ session: number, index, entries }];
    await this.post({ type: "patch", revision: this.revision, state, entries: added });
  }

  /** Changes an entry in its place. */
  async amend(index: number, entry: Entry, number: SessionNumber = LOBBY): Promise<void> {
    this.revision += 1;
    const amended = [{ session: number, index, entry }];
    await this.post({ type: "patch", revision: this.revision, entries: [], amended });
  }

  /** Tells what was written or sent elsewhere. */
  async elsewhere(drafts: readonly DraftChange[]): Promise<void> {
    this.revision += 1;
    await this.post({ type: "patch", revision: this.revision, entries: [], drafts: [...drafts] });
    await this.painted();
  }

  /** A message that is settled. */
  message(index: number): Locator {
    return this.page.locator(`[data-index="${String(index)}"] > .message`);
  }

  /** Changes the theme, as VS Code does while a page is open. */
  async wear(palette: PaletteName): Promise<void> {
    await this.page.evaluate(wear, palettes[palette]);
  }

  get log(): Locator {
    return this.page.getByRole("log");
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  tab(name: string | RegExp): Locator {
    return this.page.getByRole("tablist", { name: "Sessions" }).getByRole("tab", { name });
  }

  /** Waits until the page has painted what it was told. */
  async painted(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  async close(): Promise<void> {
    assert.deepEqual(this.complaints, [], "the page complained");
    await this.#release();
  }

  async #load(url: string, palette: PaletteName): Promise<void> {
    await this.page.goto(url);
    await this.wear(palette);
    await this.next("ready", 1);
  }

  /** Resolves at the next message of the page; fails with what the page complains about when none comes. */
  #posting(awaited: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`The page did not post ${awaited}. ${this.complaints.join(" ")}`));
      }, PATIENCE_MS);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** What the page posts to its host. */
  take(message: unknown): void {
    this.#posted.push(v.parse(PageMessage, message));
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

async function newStage(
  browser: Browser,
  { scale, touch, reducedMotion }: { scale: number; touch: boolean; reducedMotion: boolean },
): Promise<Stage> {
  const context = await browser.newContext({
    deviceScaleFactor: scale,
    hasTouch: touch,
    reducedMotion: reducedMotion ? "reduce" : "no-preference",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const stage: Stage = { page, panel: undefined };
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (message) => {
    if (message.type() === "error") stage.panel?.complaints.push(message.text());
  });
  page.on("pageerror", (error) => stage.panel?.complaints.push(error.message));
  await page.exposeFunction("hostPost", (message: unknown) => stage.panel?.take(message));
  await page.exposeFunction("hostPersist", (state: unknown) => {
    if (stage.panel !== undefined) stage.panel.persisted = state;
  });
  await page.addInitScript(fakeApi);
  return stage;
}

/**
 * Runs in the page before anything of ours. It is sent there as its text, so that it names no function: the helper by
 * which tsx keeps names does not exist in the page.
 */
function fakeApi(): void {
  Reflect.set(window, "acquireVsCodeApi", () => ({
    postMessage: Reflect.get(window, "hostPost") as unknown,
    setState: Reflect.get(window, "hostPersist") as unknown,
  }));
}

/** Runs in the page: puts a theme on the document, as VS Code does. */
function wear({ bodyClass, variables }: (typeof palettes)[PaletteName]): void {
  document.body.className = bodyClass;
  document.documentElement.removeAttribute("style");
  for (const [name, value] of Object.entries(variables)) {
    document.documentElement.style.setProperty(`--vscode-${name}`, value);
  }
}

async function setUp(): Promise<Surroundings> {
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    const text = documents.get(name);
    if (text !== undefined) {
      response.setHeader("content-type", "text/html; charset=utf-8").end(text);
      return;
    }
    const type = types[name];
    if (type === undefined) {
      response.writeHead(404).end();
      return;
    }
    readFile(DIST + name).then(
      (body) => response.setHeader("content-type", type).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const browser = await launchChromium();
  return { browser, server, origin: `http://127.0.0.1:${address.port}/` };
}

/** Has the server serve the document in a language, and returns its name there. */
function addDocument({ language = "en", bundle }: PageOptions): string {
  const files = { script: "/panel.js", style: "/panel.css", source: "'self'", nonce: NONCE };
  const name = String(documents.size);
  // VS Code puts its styles before anything else in the head, the page's policy among it.
  const html = panelHtml({ ...files, language, bundle });
  documents.set(name, html.replace("<head>", `<head><style>${DEFAULT_STYLES}</style>`));
  return name;
}

/** Ends the browser and the server that all pages share. */
export async function closeSurroundings(): Promise<void> {
  if (surroundings === undefined) return;
  const { browser, server } = await surroundings;
  surroundings = undefined;
  spare.clear();
  await browser.close();
  server.close();
}

// The files of a test run share them; whoever has no test runner ends them on their own.
if (typeof after === "function") after(closeSurroundings);
