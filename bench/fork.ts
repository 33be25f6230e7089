// The time from `\fork` to the first message on the other's screen, on loopback, compared with the minimum: a TLS 1.3
// handshake with certificates on both sides and one round trip. Alternating in one run.
import { once } from "node:events";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import { Client } from "../test/support/client.ts";
import { ServerProcess } from "../test/support/serverProcess.ts";
import { medianOf } from "./quantiles.ts";

/** A key may fork ten people at once, then few, so each set of rounds has its own people. */
const SETS = 5;
const ROUNDS = 7;
const WARM_UP = 2;

/** The maximum cost of a fork, in bare handshakes. */
const TARGETS = { direct: 3, relayed: 6 } as const;

type Times = { readonly bare: number[]; readonly fork: number[] };

export async function run(): Promise<void> {
  const server = await ServerProcess.start();
  const bare = await BarePair.start();
  try {
    for (const [path, connection] of [
      ["direct", "auto"],
      ["relayed", "relay"],
    ] as const) {
      const times: Times = { bare: [], fork: [] };
      for (let set = 0; set < SETS; set++) await measureSet(server.url, bare, connection, times);
      const [forkMs, bareMs] = [medianOf(times.fork), medianOf(times.bare)];
      console.log(
        `${path.padEnd(8)} fork to first message ${forkMs.toFixed(2).padStart(7)} ms, bare ${bareMs.toFixed(2).padStart(6)} ms: ` +
          `${(forkMs / bareMs).toFixed(2)} x (target: at most ${TARGETS[path]})`,
      );
    }
  } finally {
    await bare.stop();
    await server.stop();
  }
}

async function measureSet(
  url: string,
  bare: BarePair,
  connection: "auto" | "relay",
  times: Times,
): Promise<void> {
  const anna = new Client({ settings: { connection } });
  const bobby = new Client({ settings: { connection } });
  await anna.join("anna", url);
  await bobby.join("bobby", url);
  await anna.until("bobby", (state) => state.users.length === 2);
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const bareMs = await timed(() => bare.handshake());
    const forkMs = await timed(() => forkAndSay(anna, bobby, `round ${round}`));
    await leave(anna, bobby);
    if (round < WARM_UP) continue;
    times.bare.push(bareMs);
    times.fork.push(forkMs);
  }
  for (const client of [anna, bobby]) {
    await client.run("\\quit");
    await client.close();
  }
}

async function forkAndSay(anna: Client, bobby: Client, text: string): Promise<void> {
  const shown = bobby.until(text, () => bobby.messages("anna").includes(`anna: ${text}`));
  await anna.type("\\fork bobby");
  await anna.type(text);
  await shown;
}

async function leave(anna: Client, bobby: Client): Promise<void> {
  await anna.until("confirmed", () => anna.peer("bobby")?.pending.length === 0);
  await anna.run("\\leave");
  await bobby.until("nothing unread", () => bobby.peer("anna")?.link !== "open");
  // Unread data stays; the next round starts without it.
  const left = bobby.peer("anna");
  if (left !== undefined) bobby.store.dispatch({ type: "user/leave", session: left.number });
}

async function timed(what: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await what();
  return performance.now() - start;
}

/** Two TLS 1.3 ends in this process, like the two windows, with nothing else in between. */
class BarePair {
  readonly #server: Server;
  readonly #identity: { key: string; cert: string };
  readonly #port: number;

  private constructor(server: Server, identity: { key: string; cert: string }, port: number) {
    this.#server = server;
    this.#identity = identity;
    this.#port = port;
  }

  static async start(): Promise<BarePair> {
    const { private: key, cert } = await generate([{ name: "commonName", value: "bare" }], {
      keyType: "ec",
      curve: "P-256",
      algorithm: "sha256",
    });
    const server = createServer(
      { key, cert, requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3" },
      (socket) => socket.on("error", () => undefined).pipe(socket),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("No port");
    return new BarePair(server, { key, cert }, address.port);
  }

  async handshake(): Promise<void> {
    const socket: TLSSocket = connect({
      ...this.#identity,
      host: "127.0.0.1",
      port: this.#port,
      minVersion: "TLSv1.3",
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    await once(socket, "secureConnect");
    socket.write("a line of text");
    await once(socket, "data");
    socket.destroy();
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}
