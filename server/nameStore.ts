// Keeps held names in the data folder, over a restart of the server: written aside and moved, so that a crash leaves the
// former file whole. What cannot be read is forgotten, what cannot be written is said in the log.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { HeldName } from "./heldNames.ts";
import type { Log } from "./log.ts";

const File = v.object({ version: v.literal(1), names: v.array(HeldName) });

export type NameStore = {
  /** Names of the run before. */
  readonly read: () => HeldName[];
  /** Keeps the names soon; `names` is asked then. */
  readonly changed: (names: () => HeldName[]) => void;
  /** Keeps at once what was to be kept soon. */
  readonly close: () => void;
};

const WRITE_MS = 200;

export function openNameStore(folder: string, log: Log): NameStore {
  const path = join(folder, "names.json");
  let timer: NodeJS.Timeout | undefined;
  let latest: (() => HeldName[]) | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (latest === undefined) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, JSON.stringify({ version: 1, names: latest() }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch (error) {
      log("error", "names-not-kept", { reason: error instanceof Error ? error.message : "" });
    }
    latest = undefined;
  };
  return {
    read() {
      if (!existsSync(path)) return [];
      try {
        return v.parse(File, JSON.parse(readFileSync(path, "utf8"))).names;
      } catch (error) {
        log("warn", "names-forgotten", { reason: error instanceof Error ? error.message : "" });
        return [];
      }
    },
    changed(names) {
      latest = names;
      timer ??= setTimeout(write, WRITE_MS);
    },
    close: write,
  };
}
