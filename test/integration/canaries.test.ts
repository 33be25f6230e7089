// A full run in which every secret is a canary: messages, drafts, tokens, keys, tickets. Much fails on the way, but no log
// contains any of them: neither the server's nor the windows' most verbose ones.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import type { WebSocket } from "ws";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { TestClient } from "../conformance/testClient.ts";
import { Client, type ClientOptions } from "../support/client.ts";
import { RecordingProxy } from "../support/recordingProxy.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { cleanUp, fakeServer } from "./netHarness.ts";
import { stranger } from "./peerHarness.ts";

/** All begin alike, so that a piece of one is found, too. */
const canary = (what: string): string => `canary-${what}-${randomBytes(16).toString("hex")}`;

/** So many characters of a secret that was not made here count as all of it. */
const PIECE = 12;

describe("the logs of a full run", () => {
  const token = canary("token");
  const logged: string[] = [];
  const clients: Client[] = [];
  const servers: ServerProcess[] = [];
  const keys: Map<string, string>[] = [];
  let folder: string;
  let server: ServerProcess;
  let channel: RecordingProxy;
  let url: string;
  let anna: Client;
  let bobby: Client;
  let carmen: Client;

  const path = (name: string): string => join(folder, name);

  function client(options: ClientOptions = {}): Client {
    const secrets = new Map<string, string>();
    keys.push(secrets);
    const keep = (text: string): void => void logged.push(text);
    const made = new Client({
      tokens: { [url]: token },
      secrets,
      log: { debug: keep, info: keep, warn: keep },
      ...options,
    });
    clients.push(made);
    return made;
  }

  async function startServer(...args: string[]): Promise<ServerProcess> {
    const started = await ServerProcess.start(...args, ...reachedAt(channel.port));
    servers.push(started);
    return started;
  }

  /** Waits until one of them has logged this. */
  async function untilLogged(pattern: RegExp): Promise<void> {
    while (!logs().some((line) => pattern.test(line)))
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const logs = (): string[] => [...logged, ...servers.flatMap(({ stderr }) => stderr.split("\n"))];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-canaries-"));
    await writeFile(path("token"), `${token}\n`);
    channel = await RecordingProxy.to(() => server.port);
    server = await startServer("--token-file", path("token"), "--data", path("data"));
    url = `ws://127.0.0.1:${channel.port}`;
  });

  after(async () => {
    await Promise.all(clients.map((each) => each.close()));
    await cleanUp();
    await channel.close();
    await Promise.all(servers.map((each) => each.stop("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  });

  it("when everything works: messages, forks, verification, introductions, the relay", async () => {
    [anna, bobby, carmen] = [client(), client(), client({ settings: { connection: "relay" } })];
    for (const [each, name] of [
      [anna, "anna"],
      [bobby, "bobby"],
      [carmen, "carmen"],
    ] as const) {
      assert.deepEqual(await each.join(name, url), { ok: true });
    }
    await bobby.until("all", ({ users }) => users.length === 3);
    await anna.type(canary("lobby"));
    await bobby.untilShown("lobby", "canary-lobby");
    for (const peer of ["anna", "carmen"]) {
      assert.deepEqual(await bobby.run(`\\fork ${peer}`), { ok: true });
      await bobby.run("\\lobby");
    }
    assert.equal(bobby.state.channels.find(({ peer }) => peer === "carmen")?.link?.path, "relayed");
    for (const each of [anna, carmen]) {
      await each.until("a session", ({ sessions }) => sessions.length === 2);
      await each.run("\\switch bobby");
      await each.type(canary("private"));
    }
    await bobby.untilShown("anna", "canary-private");
    await bobby.untilShown("carmen", "canary-private");
    const session = bobby.peer("anna")?.number;
    assert.ok(session !== undefined);
    bobby.store.dispatch({ type: "user/draft", session, text: canary("draft"), about: null });
    await bobby.run("\\switch anna");
    await bobby.until("the number", ({ numbers }) => numbers.size === 2);
    assert.deepEqual(await bobby.type("\\verify"), { ok: true });
    bobby.store.dispatch({ type: "user/verified", session, value: true });
    await anna.untilShown("bobby", "compared the safety numbers");
    assert.deepEqual(await bobby.type("\\introduce anna carmen"), { ok: true });
    await anna.until("carmen", () => anna.peer("carmen") !== undefined);
  });

  it("when the server is killed and returns", async () => {
    const { port } = server;
    await server.stop("SIGKILL");
    await anna.until("away", ({ connection }) => connection.status === "offline");
    await anna.type(canary("lobby-while-away"));
    await anna.run("\\switch bobby");
    await anna.type(canary("private-while-away"));
    await bobby.untilShown("anna", "canary-private-while-away");
    server = await startServer("--port", String(port), "--token-file", path("token"), "--data", path("data"));
    await anna.until("back", ({ connection }) => connection.status === "online");
    await bobby.until("back", ({ connection }) => connection.status === "online");
    await bobby.until("all", ({ users }) => users.length === 3);
    await bobby.run("\\block anna");
  });

  it("when a window has a wrong token, an invalid key, or nowhere to write", async () => {
    const dora = client({ tokens: { [url]: canary("wrong-token") } });
    assert.equal((await dora.join("dora", url)).ok, false);
    const secret = `-----BEGIN PRIVATE KEY-----\n${canary("key")}\n-----END PRIVATE KEY-----\n`;
    const emil = client({ secrets: new Map([["forkchat.key:emil", secret]]) });
    await emil.join("emil", url);
    await untilLogged(/The key of a name was damaged/u);
    const frida = client({ folder: join(path("token"), "no-folder") });
    assert.equal((await frida.join("frida", url)).ok, true);
    await frida.type(canary("unwritten"));
    await untilLogged(/secret storage failed/u);
    await untilLogged(/window's state could not be saved/u);
    await untilLogged(/Conversations could not be saved/u);
  });

  it("when a client violates the server's protocol, or requests something forbidden", async () => {
    const mallory = await TestClient.join(url, "mallory", { token });
    for (const frame of brokenFrames("frame")) {
      mallory.send(frame);
      if (!Buffer.isBuffer(frame)) await mallory.until("error");
    }
    await mallory.closed;
    const long = await TestClient.join(url, "mallory", { token });
    long.send(canary("long").repeat(10_000));
    await long.closed;
    for (const [name, value] of [
      ["Host", canary("host")],
      ["Origin", canary("origin")],
      ["Authorization", `Bearer ${canary("ticket")}`],
    ] as const) {
      await request(`/relay?${canary("query")}`, { [name]: value });
      await request("/relay", { [name]: value });
    }
    await untilLogged(/"event":"upgrade-refused","status":421/u);
  });

  it("when a peer violates the peer protocol", async () => {
    const nina = await TestClient.join(url, "nina", { token });
    nina.send({ type: "fork", id: "f-1", to: "anna", card: { addresses: [] } });
    const [address] = (await nina.until("introduction")).peer.card.addresses;
    assert.ok(address !== undefined);
    for (const frame of brokenFrames("peer")) {
      const link = await stranger(address, nina.key);
      await spoil(link, frame);
    }
    await untilLogged(/A peer broke the protocol: bad-json/u);
  });

  it("when a server violates the protocol", async () => {
    const fake = await fakeServer();
    const otto = client({ tokens: {} });
    const joining = otto.join("otto", fake.url);
    await fake.received.count(1);
    const name = canary("name").slice(0, 30);
    const joined = {
      type: "joined",
      name: "otto",
      resume: canary("resume"),
      epoch: "epoch-of-test",
      seq: 0,
      missed: 0,
      gap: false,
      you: { address: "127.0.0.1" },
      users: [],
    };
    fake.say({ type: "refused", code: canary("code"), text: canary("refusal") });
    assert.equal((await joining).ok, false);
    const again = otto.join("otto", fake.url);
    await fake.received.count(2);
    fake.say(joined, 1);
    assert.deepEqual(await again, { ok: true });
    for (const frame of brokenFrames("server")) fake.clients.items[1]?.ws.send(frame);
    fake.say({ ...joined, resume: 7 }, 1);
    fake.say({ type: "said", seq: 1, at: 1, from: name, id: "x-1", text: canary("said") }, 1);
    await otto.untilShown("lobby", "canary-said");
    await untilLogged(/Dropped a message from the server: bad-json/u);
    await untilLogged(/Dropped a message from the server: binary frame/u);
  });

  it("when the server's own key can no longer be used", async () => {
    const pair = await generate([{ name: "commonName", value: "test" }], { keyType: "ec", curve: "P-256" });
    await writeFile(path("cert.pem"), pair.cert);
    await writeFile(path("key.pem"), pair.private);
    const secure = await startServer("--tls-cert", path("cert.pem"), "--tls-key", path("key.pem"));
    await writeFile(
      path("key.pem"),
      `-----BEGIN PRIVATE KEY-----\n${canary("key")}\n-----END PRIVATE KEY-----\n`,
    );
    secure.child.kill("SIGHUP");
    await untilLogged(/"level":"error","event":"tls-reloaded"/u);
  });

  it("contain no secret", () => {
    const secrets = [...secretsOnTheWire(), ...keys.flatMap((each) => [...each.values()]).flatMap(bodyOf)];
    // Keys of seven windows; tickets and tokens of those who came back.
    assert.ok(secrets.length > 20, `${secrets.length} secrets`);
    const lines = logs();
    assert.ok(lines.length > 40, `${lines.length} lines`);
    for (const line of lines) {
      assert.doesNotMatch(line, /canary/iu);
      for (const secret of secrets) {
        for (let at = 0; at + PIECE <= secret.length; at += PIECE)
          assert.ok(!line.includes(secret.slice(at, at + PIECE)), line);
      }
    }
  });

  /** What the server gave to clients for them alone. */
  function secretsOnTheWire(): string[] {
    const answered = Buffer.concat(channel.answered).toString("latin1");
    const found = [...answered.matchAll(/"(?:ticket|resume|nonce)":"([\w-]{22,})"/gu)].map(
      ([, secret = ""]) => secret,
    );
    for (const kind of ["ticket", "resume"]) assert.ok(answered.includes(`"${kind}":"`), kind);
    return found;
  }

  async function request(target: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const all = {
      Host: "localhost",
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
      ...headers,
    };
    const socket = connect(channel.port, "127.0.0.1");
    socket.write(
      `GET ${target} HTTP/1.1\r\n${Object.entries(all)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("")}\r\n`,
    );
    socket.resume();
    await once(socket, "close");
  }
});

/** Frames that are wrong in different ways, each with a canary; the binary one comes last. */
function brokenFrames(what: string): (string | Buffer)[] {
  const text = canary(what);
  return [
    text,
    `{"type":"say","id":"s-1","text":"${text}`,
    JSON.stringify({ type: text }),
    JSON.stringify({ type: "say", id: `${text} ${text}`, text }),
    JSON.stringify({ type: "message", seq: text, at: 0, text }),
    JSON.stringify({
      type: "hello",
      v: PROTOCOL_VERSION,
      sid: text,
      n: -1,
      boot: text,
      knows: text,
      received: text,
      sent: 0,
    }),
    JSON.stringify({ [text]: text }),
    Buffer.from(text),
  ];
}

async function spoil(link: WebSocket, frame: string | Buffer): Promise<void> {
  const closed = once(link, "close");
  link.send(frame);
  await closed;
}

/** The lines of a key, without those that say what it is. */
function bodyOf(pem: string): string[] {
  return pem.split("\n").filter((line) => !line.startsWith("-----") && line.length >= PIECE);
}
