// A web page in the user's own browser, on the same machine: it can reach neither the server nor a window's listener,
// not even under a name that was made to point here.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { Client } from "../support/client.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { launchChromium } from "../vscode/driver/vscodeBrowser.ts";

describe("a web page of a stranger", () => {
  let server: ServerProcess;
  let anna: Client;
  let site: Server;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = await ServerProcess.start();
    anna = new Client();
    assert.deepEqual(await anna.join("anna", server.url), { ok: true });
    site = createServer((_request, response) => response.end("<!doctype html><title>a page</title>"));
    site.listen(0, "127.0.0.1");
    await once(site, "listening");
    const address = site.address();
    assert.ok(address !== null && typeof address === "object");
    browser = await launchChromium();
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
    await page.goto(`http://127.0.0.1:${address.port}/`);
  });

  after(async () => {
    await browser.close();
    site.close();
    await anna.close();
    await server.stop();
  });

  /** How a page fares that opens a WebSocket: "open", or "refused". */
  function knock(url: string): Promise<string> {
    return page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("refused");
        }),
      url,
    );
  }

  /** What a page learns from an HTTP request whose answer it may not read: that there was one, or nothing. */
  function fetchBlindly(url: string): Promise<string> {
    return page.evaluate(
      (url) =>
        fetch(url, { mode: "no-cors" }).then(
          () => "answered",
          () => "nothing",
        ),
      url,
    );
  }

  it("opens no WebSocket to the server, under any of its names", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      assert.equal(await knock(`ws://${host}:${server.port}/`), "refused");
      assert.equal(await knock(`ws://${host}:${server.port}/relay`), "refused");
    }
    await anna.until("nobody else", (state) => state.users.length === 1);
  });

  it("gets nothing at all from a window's listener", async () => {
    const port = anna.state.listener.port ?? 0;
    assert.ok(port > 0);
    for (const scheme of ["ws", "wss"])
      assert.equal(await knock(`${scheme}://127.0.0.1:${port}/peer`), "refused");
    for (const scheme of ["http", "https"]) {
      assert.equal(await fetchBlindly(`${scheme}://127.0.0.1:${port}/peer`), "nothing");
    }
  });

  it("does not get in with its own name pointed here", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request({
        host: "127.0.0.1",
        port: server.port,
        headers: {
          Host: `rebound.example.org:${server.port}`,
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
      });
      asked.once("response", (response) => resolve(response.statusCode));
      asked.once("upgrade", () => resolve(101));
      asked.once("error", reject);
      asked.end();
    });
    assert.equal(status, 421);
  });
});
