// A window without VS Code as a separate process, which can be killed, cut off, or put into a network namespace. It
// reads one JSON object per line from standard input, and writes one per line to standard output.
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { Client } from "./client.ts";
import { acceptFile, offerFile } from "./clientFiles.ts";
import { recordFiles } from "./fileRecords.ts";
import { collections } from "./collections.ts";
import { memoryUse } from "./memoryUse.ts";

/** The program's only argument. */
const Start = v.object({
  /** The folder of its journal; without it nothing outlives it. */
  folder: v.optional(v.string()),
  connection: v.optional(v.picklist(["auto", "direct", "relay"]), "auto"),
  peerHost: v.optional(v.string(), ""),
  /** A local port that peers get instead of its own: a path under the test's control. */
  advertise: v.optional(v.number()),
  /** Keeps a record of what it does with files, in its folder. */
  record: v.optional(v.literal(true)),
});

const Request = v.variant("do", [
  v.object({ id: v.number(), do: v.literal("join"), name: v.string(), server: v.string() }),
  v.object({ id: v.number(), do: v.literal("type"), text: v.string() }),
  v.object({ id: v.number(), do: v.literal("run"), line: v.string() }),
  v.object({ id: v.number(), do: v.literal("messages"), session: v.string() }),
  v.object({ id: v.number(), do: v.literal("lines"), session: v.string() }),
  v.object({ id: v.number(), do: v.literal("offer"), peer: v.string(), path: v.string() }),
  v.object({ id: v.number(), do: v.literal("accept"), peer: v.string(), folder: v.string() }),
  /** Sends messages until so many are acknowledged, or until told to stop; how long each took. */
  v.object({
    ...{ id: v.number(), do: v.literal("messageTimes"), peer: v.string() },
    count: v.nullable(v.number()),
  }),
  v.object({ id: v.number(), do: v.literal("stopMessageTimes") }),
  v.object({ id: v.number(), do: v.literal("state") }),
  v.object({ id: v.number(), do: v.literal("memory") }),
  v.object({ id: v.number(), do: v.literal("collections") }),
  v.object({ id: v.number(), do: v.literal("close") }),
]);

const start = v.parse(Start, JSON.parse(process.argv[2] ?? "{}"));
const { folder, connection, peerHost, advertise } = start;
const record = folder === undefined || start.record !== true ? undefined : recordFiles(folder);
const client = new Client({
  ...(folder === undefined ? {} : { folder }),
  settings: { connection },
  peerHost,
  ...(record === undefined ? {} : { onBulk: record }),
  ...(advertise === undefined ? {} : { advertise: () => [{ host: "127.0.0.1", port: advertise }] }),
});

function answer(id: number, result: unknown): void {
  process.stdout.write(`${JSON.stringify({ id, result })}\n`);
}

/** What is timed until it is told to stop. */
let timing = new AbortController();

/** Milliseconds between two messages that are timed. */
const BETWEEN_MS = 20;

async function messageTimes(peer: string, count: number): Promise<number[]> {
  const times: number[] = [];
  timing = new AbortController();
  const { signal } = timing;
  await client.run(`\\switch ${peer}`);
  while (!signal.aborted && times.length < count) {
    const start = performance.now();
    await client.type(`message ${times.length}`);
    await client.until("its acknowledgement", () => client.peer(peer)?.pending.length === 0);
    times.push(performance.now() - start);
    await delay(BETWEEN_MS);
  }
  return times;
}

async function carryOut(request: v.InferOutput<typeof Request>): Promise<unknown> {
  switch (request.do) {
    case "join":
      return client.join(request.name, request.server);
    case "type":
      return client.type(request.text);
    case "run":
      return client.run(request.line);
    case "messages":
      return client.messages(request.session);
    case "lines":
      return client.lines(request.session);
    case "offer":
      return offerFile(client, request.peer, request.path);
    case "accept":
      return acceptFile(client, request.peer, request.folder);
    case "messageTimes":
      return messageTimes(request.peer, request.count ?? Infinity);
    case "stopMessageTimes":
      timing.abort();
      return null;
    case "state": {
      const { me, connection, users, active, listener, channels } = client.state;
      const [, ...peers] = client.state.sessions;
      return {
        versions: process.versions,
        me,
        status: connection.status,
        users,
        active,
        port: listener.port,
        addresses: listener.addresses,
        wires: channels.map(({ sid, peer, addresses, link, n, attempt, failure }) => ({
          sid,
          peer,
          addresses,
          link,
          n,
          attempt,
          failure,
        })),
        files: client.state.transfers.map(({ way, bytes, phase: { phase } }) => ({ way, bytes, phase })),
        sessions: peers.map(({ number, peer, link, pending }) => ({
          number,
          peer,
          link,
          heard: client.entries(peer).filter((entry) => entry.kind === "message" && !entry.own).length,
          pending: pending.map(({ text, status }) => ({ text, status })),
        })),
      };
    }
    case "memory":
      return memoryUse();
    case "collections":
      return collections();
    case "close":
      await client.close();
      return null;
  }
}

await client.begin();
process.stdout.write('{"ready":true}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const request = v.parse(Request, JSON.parse(line));
  void carryOut(request).then((result) => {
    answer(request.id, result);
    if (request.do === "close") process.exit(0);
  });
}
// The controlling process is gone.
process.exit(1);
