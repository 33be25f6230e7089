// Renames files. On Windows that fails while another program has the file open: virus scanners and indexers open each new one
// for some milliseconds.
import { renameSync } from "node:fs";
import { rename } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between the attempts: about a second in all. */
const PAUSES_MS = [10, 20, 40, 80, 160, 300, 400];
/** The window stands still meanwhile. */
const BLOCKING_PAUSES_MS = PAUSES_MS.slice(0, 5);

const HELD: readonly unknown[] = ["EPERM", "EACCES", "EBUSY"];

type Options<Pause> = { readonly platform?: NodeJS.Platform; readonly pause?: Pause };

export async function renameFile(
  from: string,
  to: string,
  { platform = process.platform, pause = delay }: Options<(ms: number) => Promise<unknown>> = {},
): Promise<void> {
  for (const ms of PAUSES_MS) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (!mayPass(error, platform)) throw error;
    }
    await pause(ms);
  }
  await rename(from, to);
}

export function renameFileSync(
  from: string,
  to: string,
  { platform = process.platform, pause = sleep }: Options<(ms: number) => unknown> = {},
): void {
  for (const ms of BLOCKING_PAUSES_MS) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (!mayPass(error, platform)) throw error;
    }
    pause(ms);
  }
  renameSync(from, to);
}

function mayPass(error: unknown, platform: NodeJS.Platform): boolean {
  return platform === "win32" && error instanceof Error && "code" in error && HELD.includes(error.code);
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
