// A window under fire, from a peer and from its server: whatever they send, a private session with an honest peer goes on, in
// order and complete, and the window holds no more than its limits.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { State } from "../../extension/core/model/state.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { PeerMessage } from "../../protocol/peer.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import { TestClient } from "../conformance/testClient.ts";
import { cleanUp } from "../integration/netHarness.ts";
import { stranger } from "../integration/peerHarness.ts";
import { Client } from "../support/client.ts";
import { peer as peerSamples } from "../support/peerSamples.ts";
import { server as serverSamples } from "../support/rendezvousSamples.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { fuzz, LONG } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const FRAMES = LONG ? 50_000 : 3_000;
/** Broken frames between two messages of honest people. */
const BATCH = 100;
/** Nothing listens there, and it is on this machine: dialing it does no harm. */
const CARD = { addresses: [{ host: "127.0.0.1", port: 9 }] };

describe("a window under fire", function () {
  let server: ServerProcess;
  let anna: Client;
  let bobby: Client;
  let words: { readonly by: string; readonly text: string }[];
  /** Timers of no length, listeners that gather: what Node says about a program that is led astray. */
  const warnings: string[] = [];
  const warned = ({ message }: Error): void => void warnings.push(message);

  before(() => process.on("warning", warned));
  after(() => {
    process.off("warning", warned);
    assert.deepEqual(warnings, []);
  });

  beforeEach(async () => {
    server = await ServerProcess.start("--messages-per-second", "1000000");
    [anna, bobby] = [new Client(), new Client()];
    words = [];
  });
  afterEach(async () => {
    await Promise.all([anna, bobby].map((client) => client.close()));
    await Promise.all([cleanUp(), server.stop("SIGKILL")]);
  });

  async function meet(url: string): Promise<void> {
    for (const [client, name] of [
      [anna, "anna"],
      [bobby, "bobby"],
    ] as const) {
      assert.deepEqual(await client.join(name, url), { ok: true });
    }
    await anna.until("bobby", ({ users }) => users.includes("bobby"));
    assert.deepEqual(await anna.type("\\fork bobby"), { ok: true });
    await bobby.until("a session", ({ sessions }) => sessions.length === 2);
  }

  /** Anna and bobby each say something to the other, which arrives next. */
  async function talk(): Promise<void> {
    for (const [from, to, name] of [
      [anna, bobby, "anna"],
      [bobby, anna, "bobby"],
    ] as const) {
      const text = `${name} ${words.length}`;
      words.push({ by: name, text });
      const [, session] = from.state.sessions;
      assert.ok(session !== undefined);
      const outcome = await from.store.request((request) => ({
        type: "user/submit",
        request,
        session: session.number,
        text,
      }));
      assert.deepEqual(outcome, { ok: true });
      await to.until(
        text,
        (state) =>
          state.sessions[1]?.transcript.end !== undefined && to.messages(name).at(-1) === `${name}: ${text}`,
      );
    }
  }

  /**
   * Nothing was lost, doubled or put in; and no list has grown over its limit. One's own words bear the name that the server
   * has given last, which a hostile one may choose.
   */
  async function assertWhole(client: Client, other: string): Promise<void> {
    await client.until("nothing pending", ({ sessions }) => sessions[1]?.pending.length === 0);
    const heard = client
      .entries(other)
      .flatMap((entry) =>
        entry.kind === "message" ? [{ by: entry.own ? "oneself" : entry.from, text: entry.text }] : [],
      );
    assert.deepEqual(
      heard,
      words.map(({ by, text }) => ({ by: by === other ? other : "oneself", text })),
    );
    assertBounded(client.state);
  }

  fuzz(`from somebody with whom it has a session, over their link (${FRAMES} frames)`, async (seed) => {
    await meet(server.url);
    const mallory = await TestClient.join(server.url, "mallory");
    mallory.send({ type: "fork", id: "f-1", to: "bobby", card: { addresses: [] } });
    const { sid, peer } = await mallory.until("introduction");
    const [address] = peer.card.addresses;
    assert.ok(address !== undefined);
    const hello = { type: "hello", v: PROTOCOL_VERSION, sid, knows: null, received: 0, sent: 0 };
    const noise = Array.from({ length: 20 }, (_, n) => ({
      type: "message",
      seq: n + 1,
      at: n,
      text: `noise ${n}`,
    }));
    const sound = [...Object.values(peerSamples).flat().filter(endsNothing).map(harmless), ...noise].map(
      (frame) => ("sid" in frame ? { ...frame, sid } : frame),
    );
    const mutator = new Mutator(seed, sound);
    let links = 0;
    let sent = 0;
    while (sent < FRAMES) {
      const link = await stranger(address, mallory.key);
      links += 1;
      // Each time with a higher number and another boot: the window starts the session over, and listens.
      link.send(JSON.stringify({ ...hello, n: links, boot: `boot-of-mallory-${links}` }));
      await Promise.race([once(link, "message"), once(link, "close")]);
      for (const frame of noise.slice(0, mutator.below(noise.length))) link.send(JSON.stringify(frame));
      let batch = BATCH;
      while (link.readyState === WebSocket.OPEN && batch-- > 0) {
        // Sound frames among them lead deeper than broken ones alone.
        link.send(mutator.chance(0.5) ? JSON.stringify(mutator.pick(sound)) : mutator.frame());
        sent += 1;
        // Now and then the window gets the time to answer.
        if (mutator.chance(0.1)) await new Promise(setImmediate);
      }
      link.terminate();
      await talk();
    }
    assert.ok(
      bobby.messages("mallory").includes("mallory: noise 0"),
      "some of it got as far as the conversation",
    );
    await assertWhole(bobby, "anna");
    await assertWhole(anna, "bobby");
  });

  fuzz(`from its server, among what that has to say (${FRAMES} frames)`, async (seed) => {
    const between = await HostileServer.before(() => server.url);
    try {
      await server.stop();
      server = await ServerProcess.start("--messages-per-second", "1000000", ...reachedAt(between.port));
      await meet(between.url);
      const sound = Object.values(serverSamples).flat().map(harmless);
      const mutator = new Mutator(seed, sound);
      // First of all: what comes under an older number than something else is not told.
      for (const said of serverSamples.said) between.say(JSON.stringify(said));
      for (let sent = 0; sent < FRAMES; sent += BATCH) {
        for (let n = 0; n < BATCH; n++)
          between.say(mutator.chance(0.3) ? JSON.stringify(mutator.pick(sound)) : mutator.frame());
        await talk();
      }
      // As it was said, or as it was edited.
      const heard = anna.messages("lobby").some((line) => /^bobby: h[io]$/u.test(line));
      assert.ok(heard, "some of it got as far as the conversation");
      await assertWhole(bobby, "anna");
      await assertWhole(anna, "bobby");
    } finally {
      await between.close();
    }
  });
});

/** The end of the session would be the end of the test. */
function endsNothing(frame: PeerMessage): boolean {
  return frame.type !== "bye" || frame.reason === "closed";
}

/** A message without addresses that might be in use. */
function harmless(message: PeerMessage | ServerMessage): object {
  return {
    ...message,
    ...("card" in message ? { card: CARD } : {}),
    ...("peer" in message ? { peer: { ...message.peer, card: CARD } } : {}),
    ...(message.type === "addresses" ? { items: CARD.addresses } : {}),
  };
}

function assertBounded(state: State): void {
  const {
    sessions,
    channels,
    forks,
    invites,
    questions,
    introductions,
    farewells,
    callers,
    people,
    users,
    numbers,
  } = state;
  for (const [what, size, most] of [
    ["sessions", sessions.length - 1, limits.sessions],
    ["forks and invites", forks.length + invites.length, limits.sessions],
    ["wires", channels.length, limits.sessions],
    ["questions", questions.length, limits.sessions],
    ["introductions", introductions.length, limits.sessions],
    ["farewells", farewells.length, limits.farewells],
    ["callers", callers.length, limits.pendingPeers],
    ["people", people.length, limits.knownPeers],
    ["users", users.length, limits.clients],
    ["numbers", numbers.size, limits.knownPeers],
  ] as const) {
    assert.ok(size <= most, `${size} ${what}, ${most} are the most`);
  }
  for (const { transcript } of sessions)
    assert.ok(transcript.end - transcript.start <= limits.transcriptEntries);
}

/** Stands before a real server, passes on what both say, and says more to the clients. */
class HostileServer {
  readonly port: number;
  readonly url: string;
  readonly #listener: WebSocketServer;

  private constructor(listener: WebSocketServer, target: () => string) {
    this.#listener = listener;
    this.port = (listener.address() as AddressInfo).port;
    this.url = `ws://127.0.0.1:${this.port}`;
    listener.on("connection", (client, request) => {
      // Signatures hold for the host that the client has dialled.
      const upstream = new WebSocket(target(), {
        headers: { Host: request.headers.host ?? "" },
        perMessageDeflate: false,
      });
      const waiting: string[] = [];
      client.on("message", (data: Buffer) => {
        if (upstream.readyState === WebSocket.OPEN) upstream.send(data.toString());
        else waiting.push(data.toString());
      });
      upstream.on("open", () => waiting.forEach((text) => upstream.send(text)));
      upstream.on("message", (data: Buffer) => client.send(data.toString()));
      for (const [ws, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        ws.on("error", () => undefined);
        ws.on("close", () => other.close());
      }
    });
  }

  /** @param target URL of the real server, asked for with each client */
  static async before(target: () => string): Promise<HostileServer> {
    const listener = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    await once(listener, "listening");
    return new HostileServer(listener, target);
  }

  /** To everybody who is connected. */
  say(text: string): void {
    for (const client of this.#listener.clients) client.send(text);
  }

  async close(): Promise<void> {
    for (const client of this.#listener.clients) client.terminate();
    await new Promise((resolve) => this.#listener.close(resolve));
  }
}
