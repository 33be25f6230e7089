// A test process reuses its VS Code installation, port and browser profiles. The next test file finds no data of the last.
import assert from "node:assert/strict";
import { access, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { ServerProcess } from "../../support/serverProcess.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

/** What a profile has stored for an origin. */
async function keptBy(profile: BrowserContext, origin: string): Promise<Readonly<Record<string, unknown[]>>> {
  const page = await profile.newPage();
  await page.goto(`${origin}/version`);
  const kept = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
  }));
  await page.close();
  return { ...kept, cookies: await profile.cookies() };
}

describe("a reused VS Code", function () {
  this.timeout(300_000);
  let server: ServerProcess;
  let windows: ChatWindows;

  before(async () => {
    server = await ServerProcess.start();
  });

  after(async () => {
    await windows.stop();
    await server.stop();
  });

  it("has no setting, file, history, key or name of the previous user (skipped outside of mocha's workers, where nothing is reused)", async function () {
    // Without mocha's workers, as `npm test` runs them, nothing is reused.
    if (process.env["MOCHA_WORKER_ID"] === undefined) this.skip();
    windows = await ChatWindows.start(server.url, { "forkchat.acceptForks": "ask" });
    await windows.setUserSettings({ "forkchat.tellRead": false });
    const window = await windows.open("anna");
    const panel = await joinByPalette(window, "anna");
    await panel.type("said before");
    await panel.shows("lobby", "said before");
    const [profile, { origin }] = [window.page.context(), new URL(window.page.url())];
    const before = await keptBy(profile, origin);
    for (const kind of ["databases", "local", "workers"]) assert.notDeepEqual(before[kind], [], kind);
    assert.notDeepEqual(await readdir(windows.keptFolder), []);
    await windows.stop();

    const other = `ws://127.0.0.1:${server.port + 1}`;
    windows = await ChatWindows.start(other);
    for (const [kind, kept] of Object.entries(await keptBy(profile, origin)))
      assert.deepEqual(kept, [], kind);
    const settings = Object.entries(await windows.machineSettings()).filter(([name]) =>
      name.startsWith("forkchat."),
    );
    assert.deepEqual(settings, [["forkchat.serverUrl", other]]);
    const extensionFolder = dirname(windows.keptFolder);
    for (const path of [extensionFolder, join(extensionFolder, "..", "..", "settings.json")])
      await assert.rejects(access(path), { code: "ENOENT" });
  });
});
