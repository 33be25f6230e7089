// Saves the lobby from time to time, so that a new server need not read the whole log, and lets the engine forget what came
// before. The eldest server does it.
import type { Epoch } from "../../protocol/fields.ts";
import type { Log } from "../base/log.ts";
import type { HallSnapshot } from "../hall/hall.ts";
import type { Compare, Etcd } from "./etcd.ts";
import type { LogReader } from "./logReader.ts";
import type { Snapshots } from "./snapshots.ts";

export type SnapshotKeeperDependencies = {
  readonly etcd: Pick<Etcd, "compact">;
  readonly snapshots: Pick<Snapshots, "write">;
  readonly reader: Pick<LogReader, "revision" | "head" | "replica">;
  readonly hall: () => HallSnapshot;
  readonly epoch: Epoch;
  readonly life: number;
  /** That this server's lease has not expired. */
  readonly condition: () => readonly Compare[];
  readonly log: Log;
  readonly later: (ms: number, call: () => void) => void;
};

/**
 * After so many entries, or characters of them: a new server has to read what came since the last two within some seconds. Or after
 * so many heartbeats: a quiet lobby has those alone.
 */
const ENTRIES = 2_000;
const CHARACTERS = 4 * 1024 * 1024;
const BEATS = 10_000;

/** Milliseconds after one that could not be saved. */
const AGAIN_MS = 30_000;

/** Milliseconds between two that others want. */
const WANTED_MS = 10_000;

export class SnapshotKeeper {
  readonly #deps: SnapshotKeeperDependencies;
  #isBusy = false;
  /** The revision of the last state that this server has saved. */
  #saved = 0;
  #isWanted = false;
  #isResting = false;

  constructor(deps: SnapshotKeeperDependencies) {
    this.#deps = deps;
  }

  /** Call after each revision. */
  saveIfDue(): void {
    const { reader, life } = this.#deps;
    const { entries, characters, beats } = reader.replica.sinceSnapshot;
    const isDue = this.#isWanted || entries >= ENTRIES || characters >= CHARACTERS || beats >= BEATS;
    if (this.#isBusy || !isDue || reader.replica.eldest !== life) return;
    // It has not read yet where its own last one is. The next one would take the same place.
    if ((reader.head?.revision ?? 0) < this.#saved) return;
    this.#isBusy = true;
    this.#isWanted = false;
    void this.#save().then((isSaved) => {
      if (isSaved) this.#isBusy = false;
      else this.#deps.later(AGAIN_MS, () => (this.#isBusy = false));
    });
  }

  /** Another server cannot read the log, because the engine has forgotten its beginning. */
  want(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#deps.later(WANTED_MS, () => (this.#isResting = false));
    this.#isWanted = true;
  }

  async #save(): Promise<boolean> {
    const { etcd, snapshots, reader, hall, epoch, condition, log } = this.#deps;
    const { revision, head: former, replica } = reader;
    const state = { replica: replica.state(), hall: hall() };
    const place = former?.place === "a" ? "b" : "a";
    const saved = await snapshots.write({ epoch, revision, place, state }, condition());
    if (!saved.ok) log("warn", "snapshot-failed", { code: saved.error.code, reason: saved.error.message });
    if (!saved.ok || !saved.value) return false;
    this.#saved = revision;
    if (former?.epoch !== epoch) return true;
    const forgotten = await etcd.compact(former.revision);
    if (!forgotten.ok) log("warn", "compaction-failed", { code: forgotten.error.code });
    return true;
  }
}
