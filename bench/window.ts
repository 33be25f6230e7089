// The time from Enter in one window to the painted text in another, in real VS Code windows, compared with the minimum: two
// round trips between a page and its host, and one hop over a WebSocket.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { WebSocket, WebSocketServer } from "ws";
import { makePackage } from "../scripts/makePackage.ts";
import { ensureVsCodeHost, startVsCodeHost } from "../scripts/vscodeHost.ts";
import { ServerProcess } from "../test/support/serverProcess.ts";
import type { ChatPanel } from "../test/vscode/driver/chatPanel.ts";
import { VsCodeBrowser } from "../test/vscode/driver/vscodeBrowser.ts";
import { joinByPalette } from "../test/vscode/windows/chatWindows.ts";
import { keepResults, printTargets } from "./lobby/report.ts";
import { medianOf } from "./quantiles.ts";
import type { Options } from "./options.ts";
import { makeExtension } from "./vscode/makeExtension.ts";

const ROUNDS = 60;
const WARM_UP = 5;

type Sample = { readonly messageMs: number; readonly bareMs: number };

export async function run({ short, rounds }: Options): Promise<void> {
  const log = (): void => undefined;
  const folder = await mkdtemp(join(tmpdir(), "fork-chat-window-"));
  const own = await makePackage(log);
  const bare = await makeExtension("bare", {
    activationEvents: [],
    contributes: { commands: [{ command: "bench.openBare", title: "Open", category: "Bare" }] },
  });
  const server = await ServerProcess.start();
  const host = await startVsCodeHost(await ensureVsCodeHost(console.log), {
    vsix: [own, bare],
    dataDir: join(folder, "data"),
    machineSettings: { "forkchat.serverUrl": server.url },
  });
  const browser = await VsCodeBrowser.launch(log);
  try {
    const open = () => browser.openWindow({ origin: host.origin });
    const [anna, bobby, third] = await Promise.all([open(), open(), open()]);
    const panels = [await joinByPalette(anna, "anna"), await joinByPalette(bobby, "bobby")] as const;
    await third.runCommand("Bare: Open");
    const page = await third.panel("Bare");
    const samples: Sample[] = [];
    for (let round = 0; round < WARM_UP + (rounds ?? (short ? 10 : ROUNDS)); round++) {
      // There and back, so that a difference between the clocks of the two pages does not count.
      const there = await sayAndPaint(panels[0], panels[1], `there ${round}`);
      const back = await sayAndPaint(panels[1], panels[0], `back ${round}`);
      const bareMs = (await roundTrip(page)) + (await roundTrip(page)) + (await webSocketHop());
      if (round >= WARM_UP) samples.push({ messageMs: (there + back) / 2, bareMs });
    }
    const messageMs = medianOf(samples.map((sample) => sample.messageMs));
    const bareMs = medianOf(samples.map((sample) => sample.bareMs));
    console.log(`from Enter to paint: ${messageMs.toFixed(1)} ms, bare ${bareMs.toFixed(1)} ms`);
    printTargets([{ what: "a message, compared with the bare path", value: messageMs / bareMs, atMost: 2 }]);
    keepResults("window", samples);
  } finally {
    await browser.close();
    await host.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from Enter in one panel until the text is painted in the other. */
async function sayAndPaint(from: ChatPanel, to: ChatPanel, text: string): Promise<number> {
  const painted = to.log("lobby").evaluate(
    (log, text) =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!log.textContent.includes(text)) return;
          observer.disconnect();
          // A frame is painted when the task after its animation callbacks runs.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            port2.postMessage(undefined);
          });
        });
        observer.observe(log, { childList: true, subtree: true, characterData: true });
      }),
    text,
  );
  const entered = from.frame.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // Without a name: the helper by which tsx keeps names does not exist in the page.
        const ended = new AbortController();
        addEventListener(
          "keydown",
          (event) => {
            if (event.key !== "Enter") return;
            ended.abort();
            resolve(performance.timeOrigin + performance.now());
          },
          { capture: true, signal: ended.signal },
        );
      }),
  );
  await from.composer.fill(text);
  await from.composer.press("Enter");
  return (await painted) - (await entered);
}

/** Milliseconds of a message from a page to its host and back. */
function roundTrip(page: Frame): Promise<number> {
  return page.evaluate<number>("roundTrip()");
}

/** Milliseconds of a message over a loopback WebSocket, one way. */
async function webSocketHop(): Promise<number> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (ws) => ws.on("message", (data) => ws.send(data)));
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port");
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`);
  await once(client, "open");
  const start = performance.now();
  client.send("a line of text");
  await once(client, "message");
  const ms = (performance.now() - start) / 2;
  client.terminate();
  server.close();
  return ms;
}
