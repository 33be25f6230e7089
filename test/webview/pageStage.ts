// Where the built page stands in tests: one Chromium and one server of documents for a whole run, and pages which one panel
// has after the other. Used by pageHarness.ts.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { panelHtml } from "../../extension/host/panel/panelHtml.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { launchChromium } from "../vscode/driver/vscodeBrowser.ts";
import { DEFAULT_STYLES } from "./palettes.ts";

const DIST = fileURLToPath(new URL("../../dist/webview/", import.meta.url));
const NONCE = "bm9uY2Vmb3J0ZXN0cw==";

const types: Readonly<Record<string, string>> = { "panel.js": "text/javascript", "panel.css": "text/css" };

/** Who is on a page: the host's side of its conversation. */
type Actor = {
  readonly complaints: string[];
  persisted: unknown;
  /** What the page posts to its host. */
  take(message: unknown): void;
};

/** A page for one actor after the other: a new one for each would take longer than most tests. */
type Stage = { readonly page: Page; actor: Actor | undefined };

/** What cannot be changed about a page. */
type Kind = { readonly scale?: number; readonly touch?: boolean; readonly reducedMotion?: boolean };

export type StageOptions = Kind & {
  readonly width?: number;
  readonly height?: number;
  /** Of the document; English without texts for it. */
  readonly language?: string;
  readonly bundle?: Readonly<Record<string, string>>;
  /** A page that is not shared with other tests: for tests that change the page itself. */
  readonly alone?: boolean;
};

type Surroundings = { readonly browser: Browser; readonly server: Server; readonly origin: string };
let surroundings: Promise<Surroundings> | undefined;
/** By name. */
const documents = new Map<string, string>();
/** Stages without an actor, by their kind. */
const spare = new Map<string, Stage[]>();

type Taken = {
  readonly page: Page;
  /** Of the document that is to be opened in it. */
  readonly url: string;
  readonly enter: (actor: Actor) => void;
  /** Gives the page to the next one, or ends it. */
  readonly release: () => Promise<void>;
};

export async function takeStage(options: StageOptions): Promise<Taken> {
  surroundings ??= setUp();
  const { browser, origin } = await surroundings;
  const {
    width = 700,
    height = 600,
    scale = 1,
    touch = false,
    reducedMotion = false,
    alone = false,
  } = options;
  const kind = JSON.stringify({ scale, touch, reducedMotion });
  const waiting = alone ? undefined : spare.get(kind)?.pop();
  const stage = waiting ?? (await newStage(browser, { scale, touch, reducedMotion }));
  await stage.page.setViewportSize({ width, height });
  return {
    page: stage.page,
    url: origin + addDocument(options),
    enter: (actor) => (stage.actor = actor),
    release: async () => {
      stage.actor = undefined;
      if (alone) return stage.page.context().close();
      await stage.page.mouse.move(-1, -1);
      spare.set(kind, [...(spare.get(kind) ?? []), stage]);
    },
  };
}

async function newStage(browser: Browser, { scale, touch, reducedMotion }: Required<Kind>): Promise<Stage> {
  const context = await browser.newContext({
    deviceScaleFactor: scale,
    hasTouch: touch,
    reducedMotion: reducedMotion ? "reduce" : "no-preference",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const stage: Stage = { page, actor: undefined };
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (message) => {
    if (message.type() === "error") stage.actor?.complaints.push(message.text());
  });
  page.on("pageerror", (error) => stage.actor?.complaints.push(error.message));
  await page.exposeFunction("hostPost", (message: unknown) => stage.actor?.take(message));
  await page.exposeFunction("hostPersist", (state: unknown) => {
    if (stage.actor !== undefined) stage.actor.persisted = state;
  });
  await page.addInitScript({ content: fakeApi });
  return stage;
}

/** Runs in the page before anything of ours. A text, so that tsx puts nothing into it. The state is the document's own. */
const fakeApi = `
  const key = "state of " + location.pathname;
  window.acquireVsCodeApi = () => ({
    postMessage: window.hostPost,
    setState: (state) => {
      sessionStorage.setItem(key, JSON.stringify(state));
      window.hostPersist(state);
    },
    getState: () => JSON.parse(sessionStorage.getItem(key) ?? "null") ?? undefined,
  });
`;

async function setUp(): Promise<Surroundings> {
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    const text = documents.get(name);
    if (text !== undefined) {
      response.setHeader("content-type", "text/html; charset=utf-8").end(text);
      return;
    }
    const picture = /^pictures\/0{32}\/(\d{16})(\d{16})\/(?!gone)[^/]+$/u.exec(name);
    if (picture !== null) {
      drawn(Number(picture[1]), Number(picture[2])).then(
        (body) => response.setHeader("content-type", "image/png").end(body),
        () => response.writeHead(500).end(),
      );
      return;
    }
    // A page that may load pictures asks for its own.
    if (name === "favicon.ico") {
      response.writeHead(204).end();
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

/** A picture with something to see on it. */
function drawn(width: number, height: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#2d6cdf"/><circle cx="50%" cy="50%" r="30%" fill="#ffd34d"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Has the server serve the document in a language, and returns its name there. */
function addDocument({ language = "en", bundle }: StageOptions): string {
  const files = {
    script: "/panel.js",
    style: "/panel.css",
    source: "'self'",
    pictures: "/pictures",
    nonce: NONCE,
  };
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

// The files of a test run share them. A program without a test runner has to end them itself.
if (typeof after === "function") after(closeSurroundings);
