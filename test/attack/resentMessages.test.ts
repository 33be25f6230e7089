// Traffic and people who make the server forget what an honest client has said: its message, sent again, would be told twice.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { startServer } from "../conformance/startServer.ts";
import { TestClient } from "../conformance/testClient.ts";
import { LONG } from "../fuzz/fuzz.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

const BURST = limits.framesPerSecond * limits.burstSeconds;
const FAST = 1_000_000;

/** People who chatter at once. The built server gives each an eighth of the lobby's rate. */
const AT_ONCE = LONG ? 11 : 1;

type Joined = Awaited<ReturnType<typeof TestClient.join>>;

/** Joins, says something, and loses the connection. Returns a function that resends it and checks that it was delivered once. */
async function speakAndVanish(url: string, name: string, localAddress: string): Promise<() => Promise<void>> {
  const first = await TestClient.join(url, name, {}, undefined, { localAddress });
  const say = async (client: Joined): Promise<number> => {
    client.send({ type: "say", id: `${name}-1`, text: "told once" });
    return (await client.until("ack")).seq;
  };
  const seq = await say(first);
  first.ws.terminate();
  return async () => {
    const { resume } = first.joined;
    const again = await TestClient.join(url, name, { resume }, first.key, { localAddress });
    assert.equal(await say(again), seq, `${name}'s message is told once`);
    await again.close();
  };
}

/** One of them joins, says so many short messages, and leaves. */
async function chatter(url: string, name: string, localAddress: string, count: number): Promise<void> {
  const { client } = await joinFrom(url, name, localAddress);
  for (let n = 0; n < count; n++) client.send({ type: "say", id: `m-${n}`, text: "x" });
  await client.until("ack", ({ id }) => id === `m-${count - 1}`);
  await client.close();
}

describe("a message that is sent again", () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop("SIGKILL"));

  it("is delivered once, whatever others said and however often they joined in between", async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
    const sayAgain = await speakAndVanish(server.url, "carmen", "127.0.0.2");
    for (let key = 0; key * (BURST - 20) <= limits.historyMessages; key++) {
      await chatter(server.url, `m${key}`, "127.0.0.3", BURST - 20);
    }
    await sayAgain();
    await pair.talk();
    await pair.leave();
  });

  it("is delivered once, however often others with the same key joined in between", async () => {
    const carmen = await TestClient.join(server.url, "carmen");
    carmen.send({ type: "say", id: "carmen-1", text: "told once" });
    const { seq } = await carmen.until("ack");
    carmen.ws.terminate();
    for (let n = 0; n < limits.joinBurst - 5; n++) {
      const window = await TestClient.join(server.url, "window", {}, carmen.key);
      await window.close();
    }
    const again = await TestClient.join(server.url, "carmen", { resume: carmen.joined.resume }, carmen.key);
    again.send({ type: "say", id: "carmen-1", text: "told once" });
    assert.equal((await again.until("ack")).seq, seq);
    await again.close();
  });
});

describe("a message that is resent after more messages than the server remembers", function () {
  this.timeout(120_000);

  // The built server does not let so many through in a few seconds.
  it(`is delivered once, from people at the same address and elsewhere${LONG ? ", by the built server" : ""}`, async () => {
    const most = limits.lobbyBytesPerSecondMost;
    const server = LONG
      ? await ServerProcess.start(
          ...["--messages-per-second", String(FAST), "--lobby-bytes-per-second", String(most)],
        )
      : await startServer({ framesPerSecond: FAST, lobbyBytesPerSecond: FAST * limits.textBytes });
    try {
      const pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
      const early = [
        await speakAndVanish(server.url, "carmen", "127.0.0.2"),
        await speakAndVanish(server.url, "dora", "127.0.0.3"),
      ];
      for (let key = 0; key * limits.saidIdsPerKey <= limits.saidIds + limits.saidIdsPerKey; key += AT_ONCE) {
        const names = Array.from({ length: AT_ONCE }, (_, n) => `m${key + n}`);
        await Promise.all(names.map((name) => chatter(server.url, name, "127.0.0.3", limits.saidIdsPerKey)));
        await pair.talk();
      }
      const late = [
        await speakAndVanish(server.url, "erik", "127.0.0.2"),
        await speakAndVanish(server.url, "fatima", "127.0.0.3"),
      ];
      await pair.talk();
      for (const sayAgain of [...early, ...late]) await sayAgain();
      await pair.talk();
      await pair.leave();
    } finally {
      await server.stop();
    }
  });
});
