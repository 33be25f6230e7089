import { ServerProcess } from "../../support/serverProcess.ts";
import { Client } from "../../support/client.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";
describe("stress", function () { this.timeout(400000);
 it("x", async () => {
  const server = await ServerProcess.start();
  const windows = await ChatWindows.start(server.url);
  const c = new Client();
  try {
  const w = await windows.open("anna"); const a = await joinByPalette(w, "anna");
  await c.join("carmen", server.url);
  await c.run("\\fork anna");
  await a.untilTabs("carmen", t => t.length === 2);
  for (let i = 0; i < 24; i++) {
    const target = i % 2 ? "lobby" : "carmen";
    await w.runCommand("Chat: Switch Session…");
    try { await w.quickInput.pick(target, 3000); } catch { console.log("pick failed", i, await w.page.evaluate(() => document.activeElement?.tagName + "." + document.activeElement?.className)); continue; }
    await c.type("hello " + i);
    try { await a.untilActive(target); } catch (e) {
      console.log(Date.now(), "FAILED at", i, target, (await a.tabs()).join(), await w.quickInput.visible());
      await w.screenshot(`/tmp/stress-${i}.png`);
      if (await w.quickInput.visible()) await w.quickInput.cancel();
    }
  }
  } finally { await windows.stop(); await c.close(); await server.stop(); }
 });
});
