// The cost of the panel's page in a session of a hundred thousand messages, compared with few: opening it, a message, a key,
// switching, memory; and for a reader who has loaded ten thousand of them, with and without containment. Times are CPU time of
// the main thread (script, style, layout, paint).
import type { CDPSession } from "playwright-core";
import { ENTRIES_PER_PAGE, type SessionView } from "../protocol/webview.ts";
import { buildParts } from "./lobby/programs.ts";
import { printTargets } from "./lobby/report.ts";
import type { Options } from "./options.ts";
import { LOBBY, lines, panelState, peer, session, view } from "../test/webview/pageData.ts";
import { PanelPage } from "../test/webview/pageHarness.ts";
import { closeSurroundings } from "../test/webview/pageStage.ts";

/** Messages of the long session, those that a reader calls back, and how often each doing is measured. */
type Size = { readonly messages: number; readonly calledBack: number; readonly sample: number };
const WHOLE: Size = { messages: 100_000, calledBack: 10_000, sample: 200 };
const SHORT: Size = { messages: 3_000, calledBack: 1_000, sample: 10 };
/** Dearer by this much than in a short session would be dear. */
const AT_MOST = 1.25;
const BATCH = 100;

type Row = { readonly what: string; readonly ms: number; readonly against?: number };

/** Prints what a message costs in a short log, in a long one, and for a reader who has called all of it back. */
export async function run({ short }: Options): Promise<void> {
  await buildParts("webview");
  try {
    await measure(await PanelPage.open({ width: 600, height: 800 }), short ? SHORT : WHOLE);
  } finally {
    await closeSurroundings();
  }
}

async function measure(panel: PanelPage, size: Size): Promise<void> {
  const { messages, calledBack, sample } = size;
  const metrics = await panel.page.context().newCDPSession(panel.page);
  await metrics.send("Performance.enable");
  const rows: Row[] = [];
  let end = ENTRIES_PER_PAGE;
  const one = async () => {
    await add(panel, end, 1);
    end += 1;
  };

  await panel.lobby(lines(end), { sessions: sessionsAt(end) });
  const opened = () => show(panel, end);
  await each(metrics, sample, opened);
  const shortOpening = await each(metrics, sample, opened);
  rows.push({ what: `opening it, ${end} so far`, ms: shortOpening });
  await each(metrics, sample, one);
  const short = await each(metrics, sample, one);
  rows.push({ what: `a message, ${end} so far`, ms: short });
  const key = () => typeKey(panel);
  const change = () => switchAndBack(panel);
  await each(metrics, sample, key);
  await each(metrics, sample, change);
  const shortKey = await each(metrics, sample, key);
  const shortSwitch = await each(metrics, sample, change);
  rows.push({ what: `a key, ${end} so far`, ms: shortKey });
  rows.push({ what: `switching to another session and back`, ms: shortSwitch });
  const shortBytes = await heapBytes(metrics);

  const left = Math.ceil((messages - end) / BATCH);
  const batch = await each(metrics, left, async () => {
    await add(panel, end, BATCH);
    end += BATCH;
  });
  rows.push({ what: `one of ${BATCH} messages that arrive at once`, ms: batch / BATCH, against: short });
  const [longMessage, longKey, longSwitch] = [
    await each(metrics, sample, one),
    await each(metrics, sample, key),
    await each(metrics, sample, change),
  ];
  rows.push({ what: `a message, ${end} so far`, ms: longMessage, against: short });
  rows.push({ what: `a key, ${end} so far`, ms: longKey, against: shortKey });
  rows.push({ what: `switching to another session and back`, ms: longSwitch, against: shortSwitch });
  const longOpening = await each(metrics, sample, opened);
  rows.push({ what: `opening it, ${end} so far`, ms: longOpening, against: shortOpening });
  const longBytes = await heapBytes(metrics);
  const atEnd = await entriesShown(panel);

  rows.push({
    what: `loading ${ENTRIES_PER_PAGE} older ones`,
    ms: await callBack(panel, metrics, { end, first: Math.max(0, end - calledBack) }),
  });
  const held = await entriesShown(panel);
  const far = await each(metrics, sample, one);
  rows.push({ what: "a message while those are loaded, scrolled far up", ms: far, against: short });
  const scrolling = await scroll(panel, metrics, sample);
  rows.push({ what: "a frame while scrolling", ms: scrolling });
  await withoutContainment(panel);
  rows.push({
    what: "  the same message without containment",
    ms: await each(metrics, sample, one),
    against: far,
  });
  rows.push({
    what: "  scrolling without containment",
    ms: await scroll(panel, metrics, sample),
    against: scrolling,
  });

  for (const { what, ms, against } of rows) {
    const ratio = against === undefined ? "" : `${(ms / against).toFixed(2)} x`;
    console.log(`${what.padEnd(48)} ${ms.toFixed(2).padStart(8)} ms ${ratio.padStart(8)}`);
  }
  console.log(
    `entries in the document: ${atEnd} at the end of the log, ${held} with older ones loaded; ` +
      `megabytes of the page's heap: ${megabytes(shortBytes)} and ${megabytes(longBytes)}`,
  );
  printTargets(
    [
      ["opening it", longOpening / shortOpening],
      ["a message", longMessage / short],
      ["a key", longKey / shortKey],
      ["switching", longSwitch / shortSwitch],
      ["the page's heap", longBytes / shortBytes],
    ].map(([what, value]) => ({
      what: `${String(what)} after ${messages} messages, compared with few`,
      value: Number(value),
      atMost: AT_MOST,
    })),
  );
}

const OTHER = session(1);

function sessionsAt(end: number): SessionView[] {
  return [view(0, "lobby", { end }), view(1, "bobby", { mark: "P->", peer: peer() })];
}

/** Everything that a page showing the lobby gets: its newest entries, however many there were. */
async function show(panel: PanelPage, end: number): Promise<void> {
  const index = end - ENTRIES_PER_PAGE;
  await panel.snapshot({
    state: panelState({ sessions: sessionsAt(end) }),
    entries: [{ session: LOBBY, index, entries: lines(ENTRIES_PER_PAGE, index) }],
  });
  await panel.painted();
}

async function typeKey(panel: PanelPage): Promise<void> {
  await panel.composer.press("a");
  await panel.painted();
  await panel.composer.press("Backspace");
  await panel.painted();
}

async function switchAndBack(panel: PanelPage): Promise<void> {
  for (const active of [OTHER, LOBBY]) {
    await panel.patch({ active });
    await panel.painted();
  }
}

/** The memory left after a garbage collection. */
async function heapBytes(metrics: CDPSession): Promise<number> {
  await metrics.send("HeapProfiler.collectGarbage");
  const { metrics: all } = await metrics.send("Performance.getMetrics");
  return all.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

/** Sends the next lines of the lobby as one patch, and waits until they are painted. */
async function add(panel: PanelPage, index: number, count: number): Promise<void> {
  await panel.patch({ sessions: sessionsAt(index + count) }, index, lines(count, index));
  await panel.painted();
}

/** The main thread's milliseconds for one of `times` doings. */
async function each(metrics: CDPSession, times: number, act: () => Promise<void>): Promise<number> {
  const before = await busyMs(metrics);
  for (let i = 0; i < times; i++) await act();
  return ((await busyMs(metrics)) - before) / times;
}

async function busyMs(metrics: CDPSession): Promise<number> {
  const { metrics: all } = await metrics.send("Performance.getMetrics");
  return (all.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
}

/** Reads up, page by page, until so many are there; the main thread's milliseconds for each. */
async function callBack(
  panel: PanelPage,
  metrics: CDPSession,
  { end, first: last }: { readonly end: number; readonly first: number },
): Promise<number> {
  let asked = 0;
  const start = await busyMs(metrics);
  for (let first = end; first > last;) {
    await panel.log.evaluate((log) => (log.scrollTop = 0));
    asked += 1;
    const { before } = await panel.next("more", asked);
    first = Math.max(0, before - ENTRIES_PER_PAGE);
    await panel.post({ type: "page", session: LOBBY, index: first, entries: lines(before - first, first) });
    await panel.painted();
  }
  return ((await busyMs(metrics)) - start) / asked;
}

async function scroll(panel: PanelPage, metrics: CDPSession, times: number): Promise<number> {
  const before = await busyMs(metrics);
  await panel.log.evaluate(async (log, frames) => {
    log.scrollTop = 1;
    for (let at = 0; at < frames; at++) {
      await new Promise(requestAnimationFrame);
      log.scrollTop += log.clientHeight / 2;
    }
  }, times);
  return ((await busyMs(metrics)) - before) / times;
}

function entriesShown(panel: PanelPage): Promise<number> {
  return panel.log.evaluate((log) => log.querySelectorAll("[data-index]").length);
}

async function withoutContainment(panel: PanelPage): Promise<void> {
  await panel.page.evaluate(() => {
    document.styleSheets[0]?.insertRule(".chunk { content-visibility: visible !important; }");
  });
  await panel.painted();
}
