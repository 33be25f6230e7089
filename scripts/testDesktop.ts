// `npm run test:desktop`: runs test/vscode/suite in desktop VS Code, which must be installed or downloadable.
// `FORKCHAT_VSCODE` sets its executable; otherwise the `code` on the PATH is used.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { bundleSuite } from "./bundleSuite.ts";
import { desktopApplication, hasScreen } from "./desktopVsCode.ts";
import { readLayerResult, RESULT_VARIABLE } from "./layerResult.ts";
import { makePackage } from "./makePackage.ts";
import { describeFailure, Unavailable } from "./unavailable.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DOWNLOADS = fileURLToPath(new URL("../.cache/vscode-desktop", import.meta.url));

async function main(): Promise<boolean> {
  if (!hasScreen()) {
    throw new Unavailable("Desktop VS Code needs a display, and there is none. Run this with xvfb-run.");
  }
  const executable = process.env["FORKCHAT_VSCODE"] ?? desktopApplication() ?? (await download());
  await makePackage((line) => console.log(`  ${line}`));
  const folder = await mkdtemp(join(tmpdir(), "fork-chat-desktop-"));
  const path = join(folder, "result.json");
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: await bundleSuite(),
      extensionTestsEnv: { [RESULT_VARIABLE]: path },
      launchArgs: [
        ...["--user-data-dir", join(folder, "data"), "--disable-extensions"],
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    }).catch((error: unknown) => console.error(describeFailure(error)));
    const result = await readLayerResult(path);
    if (result === undefined) throw new Error("Desktop VS Code ended before the suite had a result.");
    console.log(`${result.passed} passed, ${result.failures.length} failed`);
    return result.passed > 0 && result.failures.length === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(): Promise<string> {
  return downloadAndUnzipVSCode({ cachePath: DOWNLOADS }).catch((error: unknown) => {
    throw new Unavailable(
      `Desktop VS Code could not be downloaded (${String(error)}). Set FORKCHAT_VSCODE to the executable of an installed one.`,
    );
  });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
