// Attacks on shared tables of the server: names of absent people, relay tickets and relay places.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { joinRaw } from "../../test/conformance/rawClient.ts";
import { TestClient } from "../../test/conformance/testClient.ts";
import { TestKey } from "../../test/support/testKey.ts";
import { limits } from "../../protocol/limits.ts";
import { onServer, type Attack, type Target } from "./attack.ts";

const ATTACKER = "127.0.0.2";
const HONEST = { localAddress: "127.0.0.3" };

/** More names than used to be kept per address. */
const JOINS = 530;

/** Enough to request more tickets than there are. */
const KEYS = Math.ceil(limits.ticketPairs / limits.reachBurst) + 4;

const CARD = { addresses: [] };

export const attacksOnTables: readonly Attack[] = [
  onServer(`${JOINS} joins from the address of someone away, for their name`, [], churn),
  onServer(`${KEYS} keys that ask for ${limits.reachBurst} tickets each`, [], tickets),
  onServer("one key with 80 tunnels by several names", [], tunnels),
];

/** People who joined before the owner of a name, and leave after it. */
async function churn({ url }: Target): Promise<string> {
  const crowd: Socket[] = [];
  for (let n = 0; n < JOINS; n++) {
    const socket = await joinRaw(url, `guest${n}`, { localAddress: ATTACKER });
    crowd.push(socket.resume());
  }
  const owner = await TestClient.join(url, "owner", {}, undefined, { localAddress: ATTACKER });
  owner.ws.terminate();
  await sleep(500);
  for (const socket of crowd) socket.destroy();
  await sleep(1_000);
  const thief = await TestClient.join(url, "owner", {}, undefined, HONEST);
  await thief.close();
  return thief.joined.name === "owner" ? "the owner lost the name" : "the owner keeps the name";
}

async function tickets({ url }: Target): Promise<string> {
  const [carmen, dora] = [await honest(url, "carmen"), await honest(url, "dora")];
  const ours = await reach(carmen, dora, "dora");
  const target = await TestClient.join(url, "target", {}, undefined, { localAddress: ATTACKER });
  const asking: TestClient[] = [];
  for (let key = 0; key < KEYS; key++) {
    const client = await TestClient.join(url, `m${key}`, {}, undefined, { localAddress: ATTACKER });
    asking.push(client);
    for (let n = 0; n < limits.reachBurst; n++) {
      client.send({ type: "reach", id: `r-${n}`, sid: "session-1", to: "target", card: CARD });
    }
    // One answer each: a ticket, or that there are no more.
    for (let n = 0; n < limits.reachBurst; n++) await client.oneOf("reaching", "error");
  }
  const statuses = [
    await dial(url, ours[0], HONEST.localAddress),
    await dial(url, ours[1], HONEST.localAddress),
  ];
  for (const client of [...asking, target, carmen, dora]) client.ws.terminate();
  return `honest tickets get ${statuses.map(({ status }) => status).join(" and ")}`;
}

async function tunnels({ url }: Target): Promise<string> {
  const key = new TestKey();
  const open: WebSocket[] = [];
  const names: TestClient[] = [];
  for (let n = 0; n < 4; n++) {
    names.push(await TestClient.join(url, `name${n}`, {}, key, { localAddress: ATTACKER }));
  }
  let tunnels = 0;
  for (let n = 0; n < 80; n++) {
    const [from, to] = [names[(2 * n) % 4], names[(2 * n + 1) % 4]];
    if (from === undefined || to === undefined) break;
    for (const ticket of await reach(from, to, `name${(2 * n + 1) % 4}`)) {
      const { ws, status } = await dial(url, ticket, ATTACKER);
      open.push(ws);
      if (status === 101) tunnels += 0.5;
    }
  }
  for (const client of [...names.map(({ ws }) => ws), ...open]) client.terminate();
  return `${tunnels} tunnels`;
}

function honest(url: string, name: string): Promise<TestClient> {
  return TestClient.join(url, name, {}, undefined, HONEST);
}

let asked = 0;

/** Two tickets that lead to each other; `name`: the other's. */
async function reach(from: TestClient, to: TestClient, name: string): Promise<[string, string]> {
  const id = `tickets-${++asked}`;
  for (;;) {
    from.send({ type: "reach", id, sid: "session-1", to: name, card: CARD });
    const answer = await from.oneOf("reaching", "error");
    if (answer.type === "error") await sleep(answer.retryMs ?? 0);
    else return [answer.ticket ?? "", (await to.until("reach")).ticket ?? ""];
  }
}

async function dial(
  url: string,
  ticket: string,
  localAddress: string,
): Promise<{ readonly ws: WebSocket; readonly status: number }> {
  const headers = { Authorization: `Bearer ${ticket}` };
  const ws = new WebSocket(`${url}/relay`, { headers, perMessageDeflate: false, localAddress });
  ws.on("error", () => undefined);
  const status = await new Promise<number>((resolve) => {
    ws.once("open", () => resolve(101));
    ws.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
  });
  return { ws, status };
}
