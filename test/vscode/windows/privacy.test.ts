// A private session of a real window, seen from the wire: behind a configured proxy, which nothing may reach, and through a
// recorder of every byte between the two ends.
import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { RecordingProxy } from "../../support/recordingProxy.ts";
import { ServerProcess } from "../../support/serverProcess.ts";
import type { ChatPanel } from "../driver/chatPanel.ts";
import type { VsCodeWindow } from "../driver/vscodeWindow.ts";
import { ChatWindows, joinByPalette } from "./chatWindows.ts";

const SECRET = "the canary sings at midnight";
/** A TLS handshake record, as each connection's first byte says. */
const HANDSHAKE = 0x16;

for (const support of ["override", "on"] as const) {
  describe(`a private session in a VS Code with a proxy (proxySupport: ${support})`, function () {
    this.timeout(300_000);
    let server: ServerProcess;
    let proxy: RecordingProxy;
    let channel: RecordingProxy;
    let windows: ChatWindows;
    let window: VsCodeWindow;
    let panel: ChatPanel;
    let bobby: Client;
    let bobbysPort: number | null = null;

    before(async () => {
      server = await ServerProcess.start();
      proxy = await RecordingProxy.to(() => null);
      channel = await RecordingProxy.to(() => bobbysPort);
      windows = await ChatWindows.start(server.url, {
        "http.proxy": `http://127.0.0.1:${proxy.port}`,
        "http.proxySupport": support,
        "http.fetchAdditionalSupport": true,
      });
      bobby = new Client({
        advertise: (addresses) => {
          bobbysPort = addresses[0]?.port ?? null;
          return [{ host: "127.0.0.1", port: channel.port }];
        },
      });
      assert.deepEqual(await bobby.join("bobby", server.url), { ok: true });
      window = await windows.open("anna");
      panel = await joinByPalette(window, "anna");
    });

    after(async () => {
      await windows.stop();
      await bobby.close();
      await Promise.all([proxy.close(), channel.close()]);
      await server.stop();
    });

    it("opens, and both read each other", async () => {
      await panel.type("\\fork bobby");
      await panel.untilActive("bobby");
      await panel.type(SECRET);
      await bobby.untilShown("anna", SECRET);
      await bobby.run("\\switch anna");
      await bobby.type(`${SECRET}, says bobby`);
      await panel.shows("bobby", "says bobby");
    });

    it("uses only TLS on the network", () => {
      assert.ok(channel.connections > 0, "the session went past the listener on the wire");
      assert.equal(channel.sent[0]?.[0], HANDSHAKE);
      for (const word of [SECRET, "canary", "GET ", "Upgrade", "websocket", '"type"', "anna", "bobby"]) {
        assert.equal(channel.wire.includes(word), false, `“${word}” was readable`);
      }
    });

    it("sends nothing, of the session or the lobby, through the proxy", () => {
      const asked = Buffer.concat(proxy.sent).toString("latin1");
      for (const port of [server.port, channel.port, bobbysPort]) {
        assert.equal(
          asked.includes(`:${String(port)}`),
          false,
          `the proxy was asked for port ${String(port)}`,
        );
      }
      for (const word of [SECRET, "/peer", "/relay"]) assert.equal(asked.includes(word), false, word);
    });
  });
}
