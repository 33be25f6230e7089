// The way to a server, step by step: which step fails where something is wrong, and what a server tells that is right.
import assert from "node:assert/strict";
import { checkServer } from "../../extension/net/rendezvous/checkServer.ts";
import { startServer } from "../conformance/startServer.ts";
import { cleanUp, fakeServer, rawServer, refusingServer } from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function failedStage(url: string): Promise<string> {
  const { failure, server } = await checkServer(url, undefined, log);
  assert.equal(server, null);
  assert.notEqual(failure?.text ?? "", "");
  return failure?.stage ?? "";
}

describe("the check of a server", () => {
  afterEach(cleanUp);

  it("identifies a Fork Chat server, whether it needs a token, and its clock", async () => {
    for (const accessToken of [undefined, { fits: () => false, mark: () => "" }]) {
      const server = await startServer({ accessToken });
      try {
        const check = await checkServer(server.url, undefined, log);
        assert.equal(check.failure, null);
        assert.equal(check.server?.needsToken, accessToken !== undefined);
        assert.equal(check.server.version, 2);
        // One machine, one clock.
        assert.ok(Math.abs(check.server.aheadMs ?? Infinity) < 60_000);
      } finally {
        await server.stop();
      }
    }
  });

  it("reports no clock for a server that does not send one", async () => {
    const { port } = await fakeServer();
    const { server } = await checkServer(`ws://127.0.0.1:${String(port)}`, undefined, log);
    assert.equal(server?.aheadMs, null);
  });

  it("fails at the URL, the name, the connection, TLS or the server", async () => {
    assert.equal(await failedStage("http://127.0.0.1"), "address");
    assert.equal(await failedStage("ws://no-such-host.invalid:1"), "name");
    assert.equal(await failedStage(`ws://127.0.0.1:${String(await freePort())}`), "connection");
    const mute = await rawServer((socket) => socket.end("SSH-2.0-somebody\r\n"));
    assert.equal(await failedStage(`ws://127.0.0.1:${String(mute.port)}`), "server");
    assert.equal(await failedStage(`wss://127.0.0.1:${String(mute.port)}`), "tls");
    assert.equal(await failedStage(`ws://127.0.0.1:${String(await refusingServer(404))}`), "server");
    const other = await fakeServer({ type: "welcome" });
    assert.equal(await failedStage(`ws://127.0.0.1:${String(other.port)}`), "server");
  });

  it("resolves a name", async () => {
    const { port } = await fakeServer();
    const { addresses } = await checkServer(`ws://localhost:${String(port)}`, undefined, log);
    assert.deepEqual(addresses, []);
  });
});
