// Files between two windows' hosts that meet at the relay of a real server: their bulk link goes there as well, beside the
// session's own link.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BLOCK_BYTES } from "../../protocol/bulk.ts";
import type { CoreSettings } from "../../extension/core/model/settings.ts";
import { Client, type ClientOptions } from "../support/client.ts";
import { acceptFile, offerFile } from "../support/clientFiles.ts";
import { noise } from "../support/fileTransfers.ts";
import { RecordingProxy } from "../support/recordingProxy.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { TcpProxy } from "../support/tcpProxy.ts";
import { eventually } from "../vscode/driver/eventually.ts";

const BYTES = noise(3 * BLOCK_BYTES + 11);

describe("a file over the relay", function () {
  this.timeout(40_000);
  let root: string;
  let server: ServerProcess;
  let proxies: Record<"anna" | "bobby", TcpProxy>;
  const clients: Client[] = [];
  const gates: RecordingProxy[] = [];

  const chosen = (): string => join(root, "chosen");
  const received = (): Buffer => readFileSync(join(chosen(), "a.bin"));
  const link = (client: Client) => client.state.channels[0]?.link;
  const status = ({ state }: Client) => state.transfers.at(-1);
  const phase = (client: Client): string => status(client)?.phase.phase ?? "none";

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-relayed-"));
    mkdirSync(chosen());
    proxies = { anna: await TcpProxy.to(() => server.port), bobby: await TcpProxy.to(() => server.port) };
    server = await ServerProcess.start(...reachedAt(proxies.anna.port, proxies.bobby.port));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const proxy of [...Object.values(proxies), ...gates.splice(0)]) await proxy.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** Anna and bobby with a session that anna has opened. */
  async function session(
    settings: Partial<CoreSettings> = { connection: "relay" },
    ways: Partial<Record<"anna" | "bobby", ClientOptions>> = {},
  ): Promise<[Client, Client]> {
    const [anna, bobby] = await Promise.all(
      (["anna", "bobby"] as const).map(async (name) => {
        const client = new Client({ folder: join(root, name), settings, ...ways[name] });
        clients.push(client);
        assert.deepEqual(await client.join(name, proxies[name].url), { ok: true });
        return client;
      }),
    );
    assert.ok(anna !== undefined && bobby !== undefined);
    await anna.until("both", ({ users }) => users.length === 2);
    await anna.run("\\fork bobby");
    await bobby.until("the session", () => bobby.peer("anna")?.link === "open");
    return [anna, bobby];
  }

  /** An address at which nothing answers until it is open. */
  async function gate(isOpen: () => boolean): Promise<ClientOptions> {
    let port: number | null = null;
    const way = await RecordingProxy.to(() => (isOpen() ? port : null));
    gates.push(way);
    return {
      advertise: ([address]) => {
        port = address?.port ?? null;
        return [{ host: "127.0.0.1", port: way.port }];
      },
    };
  }

  async function offer(from: Client, to: Client, bytes = BYTES): Promise<void> {
    const path = join(root, "a.bin");
    writeFileSync(path, bytes);
    await offerFile(from, from.state.me?.name === "anna" ? "bobby" : "anna", path);
    await to.until("the offer", () => phase(to) === "offered");
  }

  const accept = (to: Client) => acceptFile(to, to.state.me?.name === "anna" ? "bobby" : "anna", chosen());

  for (const [what, order] of [
    ["the side that dialed the session's link", [0, 1]],
    ["the other side", [1, 0]],
  ] as const) {
    it(`comes whole from ${what}, while messages pass and the session's link stays`, async () => {
      const both = await session();
      const [from, to] = [both[order[0]], both[order[1]]];
      await offer(from, to);
      const before = both.map(link);
      assert.deepEqual(
        before.map((one) => one?.path),
        ["relayed", "relayed"],
      );
      await accept(to);
      await to.until("the first block", () => (status(to)?.bytes ?? 0) >= BLOCK_BYTES);
      for (const [n, client] of both.entries()) {
        await client.run(n === 0 ? "\\switch bobby" : "\\switch anna");
        assert.deepEqual(await client.type(`message ${n}`), { ok: true });
      }
      await both[0].untilShown("bobby", "message 1");
      await both[1].untilShown("anna", "message 0");
      assert.equal(phase(to), "fetching");
      await to.until("the file", () => phase(to) === "done");
      await from.until("the confirmation", () => phase(from) === "sent");
      assert.deepEqual(received(), BYTES);
      assert.deepEqual(both.map(link), before);
    });
  }

  it("goes on where it was when its tunnel breaks, and the session's own tunnel stays", async () => {
    const both = await session();
    const [anna, bobby] = both;
    await offer(anna, bobby);
    const before = both.map(link);
    await accept(bobby);
    await bobby.until("the first block", () => (status(bobby)?.bytes ?? 0) >= BLOCK_BYTES);
    proxies.anna.cutNewest();
    await bobby.until("the break", () => phase(bobby) === "paused");
    assert.deepEqual(status(bobby)?.phase, { phase: "paused", by: "link" });
    await bobby.until("the file", () => phase(bobby) === "done");
    assert.deepEqual(received(), BYTES);
    assert.deepEqual(both.map(link), before);
  });

  it("goes on over a direct link as soon as there is one", async () => {
    let isOpen = false;
    const ways = { anna: await gate(() => isOpen), bobby: await gate(() => isOpen) };
    const [anna, bobby] = await session({}, ways);
    assert.equal(link(bobby)?.path, "relayed");
    const bytes = noise(30 * BLOCK_BYTES, 2);
    await offer(anna, bobby, bytes);
    await accept(bobby);
    await bobby.until("the first block", () => (status(bobby)?.bytes ?? 0) >= BLOCK_BYTES);
    isOpen = true;
    await bobby.until("the direct link", () => link(bobby)?.path === "direct");
    assert.notEqual(phase(bobby), "done");
    await bobby.until("the file", () => phase(bobby) === "done");
    assert.deepEqual(received(), bytes);
  });

  it("waits while a side wants direct connections only", async () => {
    const [anna, bobby] = await session();
    anna.set({ connection: "direct" });
    await offer(anna, bobby);
    await accept(bobby);
    await bobby.until("the wait", () => phase(bobby) === "paused");
    anna.set({ connection: "relay" });
    await bobby.until("the file", () => phase(bobby) === "done");
    assert.deepEqual(received(), BYTES);
    await eventually("nothing of it on the way", () => Promise.resolve(phase(anna) === "sent"));
  });
});
