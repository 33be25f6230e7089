// Links opened and closed over and over, direct and over the relay, for ten minutes in the long mode, ten seconds in the
// ordinary one: neither end nor the server holds more and more in memory. Bare networks make thousands of links; windows,
// with all that is behind them, a few hundred.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { BreakingWay } from "../chaos/links.ts";
import { Address } from "../../protocol/fields.ts";
import { MemoryUse } from "../support/memoryUse.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { WindowProcess } from "../support/windowProcess.ts";

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const DURATION_MS = LONG ? 600_000 : 10_000;
const SAMPLES = LONG ? 120 : 24;
const SAMPLE_MS = DURATION_MS / SAMPLES;
/** Of two networks. */
const FEWEST_LINKS = { direct: DURATION_MS / 200, relayed: DURATION_MS / 5_000 };
/** How much more the last quarter may have than the one before it. In a short run the engine's own pools still fill. */
const TOLERANCE = { heapUsed: 1.1, rss: LONG ? 1.1 : 1.25 };
/** A link of a window lives so long, or the window takes its peer for one that only hangs up. */
const LINK_MS = 2_200;
/** There is a new link of each kind this often at the very least, on a busy machine too. */
const LINK_WAIT_MS = 20_000;

/** For an end to end by itself. */
const PATIENCE_MS = 5_000;

const Sample = v.object({ memory: MemoryUse, links: v.object({ direct: v.number(), relayed: v.number() }) });
type Sample = v.InferOutput<typeof Sample>;

describe(`links opened and closed for ${DURATION_MS / 1000} s`, function () {
  this.timeout(2 * DURATION_MS + 180_000);
  const ends: (() => Promise<unknown>)[] = [];
  let server: ServerProcess;
  let toServer: BreakingWay;
  let ofServer: MemoryUse[];

  beforeEach(async () => {
    const options = "NODE_OPTIONS=--import tsx --import ./test/soak/serverMemory.ts";
    toServer = await BreakingWay.to(() => server.port);
    ends.push(() => toServer.close());
    server = new ServerProcess(["--port", "0", ...reachedAt(toServer.port)], undefined, ["env", options]);
    ends.push(() => server.stop("SIGKILL"));
    await server.listening();
    ofServer = [];
    if (server.child.stderr === null) throw new Error("The server's log is not a pipe");
    createInterface({ input: server.child.stderr }).on("line", (line) => {
      const sample = v.safeParse(v.object({ memory: MemoryUse }), JSON.parse(line));
      if (sample.success) ofServer.push(sample.output.memory);
    });
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it("by two networks leave nothing behind, there or in the server", async () => {
    const [annaKey, bobbyKey] = [new TestKey(), new TestKey()];
    const bobby = await startEnd({ key: bobbyKey.pem, peer: { pin: annaKey.pin } });
    const anna = await startEnd({ key: annaKey.pem, peer: { pin: bobbyKey.pin }, address: bobby.address });
    const made = (): Sample["links"] => anna.samples.at(-1)?.links ?? { direct: 0, relayed: 0 };
    // A busy machine needs longer for as many.
    while (
      anna.samples.length < SAMPLES ||
      made().direct < FEWEST_LINKS.direct ||
      made().relayed < FEWEST_LINKS.relayed
    ) {
      await Promise.race([once(anna.lines, "line"), anna.ended, bobby.ended]);
      server.child.kill("SIGUSR2");
    }
    assertLevel(`${made().direct} direct and ${made().relayed} relayed links`, {
      caller: anna.samples.map(({ memory }) => memory),
      callee: bobby.samples.map(({ memory }) => memory),
      server: ofServer,
    });
  });

  it("by three windows leave nothing behind, there or in the server", async () => {
    const ports: Record<"anna" | "bobby", number | null> = { anna: null, bobby: null };
    const toAnna = await BreakingWay.to(() => ports.anna);
    const toBobby = await BreakingWay.to(() => ports.bobby);
    for (const way of [toAnna, toBobby]) ends.push(() => way.close());
    const windows = {
      anna: await WindowProcess.start({ advertise: toAnna.port }),
      bobby: await WindowProcess.start({ advertise: toBobby.port }),
      // She reveals no address, so each link with her goes over the relay.
      carmen: await WindowProcess.start({ connection: "relay" }),
    };
    ends.push(...Object.values(windows).map((window) => () => window.close()));
    for (const [name, window] of Object.entries(windows)) {
      const place = name === "carmen" ? toServer.port : server.port;
      assert.equal((await window.join(name, `ws://127.0.0.1:${place}`)).ok, true);
    }
    for (const name of ["anna", "bobby"] as const) {
      ports[name] = (await windows[name].until("a listener", ({ port }) => port !== null)).port;
    }
    await windows.anna.until("all", ({ users }) => users.length === 3);
    for (const name of ["bobby", "carmen"]) {
      await windows.anna.run("\\lobby");
      const outcome = await windows.anna.run(`\\fork ${name}`);
      assert.equal(outcome.ok, true, outcome.text);
    }
    await windows.anna.run("\\switch bobby");

    const kept: Record<keyof typeof windows, MemoryUse[]> = { anna: [], bobby: [], carmen: [] };
    const counts = { direct: 0, relayed: 0 };
    const end = Date.now() + DURATION_MS;
    let over = false;
    const cutAgainAndAgain = async (
      peer: "bobby" | "carmen",
      ways: readonly BreakingWay[],
      path: "direct" | "relayed",
    ): Promise<void> => {
      for (let last = -1; !over;) {
        const { wires: channels } = await windows[peer].until(
          `a link of ${peer}`,
          ({ wires: [channel] }) => channel?.link?.path === path && channel.n > last,
          60_000,
        );
        last = channels[0]?.n ?? last;
        counts[path] += 1;
        await delay(LINK_MS);
        for (const way of ways) way.strike("cut");
      }
    };
    const cutting = [
      cutAgainAndAgain("bobby", [toAnna, toBobby], "direct"),
      cutAgainAndAgain("carmen", [toServer], "relayed"),
    ];
    for (let n = 1; n <= SAMPLES; n++) {
      await delay(end - (SAMPLES - n) * SAMPLE_MS - Date.now());
      server.child.kill("SIGUSR2");
      for (const name of ["anna", "bobby", "carmen"] as const) kept[name].push(await windows[name].memory());
      await windows.anna.type(`word ${n}`);
    }
    over = true;
    await Promise.all(cutting);
    assert.ok(Math.min(counts.direct, counts.relayed) > DURATION_MS / LINK_WAIT_MS, JSON.stringify(counts));
    assertLevel(`${counts.direct} direct and ${counts.relayed} relayed links of windows`, {
      ...kept,
      server: ofServer,
    });
  });

  type End = {
    readonly address: Address | undefined;
    readonly samples: Sample[];
    readonly lines: ReturnType<typeof createInterface>;
    /** Rejects when the program ends by itself. */
    readonly ended: Promise<never>;
  };

  async function startEnd(details: object): Promise<End> {
    const start = { server: server.url, sampleMs: SAMPLE_MS, ...details };
    const program = ["--import", "tsx", "test/soak/linkProgram.ts", JSON.stringify(start)];
    const child: ChildProcess = spawn(process.execPath, program, { stdio: ["pipe", "pipe", "inherit"] });
    const closed = once(child, "close");
    let wanted = false;
    ends.push(async () => {
      wanted = true;
      child.stdin?.end();
      const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await closed;
      clearTimeout(late);
    });
    const ended = closed.then((): never => {
      throw new Error("One end has ended by itself");
    });
    ended.catch((error: unknown) => {
      if (!wanted) console.error(error);
    });
    if (child.stdout === null) throw new Error("The program's output is not a pipe");
    const lines = createInterface({ input: child.stdout });
    const [first] = (await Promise.race([once(lines, "line"), ended])) as unknown[];
    const { address } = v.parse(v.object({ address: v.optional(Address) }), JSON.parse(String(first)));
    const samples: Sample[] = [];
    lines.on("line", (line) => samples.push(v.parse(Sample, JSON.parse(line))));
    return { address, samples, lines, ended };
  }
});

/** Memory stops growing in the second half: the last quarter's median is about that of the quarter before it. */
function assertLevel(what: string, kept: Readonly<Record<string, readonly MemoryUse[]>>): void {
  const report: string[] = [];
  const grown: string[] = [];
  for (const [who, samples] of Object.entries(kept)) {
    assert.ok(samples.length > SAMPLES / 2, `${samples.length} samples of ${who}`);
    for (const kind of ["heapUsed", "rss"] as const) {
      const values = samples.map((sample) => sample[kind]);
      const [third, last] = [
        median(values.slice(values.length / 2, values.length * 0.75)),
        median(values.slice(values.length * 0.75)),
      ];
      const line = `${who} ${kind} ${mebibytes(third)} → ${mebibytes(last)}`;
      report.push(line);
      if (last > third * TOLERANCE[kind]) grown.push(`${line}: ${values.map(mebibytes).join(" ")}`);
    }
  }
  console.log(`      ${what}; MiB in the third and the last quarter: ${report.join(", ")}`);
  assert.deepEqual(grown, []);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
