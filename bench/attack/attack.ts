// One attack and its cost: a row of the table, and how attacks on a server or a window are measured. The system counts the
// victim's reads and writes, so attacks need not count what they cause.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { ServerProcess } from "../../test/support/serverProcess.ts";
import { processSeconds, residentBytes } from "../lobby/procfs.ts";
import type { Build } from "./builds.ts";
import type { Heard } from "./honest.ts";
import type { Felt } from "./window.ts";

/** The costs of attacker and victim. NaN if a number does not apply, shown as a dash. */
export type Row = {
  /** Bytes that reached the victim. */
  readonly bytesIn: number;
  /** Bytes that the victim sent to anyone because of them. */
  readonly bytesOut: number;
  /** CPU milliseconds of the victim. */
  readonly cpuMs: number;
  /** The largest growth of the victim's memory. */
  readonly grownBytes: number;
  /**
   * The 99th percentile of milliseconds between two honest people. For attacks on a window: the longest time that its thread
   * was busy. Infinity: messages were lost.
   */
  readonly honestP99Ms: number;
  /** What the attacker achieved, in a few words. */
  readonly outcome: string;
};

export type Attack = {
  readonly name: string;
  readonly measure: (build: Build) => Promise<Row>;
};

/** The context of an attack. */
export type Target = { readonly url: string; readonly port: number; readonly build: Build };

/** The server that a window named `victim` has joined. */
export type WindowTarget = { readonly url: string };

/** Attacks, and resolves with the outcome when done; undefined if the other numbers show it. */
type Act<Of> = (target: Of) => Promise<string>;

/** Milliseconds between two samples of the victim's memory. */
const LOOK_MS = 50;

/** An attack on its own server, started with `args`; a function gets them when it is measured. */
export function onServer(
  name: string,
  args: readonly string[] | (() => Promise<readonly string[]>),
  act: Act<Target>,
): Attack {
  return {
    name,
    measure: async (build) => {
      const server = await ServerProcess.startScript(
        build.server,
        ...(typeof args === "function" ? await args() : args),
      );
      const honest = fork(build.honest, [server.url]);
      try {
        await once(honest, "message");
        const spent = await spentBy(server.child, () => act({ url: server.url, port: server.port, build }));
        return { ...spent, honestP99Ms: (await ask<Heard>(honest))?.p99Ms ?? Infinity };
      } finally {
        honest.kill("SIGKILL");
        await server.stop("SIGKILL");
      }
    },
  };
}

/** An attack on a window at its own server. */
export function onWindow(name: string, act: Act<WindowTarget>): Attack {
  return {
    name,
    measure: async (build) => {
      // Without a relay, which would end each dial early.
      const server = await ServerProcess.startScript(build.server, "--no-relay");
      const window = await startWindow(build, server.url);
      try {
        await ask<Felt>(window);
        const spent = await spentBy(window, () => act({ url: server.url }));
        return { ...spent, honestP99Ms: (await ask<Felt>(window))?.busyMs ?? Infinity };
      } finally {
        window.kill("SIGKILL");
        await server.stop("SIGKILL");
      }
    },
  };
}

/** Resolves when it has joined. */
export async function startWindow({ window }: Build, url: string): Promise<ChildProcess> {
  const child = fork(window, [url]);
  await once(child, "message");
  return child;
}

/** Queries a program that was started here; undefined if it has ended. */
export async function ask<Answer>(child: ChildProcess): Promise<Answer | undefined> {
  if (!child.connected) return undefined;
  const answer = new Promise<Answer | undefined>((resolve) => {
    child.once("message", (message) => resolve(message as Answer));
    child.once("exit", () => resolve(undefined));
  });
  child.send("tell");
  return answer;
}

async function spentBy(
  { pid = 0 }: ChildProcess,
  act: () => Promise<string>,
): Promise<Omit<Row, "honestP99Ms">> {
  const before = { ...transferred(pid), seconds: processSeconds(pid), resident: residentBytes(pid) };
  let most = before.resident;
  const look = setInterval(() => (most = Math.max(most, residentBytes(pid))), LOOK_MS);
  const outcome = await act().finally(() => clearInterval(look));
  const after = { ...transferred(pid), seconds: processSeconds(pid) };
  return {
    bytesIn: after.read - before.read,
    bytesOut: after.written - before.written,
    cpuMs: (after.seconds - before.seconds) * 1000,
    grownBytes: most - before.resident,
    outcome,
  };
}

/** Bytes that a process has read and written, sockets included. */
function transferred(pid: number): { readonly read: number; readonly written: number } {
  const text = readFileSync(`/proc/${pid}/io`, "utf8");
  const valueOf = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)?.[1]);
  return { read: valueOf("rchar"), written: valueOf("wchar") };
}
