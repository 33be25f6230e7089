// Private sessions of real windows' hosts by the relay of a real server: when it is used, what it sees, and how a session
// leaves it again.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { LinkPath } from "../../extension/core/model/ports.ts";
import { Client, type ClientOptions } from "../support/client.ts";
import { createPatientNetwork } from "../support/patientNetwork.ts";
import { RecordingProxy } from "../support/recordingProxy.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";

describe("private sessions by the relay", () => {
  let server: ServerProcess;
  const clients: Client[] = [];
  const proxies: RecordingProxy[] = [];
  /** Ways to the server that no window has taken yet. */
  let free: RecordingProxy[];

  beforeEach(async () => {
    free = [await proxyTo(() => server.port), await proxyTo(() => server.port)];
    server = await ServerProcess.start(...reachedAt(...free.map(({ port }) => port)));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    await server.stop();
  });

  async function proxyTo(port: () => number | null): Promise<RecordingProxy> {
    const proxy = await RecordingProxy.to(port);
    proxies.push(proxy);
    return proxy;
  }

  type Window = { readonly client: Client; readonly name: string; readonly toServer: RecordingProxy };

  /** A window that has joined; all that it and the server say to each other goes through its proxy. */
  async function join(name: string, options: ClientOptions): Promise<Window> {
    const toServer = free.pop();
    assert.ok(toServer !== undefined);
    const client = new Client(options);
    clients.push(client);
    assert.deepEqual(await client.join(name, `ws://127.0.0.1:${String(toServer.port)}`), { ok: true });
    return { client, name, toServer };
  }

  /** Anna and bobby with a session between them, which both have open. */
  async function session(anna: ClientOptions, bobby: ClientOptions): Promise<[Window, Window]> {
    const [a, b] = [await join("anna", anna), await join("bobby", bobby)];
    await a.client.until("bobby", ({ users }) => users.includes("bobby"));
    assert.deepEqual(await a.client.run("\\fork bobby"), { ok: true });
    await b.client.until("the session", ({ sessions }) => sessions.length === 2);
    await b.client.run("\\switch anna");
    return [a, b];
  }

  function path({ client }: Window): LinkPath | undefined {
    return client.state.channels[0]?.link?.path;
  }

  /** Each sends these to the other, who gets all of them once and in order, after any earlier ones. */
  async function talk(windows: readonly [Window, Window], texts: readonly string[]): Promise<void> {
    const [a, b] = windows;
    const directions = [
      [a, b],
      [b, a],
    ] as const;
    const heard = (from: Window, by: Window): string[] =>
      by.client.messages(from.name).filter((line) => line.startsWith(`${from.name}: `));
    const expected = directions.map(([from, by]) => [
      ...heard(from, by),
      ...texts.map((text) => `${from.name}: ${text}`),
    ]);
    for (const text of texts) {
      for (const { client } of windows) assert.deepEqual(await client.type(text), { ok: true });
    }
    for (const [n, [from, by]] of directions.entries()) {
      const count = expected[n]?.length ?? 0;
      await by.client.until(`what ${from.name} says`, () => heard(from, by).length >= count);
      assert.deepEqual(heard(from, by), expected[n]);
    }
  }

  /** An address that takes every connection and never says a word. */
  async function blackHole(): Promise<ClientOptions> {
    const { port } = await proxyTo(() => null);
    return { advertise: () => [{ host: "127.0.0.1", port }] };
  }

  it("carry large messages both ways when both users require the relay, and reveal no address", async () => {
    const windows = await session(
      { settings: { connection: "relay" } },
      { settings: { connection: "relay" } },
    );
    // 16 KiB that take 96 KiB on the wire, again and again.
    await talk(
      windows,
      Array.from({ length: 16 }, (_, n) => `${String(n)}${"\u0001".repeat(16_000)}`),
    );
    assert.deepEqual(windows.map(path), ["relayed", "relayed"]);
    for (const { client } of windows) assert.deepEqual(client.state.channels[0]?.addresses, []);
  });

  it("show the server only TLS", async () => {
    const windows = await session(
      { settings: { connection: "relay" } },
      { settings: { connection: "relay" } },
    );
    const texts = ["the key is under the mat", "Grüße 👋"];
    await talk(windows, texts);
    assert.deepEqual(windows.map(path), ["relayed", "relayed"]);
    await windows[0].client.run("\\lobby");
    await windows[0].client.type("everybody may read this");
    await windows[1].client.untilShown("lobby", "everybody may read this");
    for (const { toServer } of windows) {
      // What comes from the server is not masked: had the relay seen a text in the clear, it would be here.
      const seen = Buffer.concat(toServer.answered);
      for (const text of [...texts, '"type":"hello"', '"type":"message"', "GET /peer"])
        assert.ok(!seen.includes(text));
      assert.ok(seen.includes("HTTP/1.1 101"), "the connections themselves are in the clear here");
      // Records of TLS: a hello of either side, then ciphertext.
      assert.ok(seen.includes(Buffer.from([0x16, 0x03])) && seen.includes(Buffer.from([0x17, 0x03, 0x03])));
    }
    assert.ok(Buffer.concat(windows[1].toServer.answered).includes("everybody may read this"));
  });

  it("are not used when a direct path works", async () => {
    const patient = { network: createPatientNetwork };
    const windows = await session(patient, patient);
    await talk(windows, ["straight"]);
    assert.deepEqual(windows.map(path), ["direct", "direct"]);
    for (const { toServer } of windows) assert.ok(!toServer.wire.includes("GET /relay"));
  });

  it("start when a firewall drops everything, and say so", async () => {
    const windows = await session(await blackHole(), await blackHole());
    assert.deepEqual(windows.map(path), ["relayed", "relayed"]);
    await talk(windows, ["round about"]);
  });

  it("become direct when a path opens, in the middle of a conversation", async () => {
    let isOpen = false;
    const ports: Record<string, number | null> = { anna: null, bobby: null };
    const gate = async (name: "anna" | "bobby"): Promise<ClientOptions> => {
      const way = await proxyTo(() => (isOpen ? (ports[name] ?? null) : null));
      return {
        advertise: ([address]) => {
          ports[name] = address?.port ?? null;
          return [{ host: "127.0.0.1", port: way.port }];
        },
      };
    };
    const windows = await session(await gate("anna"), await gate("bobby"));
    assert.deepEqual(windows.map(path), ["relayed", "relayed"]);
    await talk(windows, ["before"]);
    isOpen = true;
    let n = 0;
    while (windows.some((window) => path(window) !== "direct")) {
      await talk(windows, [`meanwhile ${String(++n)}`]);
      await delay(50);
    }
    await talk(windows, ["after"]);
    for (const { client } of windows)
      await client.until("confirmed", ({ sessions }) =>
        sessions.every(({ pending }) => pending.length === 0),
      );
  });
});
