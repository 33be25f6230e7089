// The cost of activating the extension in a window that has not joined, compared with an empty extension, alternating in the
// same extension hosts.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { makePackage } from "../scripts/makePackage.ts";
import { ensureVsCodeHost, startVsCodeHost } from "../scripts/vscodeHost.ts";
import { eventually } from "../test/vscode/driver/eventually.ts";
import { VsCodeBrowser } from "../test/vscode/driver/vscodeBrowser.ts";
import { keepResults, printTargets } from "./lobby/report.ts";
import { medianOf } from "./quantiles.ts";
import type { Options } from "./options.ts";
import { makeExtension, PUBLISHER } from "./vscode/makeExtension.ts";

const OWN = "fork-chat.fork-chat";
const EMPTY = `${PUBLISHER}.empty`;
const WINDOWS = 30;
/** A window's extension host starts a while after the window. */
const HOST_MS = 60_000;

const Times = v.record(v.string(), v.number());

export async function run({ short, rounds }: Options): Promise<void> {
  const log = (): void => undefined;
  const folder = await mkdtemp(join(tmpdir(), "fork-chat-activation-"));
  const [order, result] = [join(folder, "order"), join(folder, "result")];
  await writeFile(result, "");
  const own = await makePackage(log);
  const empty = await makeExtension("empty", { activationEvents: ["onCommand:bench.never"] });
  // `*`: before anything that waits for the window to have started.
  const meter = await makeExtension("meter", { activationEvents: ["*"] });
  const host = await startVsCodeHost(await ensureVsCodeHost(console.log), {
    vsix: [own, empty, meter],
    dataDir: join(folder, "data"),
    env: { BENCH_ORDER_FILE: order, BENCH_RESULT_FILE: result },
  });
  const browser = await VsCodeBrowser.launch(log);
  const samples: v.InferOutput<typeof Times>[] = [];
  try {
    for (let window = 0; window < (rounds ?? (short ? 4 : WINDOWS)); window++) {
      await writeFile(order, (window % 2 === 0 ? [OWN, EMPTY] : [EMPTY, OWN]).join("\n"));
      const opened = await browser.openWindow({ origin: host.origin });
      const lines = await eventually(
        "the times of this window",
        async () => {
          const written = (await readFile(result, "utf8")).trim().split("\n").filter(Boolean);
          return written.length > window && written;
        },
        HOST_MS,
      );
      samples.push(v.parse(Times, JSON.parse(lines[window] ?? "")));
      await opened.close();
    }
  } finally {
    await browser.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const [ownMs, emptyMs] = [OWN, EMPTY].map((id) =>
    medianOf(samples.map((times) => times[id]).filter((ms) => ms !== undefined)),
  );
  if (ownMs === undefined || emptyMs === undefined) return;
  console.log(`activation: ${ownMs.toFixed(1)} ms, empty extension ${emptyMs.toFixed(1)} ms`);
  printTargets([
    { what: "activation, compared with an empty extension", value: ownMs / emptyMs, atMost: 1.5 },
  ]);
  keepResults("activation", samples);
}
