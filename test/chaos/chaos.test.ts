// Two windows and a server as processes. Every connection between them keeps breaking, and the server and a window are killed
// again and again: each message still arrives once and in order. Takes twenty seconds, or ten minutes in long mode.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../support/seededRandom.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess } from "../support/windowProcess.ts";
import { Heard } from "./heard.ts";
import { BreakingWay, type Fault } from "./links.ts";

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const DURATION_MS = LONG ? 600_000 : 20_000;
const SETTLE_MS = 60_000;
/** One in so many faults ends the server, or a window, by SIGKILL. */
const SERVER_KILL = 25;
const WINDOW_KILL = 400;
/** A window that is killed keeps its newest lines only, so that what it has heard is looked at more often than that. */
const LOOK_LINES = 200;

describe(`chaos for ${DURATION_MS / 1000} s`, function () {
  // A busy machine breaks less in the same time, and the test goes on until enough was broken.
  this.timeout(4 * DURATION_MS + 3 * SETTLE_MS);
  const seed = Number(process.env["FORKCHAT_SEED"] ?? Date.now() % 2 ** 31);
  const random = seededRandom(seed);
  const said: Record<"anna" | "bobby", string[]> = { anna: [], bobby: [] };
  let folder: string;
  let server: ServerProcess;
  let serverPort: number | null = null;
  let toServer: BreakingWay;
  const ways: Record<"anna" | "bobby", BreakingWay> = {} as never;
  const ports: Record<"anna" | "bobby", number | null> = { anna: null, bobby: null };
  const windows: Record<"anna" | "bobby", WindowProcess> = {} as never;

  async function startServer(port = 0): Promise<void> {
    const data = ["--data", join(folder, "server")];
    server = new ServerProcess(["--port", String(port), ...data, ...reachedAt(toServer.port)]);
    await server.listening();
    serverPort = server.port;
  }

  async function startWindow(name: "anna" | "bobby"): Promise<void> {
    windows[name] = await WindowProcess.start({ folder: join(folder, name), advertise: ways[name].port });
  }

  async function learnPort(name: "anna" | "bobby"): Promise<void> {
    const state = await windows[name].until("a listener", ({ port }) => port !== null);
    ports[name] = state.port;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fork-chat-chaos-"));
    toServer = await BreakingWay.to(() => serverPort);
    await startServer();
    for (const name of ["anna", "bobby"] as const) {
      ways[name] = await BreakingWay.to(() => ports[name]);
      await startWindow(name);
      const outcome = await windows[name].join(name, `ws://127.0.0.1:${toServer.port}`);
      assert.equal(outcome.ok, true, outcome.text);
      await learnPort(name);
    }
    await windows.anna.until("bobby", ({ users }) => users.length === 2);
    const outcome = await windows.anna.type("\\fork bobby");
    assert.equal(outcome.ok, true, outcome.text);
    await windows.bobby.until("a session", ({ sessions }) => sessions.length === 1);
    await windows.bobby.run("\\switch anna");
  });

  after(async () => {
    await Promise.all(Object.values(windows).map((window) => window.kill()));
    await server.stop("SIGKILL");
    await Promise.all([toServer, ...Object.values(ways)].map((way) => way.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it("loses and duplicates nothing, and keeps the order", async () => {
    const counts = { servers: 0, windows: 0 };
    const end = Date.now() + DURATION_MS;
    let over = false;
    const talk = async (name: "anna" | "bobby"): Promise<void> => {
      while (!over) {
        const text = `${name} ${said[name].length + 1}`;
        const outcome = await windows[name].type(text).catch(() => ({ ok: false }));
        if (outcome.ok) said[name].push(text);
        await delay(20 + random() * 60);
      }
    };
    const talking = [talk("anna")];
    const bobbySays = async (): Promise<void> => {
      const text = `bobby ${said.bobby.length + 1}`;
      const outcome = await windows.bobby.type(text);
      if (outcome.ok) said.bobby.push(text);
    };
    const heard = { anna: new Heard(), bobby: new Heard() };
    const peerOf = { anna: "bobby", bobby: "anna" } as const;
    let looked = 0;
    const look = async (): Promise<void> => {
      looked = said.anna.length + said.bobby.length;
      for (const name of ["anna", "bobby"] as const) {
        const lines = await windows[name].messages(peerOf[name]);
        heard[name].take(lines.filter((line) => line.startsWith(`${peerOf[name]}: `)));
      }
    };
    const faults = (): number =>
      [toServer, ways.anna, ways.bobby]
        .flatMap((way) => Object.values(way.faults))
        .reduce((sum, count) => sum + count, 0);
    // A busy machine breaks less in the same time: it goes on until enough was broken for what is said below.
    const isEnough = (): boolean =>
      said.anna.length > DURATION_MS / 500 &&
      faults() > DURATION_MS / 100 &&
      counts.servers > DURATION_MS / 4000;
    while (Date.now() < end || !isEnough()) {
      await delay(3 + random() * 12);
      if (said.anna.length + said.bobby.length - looked > LOOK_LINES) await look();
      const dice = random();
      if (dice < 1 / WINDOW_KILL) {
        // Only bobby's: what anna types meanwhile is what has to wait for him.
        counts.windows += 1;
        await windows.bobby.kill();
        await startWindow("bobby");
        await learnPort("bobby");
      } else if (dice < 1 / SERVER_KILL) {
        counts.servers += 1;
        const port = server.port;
        serverPort = null;
        await server.stop("SIGKILL");
        await startServer(port);
      } else {
        const faults: readonly Fault[] = ["cut", "cut", "swallow", "stall", "refuse"];
        const fault = faults[Math.floor(random() * faults.length)] ?? "cut";
        const way = [toServer, ways.anna, ways.bobby][Math.floor(random() * 3)] ?? toServer;
        way.strike(fault);
        if (random() < 0.3) await bobbySays();
      }
    }
    over = true;
    await Promise.all(talking);

    for (const name of ["anna", "bobby"] as const) {
      await windows[name].until(
        "nothing pending",
        ({ sessions }) => sessions.length === 1 && sessions[0]?.pending.length === 0,
        SETTLE_MS,
      );
    }
    await look();
    for (const name of ["anna", "bobby"] as const) {
      const peer = peerOf[name];
      assert.deepEqual(
        heard[name].lines,
        said[peer].map((text) => `${peer}: ${text}`),
        `what ${name} has read of ${peer} (seed ${seed})`,
      );
    }
    console.log(
      `      seed ${seed}: ${faults()} faults, the server killed ${counts.servers} times, a window ${counts.windows} times; ` +
        `${said.anna.length} + ${said.bobby.length} messages: 0 lost, 0 doubled, 0 out of order`,
    );
  });
});
