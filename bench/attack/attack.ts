// One attack and what it costs: the row of the table, and how an attack on the built server is measured. The server's own
// reads and writes are counted by the system, so that an attack need not count what it sends or what others are sent.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { ServerProcess } from "../../test/support/serverProcess.ts";
import { processSeconds, residentBytes } from "../lobby/procfs.ts";
import type { Heard } from "./honest.ts";

/** What the attacker and the victim spent. A number that does not apply is NaN and shown as a dash. */
export type Row = {
  /** Bytes that reached the victim. */
  readonly bytesIn: number;
  /** Bytes that the victim sent because of them, to anyone. */
  readonly bytesOut: number;
  /** Milliseconds of processor time of the victim. */
  readonly cpuMs: number;
  /** By how much the victim's memory had grown at most. */
  readonly grownBytes: number;
  /** Milliseconds from an honest person's message to the other honest person; 99 of 100 are faster. */
  readonly honestP99Ms: number;
};

export type Attack = {
  readonly name: string;
  readonly measure: (place: Place) => Promise<Row>;
};

/** Where programs for the measurements are. */
export type Place = {
  /** The built server. */
  readonly server: string;
  /** The bundle of `honest.ts`. */
  readonly honest: string;
};

/** What an attack gets to work with. */
export type Target = { readonly url: string; readonly port: number };

/** Milliseconds between two looks at the server's memory. */
const LOOK_MS = 50;

/** An attack on a server of its own, started with `args`. `act` attacks and resolves when it is over. */
export function onServer(
  name: string,
  args: readonly string[],
  act: (target: Target) => Promise<void>,
): Attack {
  return { name, measure: (place) => measureServer(place, args, act) };
}

async function measureServer(
  { server: script, honest: program }: Place,
  args: readonly string[],
  act: (target: Target) => Promise<void>,
): Promise<Row> {
  const server = await ServerProcess.startScript(script, ...args);
  const honest = fork(program, [server.url]);
  try {
    await once(honest, "message");
    const pid = server.child.pid ?? 0;
    const before = { ...transferred(pid), seconds: processSeconds(pid), resident: residentBytes(pid) };
    let most = before.resident;
    const look = setInterval(() => (most = Math.max(most, residentBytes(pid))), LOOK_MS);
    await act({ url: server.url, port: server.port });
    clearInterval(look);
    const after = { ...transferred(pid), seconds: processSeconds(pid) };
    const heard = await endOf(honest);
    return {
      bytesIn: after.read - before.read,
      bytesOut: after.written - before.written,
      cpuMs: (after.seconds - before.seconds) * 1000,
      grownBytes: most - before.resident,
      honestP99Ms: heard.p99Ms,
    };
  } finally {
    honest.kill("SIGKILL");
    await server.stop("SIGKILL");
  }
}

async function endOf(honest: ChildProcess): Promise<Heard> {
  const answer = once(honest, "message") as Promise<[Heard]>;
  honest.send("end");
  return (await answer)[0];
}

/** Bytes that a process has read and written, sockets included. */
function transferred(pid: number): { readonly read: number; readonly written: number } {
  const text = readFileSync(`/proc/${pid}/io`, "utf8");
  const valueOf = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)?.[1]);
  return { read: valueOf("rchar"), written: valueOf("wchar") };
}
