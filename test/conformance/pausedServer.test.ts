// A server whose process stood still, as in a paused container: it must hear its clients before it takes them for silent.
import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { limits } from "../../protocol/limits.ts";
import { pauseProcess, resumeProcess } from "../support/pausedProcess.ts";
import { RelayedPair } from "./relayedPair.ts";

describe("a server that was paused for longer than clients may be silent", function () {
  this.timeout(120_000);

  it("keeps the clients and the tunnel that it had", async () => {
    const pair = await RelayedPair.start();
    const { server, anna, bobby } = pair;
    const [a, b] = await pair.tunnel();
    await pauseProcess(server.child);
    // The pause itself: nothing tells when it has been long enough.
    await delay(limits.silenceMs + limits.silenceStepMs);
    resumeProcess(server.child);
    const heard = once(b, "message");
    a.send(Buffer.from("still here"));
    assert.equal(String((await heard)[0]), "still here");
    anna.send({ type: "say", id: "m-1", text: "still here" });
    assert.equal((await bobby.next("said")).text, "still here");
    await anna.next("ack");
    await server.stop();
  });
});
