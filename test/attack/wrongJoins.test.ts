// People who have not joined and show wrong signatures, as many as they can.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientFrame, openRaw } from "../conformance/rawClient.ts";
import { TestClient } from "../conformance/testClient.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { HonestPair } from "./honestPair.ts";

const ATTACKER = "127.0.0.2";
const CONNECTIONS = 40;
/** No more than a stranger may send: beyond that it is cut off at once, and its answers are lost. */
const JOINS_EACH = limits.strangerBurst - 1;
const TOKEN = "correct-horse-battery-staple";

describe("a storm of invalid joins", () => {
  const servers: ServerProcess[] = [];
  const sockets: Socket[] = [];
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-storm-"));
    await writeFile(join(folder, "token"), TOKEN);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => server.stop("SIGKILL")));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function start(...args: string[]): Promise<ServerProcess> {
    const server = await ServerProcess.start(...args);
    servers.push(server);
    return server;
  }

  /** Opens connections that each send their joins at once. Returns all that the server answers, until it ends them. */
  async function storm(server: ServerProcess): Promise<string> {
    const name = "mallory";
    const proof = new TestKey().proof("elsewhere.example", "A".repeat(22), name);
    const frame = clientFrame(0x81, JSON.stringify({ type: "join", v: PROTOCOL_VERSION, name, ...proof }));
    const frames = Buffer.concat([...Array<Buffer>(JOINS_EACH).fill(frame), clientFrame(0x88, "")]);
    const answers = Array.from({ length: CONNECTIONS }, async () => {
      const socket = await openRaw(server.url, { localAddress: ATTACKER });
      sockets.push(socket);
      let text = "";
      socket.on("data", (data: Buffer) => (text += data.toString("latin1")));
      socket.write(frames);
      await new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
      socket.destroy();
      return text;
    });
    return (await Promise.all(answers)).join("");
  }

  const count = (text: string, code: string): number => text.split(`"code":"${code}"`).length - 1;

  it("causes few signature checks, and costs honest people no message and newcomers no place", async () => {
    const server = await start();
    const pair = await HonestPair.meet(server.url);
    const attack = storm(server);
    for (let n = 0; n < 10; n++) await pair.talk();
    // A neighbour behind the attacker's address comes in all the same.
    const neighbour = await TestClient.join(server.url, "carmen", {}, undefined, { localAddress: ATTACKER });
    const answers = await attack;
    // Each connection has one proof of its own; together they have those of their address.
    const most = CONNECTIONS + limits.wrongProofBurst + 60 * limits.wrongProofsPerSecond;
    const checked = count(answers, "signature");
    assert.ok(checked > 0 && checked <= most, `${checked} of ${CONNECTIONS * JOINS_EACH} were checked`);
    await pair.talk();
    await neighbour.close();
    await pair.leave();
  });

  it("causes none without the server's token", async () => {
    const server = await start("--token-file", join(folder, "token"));
    const answers = await storm(server);
    assert.equal(count(answers, "signature"), 0);
    assert.ok(count(answers, "token-missing") > 0);
  });

  it("does not delay a class of thirty that joins at once from one address", async () => {
    const server = await start();
    const attack = storm(server);
    const people = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        TestClient.join(server.url, `pupil${n}`, {}, undefined, { localAddress: "127.0.0.3" }),
      ),
    );
    assert.equal(new Set(people.map(({ joined }) => joined.name)).size, 30);
    await attack;
    await Promise.all(people.map((client) => client.close()));
  });
});
