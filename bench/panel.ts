// What the panel's page costs with ten thousand messages, against the same page with few, and without containment.
// Run by main.ts. Times are the main thread's own (script, style, layout, paint), not the wall's.
import type { CDPSession } from "playwright-core";
import { ENTRIES_PER_PAGE } from "../protocol/webview.ts";
import { LOBBY, lines, view } from "../test/webview/pageData.ts";
import { closeSurroundings, PanelPage } from "../test/webview/pageHarness.ts";

const MESSAGES = 10_000;
const SAMPLE = 200;
const BATCH = 100;

type Row = { readonly what: string; readonly ms: number; readonly against?: number };

/** Prints what a message costs in a short log, in a long one, and for a reader who has called all of it back. */
export async function run(): Promise<void> {
  try {
    await measure(await PanelPage.open({ width: 600, height: 800 }));
  } finally {
    await closeSurroundings();
  }
}

async function measure(panel: PanelPage): Promise<void> {
  const metrics = await panel.page.context().newCDPSession(panel.page);
  await metrics.send("Performance.enable");
  const rows: Row[] = [];
  let end = ENTRIES_PER_PAGE;
  const one = async () => {
    await add(panel, end, 1);
    end += 1;
  };

  await panel.lobby(lines(end));
  await each(metrics, SAMPLE, one);
  const short = await each(metrics, SAMPLE, one);
  rows.push({ what: `a message, ${end} so far`, ms: short });

  const left = Math.ceil((MESSAGES - end) / BATCH);
  const batch = await each(metrics, left, async () => {
    await add(panel, end, BATCH);
    end += BATCH;
  });
  rows.push({ what: `a message among ${BATCH} that come at once`, ms: batch / BATCH, against: short });
  rows.push({ what: `a message, ${end} so far`, ms: await each(metrics, SAMPLE, one), against: short });
  const atEnd = await entriesShown(panel);

  rows.push({ what: `a page of ${ENTRIES_PER_PAGE} older ones`, ms: await callAllBack(panel, metrics, end) });
  const held = await entriesShown(panel);
  const far = await each(metrics, SAMPLE, one);
  rows.push({ what: "a message while all are held, read far above", ms: far, against: short });
  const scrolling = await scroll(panel, metrics);
  rows.push({ what: "a frame while scrolling through all", ms: scrolling });
  await withoutContainment(panel);
  rows.push({ what: "  the same without containment", ms: await each(metrics, SAMPLE, one), against: far });
  rows.push({ what: "  scrolling without it", ms: await scroll(panel, metrics), against: scrolling });

  for (const { what, ms, against } of rows) {
    const ratio = against === undefined ? "" : `${(ms / against).toFixed(2)} x`;
    console.log(`${what.padEnd(48)} ${ms.toFixed(2).padStart(8)} ms ${ratio.padStart(8)}`);
  }
  console.log(`entries in the document: ${atEnd} at the end of the log, ${held} when all are held`);
}

/** Sends the next lines of the lobby as one patch, and waits until they are painted. */
async function add(panel: PanelPage, index: number, count: number): Promise<void> {
  await panel.patch({ sessions: [view(0, "lobby", { end: index + count })] }, index, lines(count, index));
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

/** Reads up to the first message, page by page; the main thread's milliseconds for each. */
async function callAllBack(panel: PanelPage, metrics: CDPSession, end: number): Promise<number> {
  let asked = 0;
  const start = await busyMs(metrics);
  for (let first = end; first > 0;) {
    await panel.log.evaluate((log) => (log.scrollTop = 0));
    asked += 1;
    const { before } = await panel.next("more", asked);
    first = Math.max(0, before - ENTRIES_PER_PAGE);
    await panel.post({ type: "page", session: LOBBY, index: first, entries: lines(before - first, first) });
    await panel.painted();
  }
  return ((await busyMs(metrics)) - start) / asked;
}

async function scroll(panel: PanelPage, metrics: CDPSession): Promise<number> {
  const before = await busyMs(metrics);
  await panel.log.evaluate(async (log, frames) => {
    log.scrollTop = 1;
    for (let at = 0; at < frames; at++) {
      await new Promise(requestAnimationFrame);
      log.scrollTop += log.clientHeight / 2;
    }
  }, SAMPLE);
  return ((await busyMs(metrics)) - before) / SAMPLE;
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
