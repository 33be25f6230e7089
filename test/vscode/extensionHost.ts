// Runs the suite of test/vscode/suite inside an extension host of the VS Code web host, and shows what became of it.
// A layer of its own; the desktop's counterpart is scripts/testDesktop.ts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleSuite } from "../../scripts/bundleSuite.ts";
import { ensureVsCodeHost, startVsCodeHost, type VsCodeHost } from "../../scripts/vscodeHost.ts";
import { launchChromium } from "./driver/vscodeBrowser.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TIMEOUT_MS = 5 * 60_000;

/** Opens a window which runs the suite instead of waiting for a person; resolves with its exit code. */
async function runSuite(host: VsCodeHost, suite: string): Promise<number> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    // The workbench calls these two when it runs tests: what was logged anywhere in it, of which only the reporter's
    // lines are for people to read, and how the suite ended.
    await page.exposeFunction("codeAutomationLog", (_type: string, [text]: readonly unknown[]) => {
      if (typeof text === "string" && /^ {2}[✓✗] /.test(text)) console.log(text);
    });
    const ended = new Promise<number>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`The suite did not end in ${TIMEOUT_MS} ms`)),
        TIMEOUT_MS,
      );
      void page.exposeFunction("codeAutomationExit", (code: number) => {
        clearTimeout(late);
        resolve(code);
      });
    });
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${host.port}${path}`;
    const url = new URL("/?ew=true", host.origin);
    const payload = [
      ["extensionDevelopmentPath", remote(ROOT.replace(/\/$/, ""))],
      ["extensionTestsPath", remote(suite)],
    ];
    url.searchParams.set("payload", JSON.stringify(payload));
    await page.goto(url.href);
    return await ended;
  } finally {
    await browser.close();
  }
}

const dataDir = await mkdtemp(join(tmpdir(), "fork-chat-suite-"));
const install = await ensureVsCodeHost(console.log);
const host = await startVsCodeHost(install, { vsix: [], dataDir, testDriver: true });
try {
  process.exitCode = await runSuite(host, await bundleSuite());
} finally {
  await host.stop();
  await rm(dataDir, { recursive: true, force: true });
}
