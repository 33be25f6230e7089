// Attacks on the server by members who send as much as they may.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { clientFrame, joinRaw } from "../../test/conformance/rawClient.ts";
import { TestClient } from "../../test/conformance/testClient.ts";
import { limits } from "../../protocol/limits.ts";
import { ask, onServer, startWindow, type Attack, type Target } from "./attack.ts";
import type { Felt } from "./window.ts";

/** The attackers' address; the honest pair has another one. */
const ATTACKER = "127.0.0.2";

/** Frames from one member: burst and per second. */
const BURST = limits.framesPerSecond * limits.burstSeconds;
const PER_SECOND = limits.framesPerSecond;

/** Members at one address who only listen, to make a lobby of this size. */
const READERS = 500;

/** 8 Mbit/s, a chunk every 10 ms. */
const SLOW_BYTES = 10_000;
const SLOW_MS = 10;

const CROWD = 5_200;
const WORDS = 20;

export const attacksOfMembers: readonly Attack[] = [
  onServer(
    "two members with 16 KiB messages at their full rate, beside a reader with 8 Mbit/s",
    [],
    longMessages,
  ),
  onServer("presence on and off, 8 members, 500 readers", [], (target) =>
    flood(target, 8, (n) => ({ type: "presence", state: n % 2 === 0 ? "away" : "here" })),
  ),
  onServer("a reaction on and off, 8 members, 500 readers", [], async (target) => {
    const talker = await TestClient.join(target.url, "talker");
    talker.send({ type: "say", id: "first", text: "hello" });
    const { seq } = await talker.until("ack");
    await flood(target, 8, (n) => {
      const about = { kind: "react", seq, on: n % 2 === 0 };
      return { type: "say", id: `reaction-${n}`, text: "👍", about };
    });
    await talker.close();
    return "";
  }),
  onServer("requests for the list of users, 1 member, 500 online", [], (target) =>
    flood(target, 1, () => ({ type: "users" })),
  ),
  onServer(`${CROWD} joins and quits, with a window that has ${WORDS} messages`, [], joinsAndQuits),
];

/** Two members send all that they may for 20 seconds, while an honest reader has a slow line. */
async function longMessages({ url }: Target): Promise<string> {
  const slow = await joinRaw(url, "slow", { localAddress: "127.0.0.3" });
  slow.pause();
  const reading = setInterval(() => {
    slow.read(0);
    slow.read(Math.min(SLOW_BYTES, slow.readableLength));
  }, SLOW_MS);
  const text = "x".repeat(limits.textBytes);
  await send({ url }, 2, 20, (n) => ({ type: "say", id: `long-${n}`, text }));
  clearInterval(reading);
  const wasCut = slow.destroyed;
  slow.destroy();
  return wasCut ? "the slow reader is cut" : "the slow reader stays";
}

/** Many listen while some send all that they may for 4 seconds. */
async function flood(target: Target, members: number, message: (n: number) => object): Promise<string> {
  const readers: Socket[] = [];
  try {
    for (let n = 0; n < READERS; n++) {
      const socket = await joinRaw(target.url, `reader${n}`, { localAddress: ATTACKER });
      readers.push(socket.resume());
    }
    await send(target, members, 4, message);
  } finally {
    for (const socket of readers) socket.destroy();
  }
  return "";
}

async function send(
  { url }: Pick<Target, "url">,
  members: number,
  seconds: number,
  message: (n: number) => object,
): Promise<void> {
  const sockets: Socket[] = [];
  for (let n = 0; n < members; n++) {
    const socket = await joinRaw(url, `loud${n}`, { localAddress: ATTACKER });
    sockets.push(socket.resume());
  }
  for (let second = 0, sent = 0; second < seconds; second++) {
    for (let left = second === 0 ? BURST : PER_SECOND; left > 0; left--) {
      const frame = clientFrame(0x81, JSON.stringify(message(sent++)));
      for (const socket of sockets) socket.write(frame);
    }
    await sleep(1_000);
  }
  for (const socket of sockets) socket.destroy();
}

async function joinsAndQuits({ url, build }: Target): Promise<string> {
  const talker = await TestClient.join(url, "talker");
  const window = await startWindow(build, url);
  for (let n = 0; n < WORDS; n++) talker.send({ type: "say", id: `word-${n}`, text: `word ${n}` });
  await talker.until("ack", ({ id }) => id === `word-${WORDS - 1}`);
  let left = CROWD;
  const comeAndGo = async (): Promise<void> => {
    while (left > 0) {
      const socket = await joinRaw(url, `guest${left--}`, { localAddress: ATTACKER });
      socket.end(clientFrame(0x88, Buffer.from([0x03, 0xe8])));
    }
  };
  await Promise.all(Array.from({ length: 20 }, comeAndGo));
  await sleep(3_000);
  const words = (await ask<Felt>(window))?.words ?? 0;
  window.kill("SIGKILL");
  await talker.close();
  return `${words} of ${WORDS} messages remain in a window`;
}
