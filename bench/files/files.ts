// Files between two windows' processes, with real disks, over real links: how fast they are beside bare TLS in the same run, and
// over the relay beside its limit; how much memory they take; and how long messages take meanwhile.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { limits } from "../../protocol/limits.ts";
import { noise } from "../../test/support/fileTransfers.ts";
import { ServerProcess } from "../../test/support/serverProcess.ts";
import { WindowProcess } from "../../test/support/windowProcess.ts";
import { residentBytes } from "../lobby/procfs.ts";
import { keepResults, printTargets } from "../lobby/report.ts";
import type { Options } from "../options.ts";
import { medianOf } from "../quantiles.ts";

const MIB = 1024 * 1024;
const SPEED = 0.8;
const MEMORY_MIB = 64;
/** Messages that are timed while nothing else happens. */
const IDLE_MESSAGES = 200;
/** Bytes that a tunnel passes at once, before its rate counts. */
const RELAY_BURST = limits.relayBytesPerSecond;

type Path = "direct" | "relayed";
type Measured = {
  readonly path: Path;
  readonly bytes: number;
  readonly seconds: number;
  readonly bareSeconds: number | null;
  /** Of bare TLS between two processes that read, hash and write as well, and do nothing else. */
  readonly leastSeconds: number | null;
  /** Bytes of memory beyond what was there before, of the sender and of the receiver. */
  readonly grown: readonly number[];
  readonly idle: readonly number[];
  readonly busy: readonly number[];
};

export async function run({ short, mebibytes }: Options): Promise<void> {
  const direct = (mebibytes ?? (short ? 128 : 1024)) * MIB;
  const relayed = Math.min(direct, (short ? 6 : 32) * MIB);
  const results = [await measure("direct", direct), await measure("relayed", relayed)];
  for (const result of results) print(result);
  keepResults("files", results);
}

async function measure(path: Path, bytes: number): Promise<Measured> {
  const root = mkdtempSync(join(tmpdir(), "fork-chat-bench-"));
  const server = await ServerProcess.start();
  const windows = await Promise.all(
    ["anna", "bobby"].map(async (name) => {
      const connection = path === "direct" ? "auto" : "relay";
      const window = await WindowProcess.start({ folder: join(root, name), connection });
      await window.join(name, server.url);
      return window;
    }),
  );
  const [anna, bobby] = windows;
  if (anna === undefined || bobby === undefined) throw new Error("No windows");
  try {
    const bareBefore = path === "direct" ? await bareSeconds(bytes) : null;
    await anna.until("bobby", ({ users }) => users.length === 2);
    await anna.run("\\fork bobby");
    await bobby.until("the session", ({ sessions }) => sessions[0]?.link === "open");
    const file = join(root, "file.bin");
    writeFile(file, bytes);
    const chosen = join(root, "chosen");
    mkdirSync(chosen);
    const idle = await anna.messageTimes("bobby", IDLE_MESSAGES);
    await anna.offer("bobby", file);
    await bobby.until("the offer", ({ files }) => files[0]?.phase === "offered");
    const memory = await Promise.all(windows.map(async (window) => (await window.memory()).rss));
    const peaks = new PeakMemory(windows.map(({ child }) => child));
    const start = performance.now();
    await bobby.accept("anna", chosen);
    const times = anna.messageTimes("bobby", null);
    // Two blocks are enough to know that it runs; then the poll must not cost much.
    await bobby.until("the file", ({ files }) => files[0]?.phase === "done", 1_000_000);
    const seconds = (performance.now() - start) / 1_000;
    peaks.stop();
    await anna.stopMessageTimes();
    const busy = await times;
    const bareAfter = bareBefore === null ? null : await bareSeconds(bytes);
    const leastSeconds =
      bareBefore === null ? null : await bareSeconds(bytes, { from: file, to: join(root, "copy.bin") });
    return {
      ...{ path, bytes, seconds, idle, busy, leastSeconds },
      bareSeconds: bareBefore === null || bareAfter === null ? null : (bareBefore + bareAfter) / 2,
      grown: peaks.bytes.map((peak, i) => peak - (memory[i] ?? 0)),
    };
  } finally {
    await Promise.all(windows.map((window) => window.kill()));
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function print({ path, bytes, seconds, bareSeconds, leastSeconds, grown, idle, busy }: Measured): void {
  const tell = (what: string, time: number): void =>
    console.log(`${what} in ${time.toFixed(1)} s, ${(bytes / MIB / time).toFixed(1)} MiB/s`);
  tell(`${path}: ${bytes / MIB} MiB`, seconds);
  if (bareSeconds !== null) tell("bare TLS: the same", bareSeconds);
  if (bareSeconds !== null && leastSeconds !== null) {
    tell("bare TLS with hashes and disks: the same", leastSeconds);
    console.log(`  ${(bareSeconds / leastSeconds).toFixed(2)} times the speed of bare TLS alone`);
  }
  const best = bareSeconds ?? Math.max(0, bytes - RELAY_BURST) / limits.relayBytesPerSecond;
  const [[idleMedian, idleMost], [busyMedian, busyMost]] = [summary(idle), summary(busy)];
  console.log(
    `messages: median ${idleMedian.toFixed(1)} ms and p99 ${idleMost.toFixed(1)} ms, ` +
      `with the file ${busyMedian.toFixed(1)} and ${busyMost.toFixed(1)} ms (${busy.length} messages)`,
  );
  const bound = (ms: number): number => Math.max(2 * ms, ms + 10);
  printTargets([
    { what: `${path}: times the best speed`, value: best / seconds, atLeast: SPEED },
    ...["sender", "receiver"].map((side, i) => ({
      what: `${path}: MiB more memory of the ${side}`,
      ...{ value: (grown[i] ?? NaN) / MIB, atMost: MEMORY_MIB },
    })),
    { what: `${path}: median of messages, ms`, value: busyMedian, atMost: bound(idleMedian) },
    { what: `${path}: p99 of messages, ms`, value: busyMost, atMost: bound(idleMost) },
  ]);
}

/** Median and the value that 99 of 100 do not exceed. */
function summary(times: readonly number[]): [number, number] {
  const sorted = [...times].sort((a, b) => a - b);
  return [medianOf(times), sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN];
}

function writeFile(path: string, bytes: number): void {
  const block = noise(MIB);
  const file = openSync(path, "w");
  for (let at = 0; at < bytes; at += MIB) {
    block.writeUInt32LE(at / MIB, 0);
    writeSync(file, block);
  }
  closeSync(file);
}

/** The most memory that processes had resident. */
class PeakMemory {
  readonly bytes: number[];
  readonly #timer: NodeJS.Timeout;

  constructor(processes: readonly ChildProcess[]) {
    this.bytes = processes.map(() => 0);
    this.#timer = setInterval(() => {
      for (const [i, { pid }] of processes.entries())
        if (pid !== undefined) this.bytes[i] = Math.max(this.bytes[i] ?? 0, residentBytes(pid));
    }, 100);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/**
 * Seconds that bare TLS between two processes takes for so many bytes of memory.
 * @param files instead of memory: they are hashed, too
 */
async function bareSeconds(
  bytes: number,
  files?: { readonly from: string; readonly to: string },
): Promise<number> {
  const receiver = tlsEnd("receive", ...(files === undefined ? [] : [files.to]));
  const port = await firstNumber(receiver);
  const sender = tlsEnd("send", String(port), String(bytes), ...(files === undefined ? [] : [files.from]));
  const seconds = await firstNumber(sender);
  receiver.kill();
  await once(receiver, "close");
  // Whatever its end still costs is not the next one's.
  await delay(200);
  return seconds;
}

function tlsEnd(...args: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL("tlsEnd.ts", import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function firstNumber({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error("No output");
  const [line] = (await once(createInterface({ input: stdout }), "line")) as [string];
  return Number(line);
}
