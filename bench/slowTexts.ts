// How long one deliberately slow message blocks the panel's page, and how long twenty that arrive at once do. Times are CPU time
// in one task of the page's main thread (script, style, layout, paint).
import type { Page } from "playwright-core";
import { slowTexts } from "../test/support/slowTexts.ts";
import { says } from "../test/webview/pageData.ts";
import { PanelPage } from "../test/webview/pageHarness.ts";
import { closeSurroundings } from "../test/webview/pageStage.ts";
import { buildParts } from "./lobby/programs.ts";
import { keepResults, printTargets } from "./lobby/report.ts";
import { medianOf } from "./quantiles.ts";
import type { Options } from "./options.ts";

const AT_ONCE = 20;
const ONE_MS = 20;
const MANY_MS = 100;

type Trace = { readonly traceEvents: readonly TraceEvent[] };
type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
};

/** Of the page's main thread, in milliseconds. */
type Work = { readonly longest: number; readonly total: number };

export async function run({ short, rounds }: Options): Promise<void> {
  await buildParts("webview");
  const times = rounds ?? (short ? 1 : 3);
  const results: { text: string; one: Work; many: Work }[] = [];
  try {
    for (const [text, content] of Object.entries(slowTexts)) {
      const measured = async (count: number): Promise<Work> => {
        const all: Work[] = [];
        for (let round = 0; round < times; round++) all.push(await workFor(content, count));
        const of = (part: keyof Work) => medianOf(all.map((work) => work[part]));
        return { longest: of("longest"), total: of("total") };
      };
      const [one, many] = [await measured(1), await measured(AT_ONCE)];
      results.push({ text, one, many });
      const cell = ({ longest, total }: Work) => `${longest.toFixed(1)} (${total.toFixed(0)})`.padStart(18);
      console.log(`${text.padEnd(24)} ${cell(one)} ${cell(many)}`);
    }
  } finally {
    await closeSurroundings();
  }
  const worst = (of: "one" | "many") => Math.max(...results.map((result) => result[of].longest));
  printTargets([
    { what: "milliseconds that one message blocks the page", value: worst("one"), atMost: ONE_MS },
    {
      what: `milliseconds that ${AT_ONCE} messages at once block the page`,
      value: worst("many"),
      atMost: MANY_MS,
    },
  ]);
  keepResults("slowTexts", results);
}

/** Shows a log of short lines, then adds `count` messages in one patch. */
async function workFor(text: string, count: number): Promise<Work> {
  const panel = await PanelPage.open({ width: 600, height: 800, alone: true });
  try {
    await panel.lobby([says("carmen", "hello")]);
    // A panel that has just been opened still compiles what it reads texts with.
    await settled(panel.page);
    const browser = panel.page.context().browser();
    if (browser === null) throw new Error("The page has no browser");
    // Each is another text, as those of an attacker would be.
    const entries = Array.from({ length: count }, (_, n) =>
      says("bobby", `${String(n)}\n${text.slice(0, -3)}`),
    );
    await browser.startTracing(panel.page, { categories: ["toplevel", "__metadata"] });
    await panel.patch({}, 1, entries);
    await settled(panel.page);
    return workIn(JSON.parse((await browser.stopTracing()).toString()) as Trace);
  } finally {
    await panel.close();
  }
}

/** Until nothing has been left to do for a second. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let at = 0; at < 10; at++) {
      await new Promise((resolve) => requestIdleCallback(resolve));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
}

function workIn({ traceEvents }: Trace): Work {
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, number[]>();
  for (const { name, ph, pid, tid, tdur } of traceEvents) {
    const thread = `${pid} ${tid}`;
    if (ph !== "X" || !name.endsWith("RunTask") || tdur === undefined || !mains.has(thread)) continue;
    byThread.set(thread, [...(byThread.get(thread) ?? []), tdur / 1000]);
  }
  const works = [...byThread.values()].map((all) => ({
    longest: Math.max(...all),
    total: all.reduce((sum, ms) => sum + ms, 0),
  }));
  return works.reduce((a, b) => (b.total > a.total ? b : a), { longest: 0, total: 0 });
}
