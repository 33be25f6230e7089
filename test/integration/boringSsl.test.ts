// The peer link over BoringSSL, the TLS library of the Electron under a desktop VS Code; this Node has OpenSSL. Bun stands in for
// Electron. Its own `ws` must not: Bun replaces that import, so the window is bundled with the real one, as it is shipped.
import assert from "node:assert/strict";
import { ensureBun } from "../../scripts/bun.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TcpProxy } from "../support/tcpProxy.ts";
import { WindowProcess, type WindowStart } from "../support/windowProcess.ts";
import { windowBundle } from "../support/windowBundle.ts";
import { TestKey } from "../support/testKey.ts";
import { cleanUp } from "./netHarness.ts";
import { freePort } from "../support/freePort.ts";
import { answerTo, tlsTo, upgradeRequest } from "./peerHarness.ts";

type Runtime = "Bun" | "Node";

const PAIRS: readonly (readonly [Runtime, Runtime])[] = [
  ["Bun", "Node"],
  ["Node", "Bun"],
  ["Bun", "Bun"],
];

/** Nothing in it may be what Bun replaces. */
async function assertOwnLibraries(): Promise<void> {
  const { metafile } = await windowBundle();
  const inputs = Object.keys(metafile.inputs);
  for (const part of ["extension/net/network.ts", "node_modules/ws/lib/websocket.js"])
    assert.ok(inputs.includes(part), part);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  assert.ok(!imports.some(({ path }) => path === "ws"));
}

describe("the peer link over BoringSSL (skipped where Bun has no build for the platform)", () => {
  const runtimes = new Map<Runtime, readonly string[]>();
  let server: ServerProcess;
  const windows: WindowProcess[] = [];
  const ways: TcpProxy[] = [];

  before(async function () {
    this.timeout(300_000);
    const bun = await ensureBun((line) => console.log(`      ${line}`));
    if (bun === undefined) return this.skip();
    runtimes.set("Bun", [bun]);
    await assertOwnLibraries();
  });
  // Its own server for each test: names stay with the keys of those who had them.
  beforeEach(async () => {
    server = await ServerProcess.start();
  });
  afterEach(async () => {
    await cleanUp();
    await Promise.all(windows.splice(0).map((window) => window.kill()));
    await Promise.all(ways.splice(0).map((way) => way.close()));
    await server.stop();
  });

  async function joined(name: string, runtime: Runtime, start: WindowStart): Promise<WindowProcess> {
    const window = await WindowProcess.start(start, [], runtimes.get(runtime));
    windows.push(window);
    assert.deepEqual(await window.join(name, server.url), { ok: true });
    return window;
  }

  /** Two windows that have joined. Only anna can reach the other: by the way, which leads to a port or nowhere. */
  async function pair(caller: Runtime, callee: Runtime, connection: "direct" | "relay") {
    const nowhere = await freePort();
    const leads = { to: nowhere };
    const way = await TcpProxy.to(() => leads.to);
    ways.push(way);
    const anna = await joined("anna", caller, { connection, advertise: nowhere });
    const bobby = await joined("bobby", callee, { connection, advertise: way.port });
    await anna.until("bobby", ({ users }) => users.includes("bobby"));
    return { anna, bobby, way, leads, nowhere };
  }

  async function portOf(window: WindowProcess): Promise<number> {
    const { port } = await window.until("its listener", (state) => state.port !== null);
    assert.ok(port !== null);
    return port;
  }

  async function assertTls(window: WindowProcess, runtime: Runtime): Promise<void> {
    const { versions } = await window.state();
    assert.equal("boringssl" in versions, runtime === "Bun", JSON.stringify(versions));
  }

  const fork = async (anna: WindowProcess, bobby: WindowProcess): Promise<void> => {
    assert.deepEqual(await anna.run("\\fork bobby"), { ok: true });
    await bobby.until("the session", ({ sessions }) => sessions.length === 1);
    await bobby.run("\\switch anna");
  };

  for (const [caller, callee] of PAIRS) {
    describe(`from ${caller} to ${callee}`, () => {
      it("carries messages both ways, and delivers those sent during an outage afterwards", async () => {
        const { anna, bobby, way, leads, nowhere } = await pair(caller, callee, "direct");
        await assertTls(anna, caller);
        await assertTls(bobby, callee);
        leads.to = await portOf(bobby);
        await fork(anna, bobby);
        const both = [anna, bobby] as const;
        const said: string[] = [];
        const talk = async (texts: readonly string[]): Promise<void> => {
          said.push(...texts);
          for (const text of texts)
            for (const window of both) assert.deepEqual(await window.type(text), { ok: true });
        };
        const heard = async (link: number): Promise<void> => {
          for (const [window, role] of [
            [anna, "me"],
            [bobby, "peer"],
          ] as const) {
            const { wires } = await window.until(
              "everything",
              ({ sessions: [session], wires: [wire] }) =>
                session?.heard === said.length && session.pending.length === 0 && wire?.n === link,
            );
            assert.deepEqual(wires[0]?.link, { path: "direct", dialler: role });
          }
          for (const [window, me, peer] of [
            [anna, "anna", "bobby"],
            [bobby, "bobby", "anna"],
          ] as const) {
            const lines = await window.messages(peer);
            for (const from of [me, peer]) {
              const own = lines.filter((line) => line.startsWith(`${from}: `));
              assert.deepEqual(
                own,
                said.map((text) => `${from}: ${text}`),
              );
            }
          }
        };
        // The longest message takes more than one TLS record.
        await talk(["hello", "two\nlines 👋", "x".repeat(16_384)]);
        await heard(1);

        leads.to = nowhere;
        way.cut();
        for (const window of both) await window.until("the loss", ({ wires }) => wires[0]?.link === null);
        await talk(["said while it was down", "and this"]);
        leads.to = await portOf(bobby);
        await heard((await anna.until("a new link", ({ wires }) => wires[0]?.link != null)).wires[0]?.n ?? 0);
      });

      it("does not connect to a different key", async () => {
        const { anna, bobby, leads } = await pair(caller, callee, "direct");
        const carol = await joined("carol", callee, { connection: "direct" });
        leads.to = await portOf(carol);
        const { ok, code, text = "" } = await anna.run("\\fork bobby");
        assert.deepEqual([ok, code], [false, "fork-failed"]);
        assert.match(text, /key/);
        assert.deepEqual((await carol.state()).wires, []);
        leads.to = await portOf(bobby);
        await fork(anna, bobby);
      });

      it("runs over the relay", async () => {
        const { anna, bobby } = await pair(caller, callee, "relay");
        await fork(anna, bobby);
        const text = "x".repeat(16_384);
        for (const window of [anna, bobby]) assert.deepEqual(await window.type(text), { ok: true });
        for (const window of [anna, bobby]) {
          const { wires } = await window.until("the message", ({ sessions }) => sessions[0]?.heard === 1);
          assert.equal(wires[0]?.link?.path, "relayed");
        }
        assert.equal((await bobby.messages("anna")).filter((line) => line === `anna: ${text}`).length, 1);
      });
    });
  }

  it("a listener under Bun sends nothing to an unexpected key, to a missing one, or over an older TLS", async () => {
    const bobby = await joined("bobby", "Bun", { connection: "direct" });
    const address = { host: "127.0.0.1", port: await portOf(bobby) };
    for (const key of [new TestKey(), null])
      assert.equal(await answerTo(await tlsTo(address, key), upgradeRequest()), "");
    const older = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
    await assert.rejects(tlsTo(address, new TestKey(), older), /protocol version/);
    assert.deepEqual((await bobby.state()).wires, []);
  });
});
