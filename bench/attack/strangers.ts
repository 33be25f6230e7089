// Attacks on the server by clients that have not joined, or only just.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { clientFrame, joinRaw, openRaw } from "../../test/conformance/rawClient.ts";
import { TestClient } from "../../test/conformance/testClient.ts";
import { TestKey } from "../../test/support/testKey.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { onServer, type Attack, type Target } from "./attack.ts";

/** The attackers' address; the honest pair has another one. */
const ATTACKER = "127.0.0.2";

/** Duration of an attack in milliseconds. */
const LASTS_MS = 4_000;

/** Joins that one attacker sends without waiting for an answer. */
const JOINS_AT_ONCE = 20;

export const attacksOfStrangers: readonly Attack[] = [
  onServer("no attack", [], () => sleep(LASTS_MS, "")),
  onServer("wrong joins, 250 connections of one address", [], (target) => wrongJoins(target, 250)),
  onServer("wrong joins, 1,000 connections of one address", [], (target) => wrongJoins(target, 1_000)),
  onServer("an unfinished frame of 102,399 bytes, 1,000 connections", [], unfinishedFrames),
  onServer("idle TCP connections, 4,112 of one address", [], idleConnections),
  onServer("newcomers who never read, 200 keys", ["--messages-per-second", "1000"], newcomersWhoNeverRead),
];

/** Joins with wrong signatures, as fast as the server accepts them. */
async function wrongJoins({ url }: Target, connections: number): Promise<string> {
  const key = new TestKey();
  const name = "mallory";
  const join = JSON.stringify({
    ...{ type: "join", v: PROTOCOL_VERSION, name },
    ...key.proof("elsewhere.example", "A".repeat(22), name),
  });
  const frames = Buffer.concat(Array<Buffer>(JOINS_AT_ONCE).fill(clientFrame(0x81, join)));
  const deadline = performance.now() + LASTS_MS;
  const attack = async (): Promise<void> => {
    while (performance.now() < deadline) {
      const socket = await openRaw(url, { localAddress: ATTACKER }).catch(() => undefined);
      if (socket === undefined) return;
      while (!socket.destroyed && performance.now() < deadline) {
        socket.write(frames);
        await Promise.race([answered(socket), sleep(1_000)]);
        if (socket.readableEnded) socket.destroy();
      }
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, attack));
  return "";
}

/** Leaves no listeners behind: a connection waits for thousands of answers. */
function answered(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("data", done).off("close", done);
      resolve();
    };
    socket.on("data", done).on("close", done);
  });
}

async function unfinishedFrames({ url }: Target): Promise<string> {
  const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x90, 0, 0, 0, 0, 0]);
  const frame = Buffer.concat([head, Buffer.alloc(limits.frameBytes - 1, " ")]);
  await holding(async (sockets) => {
    for (let n = 0; n < 1_000; n++) {
      const socket = await openRaw(url, { localAddress: ATTACKER });
      sockets.push(socket);
      socket.resume();
      socket.write(frame);
    }
    await sleep(LASTS_MS);
  });
  return "";
}

async function idleConnections({ port }: Target): Promise<string> {
  await holding(async (sockets) => {
    for (let n = 0; n < 4_112; n++) {
      const socket = connect({ host: "127.0.0.1", port, localAddress: ATTACKER });
      socket.on("error", () => undefined);
      sockets.push(socket);
      if (n % 100 === 0) await once(socket, "connect");
    }
    await sleep(LASTS_MS);
  });
  return "";
}

/** Newcomers get a full history and leave it unread. */
async function newcomersWhoNeverRead({ url }: Target): Promise<string> {
  const talker = await TestClient.join(url, "talker");
  for (let n = 0; n < 40; n++) {
    talker.send({ type: "say", id: `history-${n}`, text: "x".repeat(limits.textBytes) });
    await talker.until("ack");
  }
  await holding(async (sockets) => {
    for (let n = 0; n < 200; n++) {
      const socket = await joinRaw(url, `silent${n}`, { localAddress: ATTACKER });
      socket.pause();
      sockets.push(socket);
    }
    await sleep(3 * LASTS_MS);
  });
  await talker.close();
  return "";
}

async function holding(act: (sockets: Socket[]) => Promise<void>): Promise<void> {
  const sockets: Socket[] = [];
  try {
    await act(sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
