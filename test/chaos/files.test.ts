// Files between two windows as processes, either of which is killed again and again at points that a seed decides: each file
// arrives byte by byte, each link that ends costs one block at most, and nothing is hashed anew. A dozen times, or 200 in long
// mode. And in long mode, 1 GiB over links that are cut every few seconds.
import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { IncomingRecord, Sidecars } from "../../extension/host/transfers/sidecars.ts";
import { BLOCK_BYTES, MOST_CREDIT } from "../../protocol/bulk.ts";
import { recorded, type Recorded } from "../support/fileRecords.ts";
import { noise } from "../support/fileTransfers.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { WindowProcess, type WindowState } from "../support/windowProcess.ts";
import { BreakingWay, type Fault } from "./links.ts";

type Name = "anna" | "bobby";

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const KILLS = LONG ? 200 : 12;
const BLOCKS = 65;
const SIZE = (BLOCKS - 1) * BLOCK_BYTES + 7;
const LONG_BLOCKS = 1024;
/** What happens to links over which 1 GiB comes: mostly they are cut. */
const FAULTS: readonly Fault[] = ["cut", "cut", "cut", "swallow", "stall", "refuse"];
const peerOf = { anna: "bobby", bobby: "anna" } as const;

/** Blocks that a kill can make a sender read again: those that were on their way, one of them read ahead, and one in part. */
const READ_AGAIN = MOST_CREDIT / BLOCK_BYTES + 2;

describe(`files of windows that are killed ${KILLS} times`, function () {
  this.timeout(KILLS * 30_000);
  const seed = Number(process.env["FORKCHAT_SEED"] ?? Date.now() % 2 ** 31);
  const random = seededRandom(seed);
  let root: string;
  let server: ServerProcess;
  const ways = {} as Record<Name, BreakingWay>;
  const ports: Record<Name, number | null> = { anna: null, bobby: null };
  const windows = {} as Record<Name, WindowProcess>;
  const taken: Record<Name, number> = { anna: 0, bobby: 0 };
  /** Bytes that have passed, and who waits until there are so many. */
  let passed = 0;
  let again = 0;
  let readAgain = 0;
  let waiting: { readonly bytes: number; readonly done: () => void } | null = null;

  async function start(name: Name): Promise<void> {
    const advertise = ways[name].port;
    windows[name] = await WindowProcess.start({ folder: join(root, name), advertise, record: true });
  }
  async function learnPort(name: Name): Promise<void> {
    ports[name] = (await windows[name].until("a listener", ({ port }) => port !== null)).port;
  }

  before(async () => {
    if (LONG) console.log(`      FORKCHAT_SEED=${seed}`);
    root = mkdtempSync(join(tmpdir(), "fork-chat-killed-"));
    server = await ServerProcess.start();
    for (const name of ["anna", "bobby"] as const) {
      ways[name] = await BreakingWay.to(() => ports[name]);
      ways[name].onBytes = (bytes) => {
        passed += bytes;
        if (waiting === null || passed < waiting.bytes) return;
        waiting.done();
        waiting = null;
      };
      await start(name);
      assert.ok((await windows[name].join(name, server.url)).ok);
      await learnPort(name);
    }
    await windows.anna.until("bobby", ({ users }) => users.length === 2);
    assert.ok((await windows.anna.run("\\fork bobby")).ok);
    await windows.bobby.until("the session", ({ sessions }) => sessions.length === 1);
  });
  after(async () => {
    await Promise.all(Object.values(windows).map((window) => window.kill()));
    await server.stop("SIGKILL");
    await Promise.all(Object.values(ways).map((way) => way.close()));
    rmSync(root, { recursive: true, force: true });
  });

  /** Sends a file, and kills a window each time that some bytes of it have passed. Returns how often. */
  async function send(from: Name, n: number, most: number): Promise<number> {
    const to = peerOf[from];
    const [path, chosen] = [join(root, `${n}.bin`), join(root, `chosen-${n}`)];
    const bytes = noise(SIZE, n + 1);
    writeFileSync(path, bytes);
    mkdirSync(chosen);
    const before = { from: recorded(join(root, from)), to: recorded(join(root, to)) };
    await windows[from].offer(to, path);
    await windows[to].until("the offer", ({ files }) => files.some(({ phase }) => phase === "offered"));
    await windows[to].accept(from, chosen);
    const saved: { frames: number; blocks: number }[] = [];
    let kills = 0;
    for (let left = SIZE; kills < most; kills++) {
      const bytes = Math.floor((0.3 + 10 * random()) * BLOCK_BYTES);
      left -= bytes;
      if (left < 0) break;
      await new Promise<void>((done) => (waiting = { bytes: passed + bytes, done }));
      const name: Name = random() < 0.5 ? "anna" : "bobby";
      await windows[name].kill();
      // In this order: the receiver may live, and take what is still on its way.
      const blocks = await savedBlocks(join(root, to), `${n}.bin`);
      saved.push({ blocks, frames: recorded(join(root, to)).blocks.length });
      await start(name);
      await learnPort(name);
    }
    await windows[to].until("the file", hasTaken(++taken[to]), 60_000);
    assert.ok(readFileSync(join(chosen, `${n}.bin`)).equals(bytes), `file ${n} (seed ${seed})`);
    const after = { from: recorded(join(root, from)), to: recorded(join(root, to)) };
    const blocks = after.to.blocks.length - before.to.blocks.length;
    const cost = `${kills} kills cost ${blocks - BLOCKS} blocks (seed ${seed})`;
    for (const { frames, blocks } of saved) {
      const later = after.to.blocks.slice(frames);
      assert.ok(
        Math.min(...later.map(indexOf), BLOCKS) >= blocks,
        `a block came again that was saved as verified (seed ${seed})`,
      );
    }
    assert.ok(
      mostAgain(after.to) <= 1,
      `${mostAgain(after.to)} blocks came again over one link (seed ${seed})`,
    );
    assert.ok(blocks <= BLOCKS + 2 * (kills + 1), cost);
    // Only what came is hashed, and only what went, with the block that was read ahead.
    assert.ok(after.to.hashed - before.to.hashed <= blocks * BLOCK_BYTES, cost);
    assert.ok(after.from.hashed - before.from.hashed <= (BLOCKS + kills * READ_AGAIN) * BLOCK_BYTES, cost);
    again += blocks - BLOCKS;
    readAgain += (after.from.hashed - before.from.hashed) / BLOCK_BYTES - BLOCKS;
    return kills;
  }

  it("arrive whole, and go on where they were", async () => {
    let kills = 0;
    let n = 0;
    for (; kills < KILLS; n++) kills += await send(n % 2 === 0 ? "anna" : "bobby", n, KILLS - kills);
    console.log(
      `      seed ${seed}: ${n} files, ${kills} kills, ${again} of ${n * BLOCKS} blocks came again, ` +
        `${Math.round(readAgain)} were read again`,
    );
  });

  it("arrive whole over links that are cut every few seconds: 1 GiB (skipped outside of long mode)", async function () {
    if (!LONG) this.skip();
    this.timeout(1_800_000);
    const [path, chosen] = [join(root, "long.bin"), join(root, "chosen-long")];
    const block = noise(BLOCK_BYTES);
    for (let n = 0; n < LONG_BLOCKS; n++) {
      block.writeUInt32LE(n);
      appendFileSync(path, block);
    }
    mkdirSync(chosen);
    const before = recorded(join(root, "bobby")).blocks.length;
    await windows.anna.offer("bobby", path);
    await windows.bobby.until("the offer", ({ files }) => files.some(({ phase }) => phase === "offered"));
    await windows.bobby.accept("anna", chosen);
    let cuts = 0;
    const isDone = hasTaken(++taken.bobby);
    while (!isDone(await windows.bobby.state())) {
      await delay(1_000 + 4_000 * random());
      const fault = FAULTS[Math.floor(random() * FAULTS.length)] ?? "cut";
      const struck = [ways.anna, ways.bobby].filter((way) => way.strike(fault));
      if (struck.length > 0 && (fault === "cut" || fault === "swallow")) cuts += 1;
    }
    assert.ok(isSame(path, join(chosen, "long.bin")), `seed ${seed}`);
    const all = recorded(join(root, "bobby"));
    const again = all.blocks.length - before - LONG_BLOCKS;
    console.log(`      seed ${seed}: 1 GiB, ${cuts} cuts, ${again} blocks came again`);
    assert.ok(mostAgain(all) <= 1, `${mostAgain(all)} blocks came again over one link (seed ${seed})`);
  });
});

/** Whether so many files have come. A window that was started again shows one after the other. */
const hasTaken =
  (count: number) =>
  ({ files }: WindowState): boolean =>
    files.filter(({ way, phase }) => way === "in" && phase === "done").length === count;

/** Whether two files have the same bytes. */
function isSame(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false;
  const [a, b] = [openSync(one, "r"), openSync(other, "r")];
  const [read, found] = [Buffer.alloc(BLOCK_BYTES), Buffer.alloc(BLOCK_BYTES)];
  let bytes: number;
  do {
    bytes = readSync(a, read);
    readSync(b, found);
  } while (bytes > 0 && read.equals(found));
  closeSync(a);
  closeSync(b);
  return bytes === 0;
}

/** Blocks that came again over one bulk link, at most. A kill ends one, or two if both windows have dialed. */
function mostAgain({ blocks, links }: Recorded): number {
  const again = new Set(blocks.flatMap((block, at) => (blocks.indexOf(block) < at ? [at] : [])));
  const counts = links.map((start, i) => {
    const end = links[i + 1] ?? blocks.length;
    return [...again].filter((at) => at >= start && at < end).length;
  });
  return Math.max(0, ...counts);
}

/** Of a block on record. */
const indexOf = (block: string): number => Number(block.split(" ")[1]);

/** How many blocks of a file that comes a window has saved as verified. */
async function savedBlocks(folder: string, name: string): Promise<number> {
  const transfers = join(folder, "transfers");
  for (const each of readdirSync(transfers)) {
    if (!each.endsWith(".in")) continue;
    const owner = v.parse(IncomingRecord, JSON.parse(readFileSync(join(transfers, each), "utf8")));
    if (owner.offer.name !== name) continue;
    const all = await new Sidecars(transfers).restoreIncoming(owner);
    return all.find(({ offer }) => offer.name === name)?.snapshot.hashes.length ?? 0;
  }
  return 0;
}
