// Whether the server's memory stays level for minutes at half of its maximum rate.
import { medianOf } from "../quantiles.ts";
import type { Options } from "../options.ts";
import { prepare } from "./entrants.ts";
import { requireLinux } from "./pinned.ts";
import { residentBytes } from "./procfs.ts";
import { keepResults, printTargets } from "./report.ts";
import { memoryOf, memoryTeller } from "./serverMemory.ts";
import { withGenerator } from "./turn.ts";

const READERS = 500;
const AUTHORS = 10;
/** A server that is new grows at first: its code is compiled, its heap finds its size. */
const SETTLE_MS = 30_000;
const SLICE_MS = 10_000;
const MEGABYTE = 1024 * 1024;

export async function run({ short, minutes }: Options): Promise<void> {
  requireLinux();
  const [settleMs, sliceMs, slices] = short ? [2000, 1000, 6] : [SETTLE_MS, SLICE_MS, minutes * 6];
  const [entrant] = await prepare(["forkChat"]);
  if (entrant === undefined) throw new Error("This server is not available");
  const running = await entrant.start(await memoryTeller());
  const { pid } = running.server;
  await withGenerator(async (generator) => {
    await generator.open(running.server, READERS);
    const common = { authors: AUTHORS, warmMs: 500 };
    const most = await generator.perform({ kind: "saturate", inFlight: 1, ...common, ms: 2000 });
    const perSecond = most.delivered / most.seconds / READERS / 2;
    const load = (ms: number) => generator.perform({ kind: "pace", perSecond, ...common, ms });
    await load(settleMs);
    const before = await memoryOf(running);
    const resident: number[] = [];
    for (let slice = 0; slice < slices; slice++) {
      await load(sliceMs);
      resident.push(residentBytes(pid));
    }
    const after = await memoryOf(running);
    const third = Math.max(1, Math.floor(slices / 3));
    const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(1);
    const [first, last] = [medianOf(resident.slice(0, third)), medianOf(resident.slice(-third))];
    console.log(
      `${perSecond.toFixed(0)} messages per second to ${READERS} readers: resident ${megabytes(first)} MB in the first third, ` +
        `${megabytes(last)} MB in the last; objects ${megabytes(before.heapUsed)} MB before, ${megabytes(after.heapUsed)} MB after`,
    );
    printTargets([
      {
        what: "resident memory in the last third, compared with the first",
        value: last / first,
        atMost: 1.05,
      },
      { what: "objects after, compared with before", value: after.heapUsed / before.heapUsed, atMost: 1.05 },
    ]);
    keepResults("memory", { perSecond, before, after, resident });
    await generator.perform({ kind: "close" });
  });
  await running.stop();
}
