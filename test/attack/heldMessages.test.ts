// Members who send as much as the server reads at once, and those who begin long messages that never end. What is counted is how
// many of them the server lets go, because all of it would not fit.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { limits } from "../../protocol/limits.ts";
import type { RunningServer } from "../../server/createServer.ts";
import { clientFrame, joinRaw } from "../conformance/rawClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { HonestPair } from "./honestPair.ts";

const ATTACKER = "127.0.43.1";
const MEMBERS = 40;
/** A sixty-fourth of the bound, so that a small crowd passes it. */
const HELD_BYTES = limits.heldBytes / 64;

/** Within the size of a frame, and more than the bound for all of them. */
const UNFINISHED_BYTES = 60_000;
const MOST_UNFINISHED = Math.ceil(HELD_BYTES / UNFINISHED_BYTES);

describe("a crowd whose messages wait to be read", () => {
  let server: RunningServer;
  let pair: HonestPair;
  let crowd: Socket[];
  let cuts: number;
  let cut: () => void;

  beforeEach(async () => {
    [crowd, cuts] = [[], 0];
    server = await startServer({
      heldBytes: HELD_BYTES,
      log: (_level, event) => {
        if (event !== "too-much-held") return;
        cuts += 1;
        cut();
      },
    });
    pair = await HonestPair.meet(server.url);
    for (let n = 0; n < MEMBERS; n++) {
      crowd.push(await joinRaw(server.url, `loud${n}`, { localAddress: ATTACKER }));
    }
  });
  afterEach(async () => {
    for (const socket of crowd) socket.destroy();
    await pair.leave();
    await server.stop();
  });

  /** Sends it from each at once, and resolves when the server has cut so many. */
  async function send(piece: Buffer, gone: number): Promise<void> {
    const enough = new Promise<void>((resolve) => {
      cut = () => {
        if (cuts >= gone) resolve();
      };
    });
    for (const socket of crowd) socket.resume().write(piece);
    await pair.talk();
    await enough;
    await pair.talk();
  }

  it("is cut down to the bound: messages that never end", async () => {
    const frame = clientFrame(0x81, " ".repeat(UNFINISHED_BYTES));
    await send(frame.subarray(0, -1), MEMBERS - MOST_UNFINISHED);
    assert.ok(cuts <= MEMBERS - MOST_UNFINISHED + 1, `${cuts} are cut`);
  });

  it("is cut down to the bound: messages in fragments that never end", async () => {
    const fragment = clientFrame(0x01, " ".repeat(UNFINISHED_BYTES));
    await send(fragment, MEMBERS - MOST_UNFINISHED);
    assert.ok(cuts <= MEMBERS - MOST_UNFINISHED + 1, `${cuts} are cut`);
  });

  it("is cut down to the bound: messages that wait for their turn", async () => {
    const frame = clientFrame(
      0x81,
      JSON.stringify({ type: "presence", state: "here", filler: "x".repeat(920) }),
    );
    await send(Buffer.concat(Array<Buffer>(64).fill(frame)), 1);
  });
});
