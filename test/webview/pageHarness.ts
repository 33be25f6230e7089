// The built page in a real Chromium, under the Content-Security-Policy of the extension, with a host played by the test.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import * as v from "valibot";
import {
  ENTRIES_PER_PAGE,
  PageMessage,
  type DraftChange,
  type Entry,
  type HostMessage,
  type TransferView,
  type PanelState,
  type SessionNumber,
} from "../../protocol/webview.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { LOBBY, panelState } from "./pageData.ts";
import { takeStage, type StageOptions } from "./pageStage.ts";
import { palettes, type PaletteName } from "./palettes.ts";

export const WINDOW_ID = "0123456789abcdef0123456789abcdef";

type PageOptions = StageOptions & { readonly palette?: PaletteName };

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

  static async open({ palette = "dark", ...options }: PageOptions = {}): Promise<PanelPage> {
    const { page, url, enter, release } = await takeStage(options);
    const panel = new PanelPage(page, release);
    enter(panel);
    await panel.#load(url, palette);
    return panel;
  }

  /** Makes the page again, as VS Code does when it was hidden; what it kept with the window is there. */
  async reload(): Promise<void> {
    const asked = this.posted("ready").length;
    await this.page.reload();
    await this.wear("dark");
    await this.next("ready", asked + 1);
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

  /** Waits until the page reports this text in a composer, after its earlier reports. */
  async nextDraft(text: string): Promise<Extract<PageMessage, { type: "draft" }>> {
    for (let count = 1; ; count++) {
      const draft = await this.next("draft", count);
      if (draft.text === text) return draft;
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
    await this.settled();
  }

  /** A snapshot of a lobby that holds `entries`, as the host sends it: the newest of them. */
  async lobby(entries: readonly Entry[], state: Partial<PanelState> = {}): Promise<void> {
    const index = Math.max(0, entries.length - ENTRIES_PER_PAGE);
    const whole = panelState(state);
    const sessions = whole.sessions.map((one) => (one.number === 0 ? { ...one, end: entries.length } : one));
    const newest = { session: LOBBY, index, entries: entries.slice(index) };
    await this.snapshot({ state: { ...whole, sessions }, entries: [newest] });
  }

  async patch(
    state: NonNullable<Extract<HostMessage, { type: "patch" }>["state"]>,
    index = 0,
    entries: Entry[] = [],
    number: SessionNumber = LOBBY,
  ) {
    this.revision += 1;
    const added = entries.length === 0 ? [] : [{ session: number, index, entries }];
    await this.post({ type: "patch", revision: this.revision, state, entries: added });
    await this.settled();
  }

  /** Something of these files has changed. */
  async patchTransfers(...changed: TransferView[]): Promise<void> {
    this.revision += 1;
    const transfers = { changed, gone: [] };
    await this.post({ type: "patch", revision: this.revision, entries: [], transfers });
    await this.settled();
  }

  /** Changes an entry in its place. */
  async amend(index: number, entry: Entry, number: SessionNumber = LOBBY): Promise<void> {
    this.revision += 1;
    const amended = [{ session: number, index, entry }];
    await this.post({ type: "patch", revision: this.revision, entries: [], amended });
    await this.settled();
  }

  /** Tells what was written or sent elsewhere. */
  async elsewhere(drafts: readonly DraftChange[]): Promise<void> {
    this.revision += 1;
    await this.post({ type: "patch", revision: this.revision, entries: [], drafts: [...drafts] });
    await this.settled();
  }

  /** Waits until the page has asked where the code of a message is. */
  async seen(index: number): Promise<void> {
    for (let count = 1; ; count++) if ((await this.next("code", count)).index === index) return;
  }

  /** A message that is settled. */
  message(index: number): Locator {
    return this.page.locator(`[data-index="${String(index)}"] > .message`);
  }

  /** Changes the theme, as VS Code does while a page is open. */
  async wear(palette: PaletteName): Promise<void> {
    await this.page.evaluate(wear, palettes[palette]);
  }

  /** The reader prefers reduced motion in VS Code, whatever the system says. */
  async preferStillness(): Promise<void> {
    await this.page.evaluate(() => document.body.classList.add("vscode-reduce-motion"));
  }

  get log(): Locator {
    return this.page.getByRole("log");
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  /** What the composer holds. */
  value(): Promise<string> {
    return this.composer.inputValue();
  }

  /** Waits until the composer holds this text. */
  async holds(text: string): Promise<void> {
    await this.page.waitForFunction((wanted) => document.querySelector("textarea")?.value === wanted, text);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  tab(name: string | RegExp): Locator {
    return this.page.getByRole("tablist", { name: "Sessions" }).getByRole("tab", { name });
  }

  /**
   * Waits until the page shows what it was told: Preact runs what follows a change right after the next frame, and texts for
   * which there was no time are read when the page is idle.
   */
  async settled(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
    );
    await this.page.waitForFunction(() => document.querySelector(".later") === null);
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

/** Runs in the page: puts a theme on the document, as VS Code does. */
function wear({ bodyClass, variables }: (typeof palettes)[PaletteName]): void {
  document.body.className = bodyClass;
  document.documentElement.removeAttribute("style");
  for (const [name, value] of Object.entries(variables)) {
    document.documentElement.style.setProperty(`--vscode-${name}`, value);
  }
}
